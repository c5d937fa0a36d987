"""The negotiation of a dialect, with servers as they are known."""

from typing import Any

import pytest
from msgspec.structs import replace

from api.llm.completion_request import CompletionRequest, Message
from api.llm.dialects import (
    START,
    Dialect,
    DialectMemory,
    Negotiation,
    ResponseFormat,
    TokensField,
    parse_dialect,
)
from api.llm.model_client import MAX_REQUESTS
from api.llm.model_server import ModelServer
from api.llm.outcomes import Answer, Misconfigured, MisconfiguredReason, Rejected, RejectReason
from tests.kit.servers.scripted_model import Asked, Reply, ScriptedModel, completion, failure, refuses
from tests.kit.tables import each
from tests.unit.llm.conftest import GOOD, Clients, Judgement, asking


def openai_reasoning(asked: Asked) -> Reply:
    """Refuses both fields, one after the other, and names two in the first refusal."""
    for name, text in (
        ("max_tokens", "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
        ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
    ):
        if name in asked.body:
            return failure(400, {"error": {"message": text, "param": name, "code": "unsupported_parameter"}})
    return completion(GOOD)


def mistral(asked: Asked) -> Reply:
    """Lists all unknown fields at once, with an echo of the input."""
    if "seed" in asked.body:
        detail = [
            {
                "type": "extra_forbidden",
                "loc": ["body", "seed"],
                "msg": "Extra inputs",
                "input": "temperature",
            }
        ]
        return failure(422, {"object": "error", "message": {"detail": detail}})
    return completion(GOOD)


def deepseek(asked: Asked) -> Reply:
    if asked.body.get("response_format", {}).get("type") == "json_schema":
        return failure(422, {"error": {"message": "This response_format type is unavailable now"}})
    return completion(GOOD)


def prompt_only(asked: Asked) -> Reply:
    """Refuses any format, and says nothing about the cause."""
    return failure(400, "Bad Request") if "response_format" in asked.body else completion(GOOD)


class TestParseDialect:
    @each("text", ["", "json_schema", "xml max_tokens", "none tokens", "none max_tokens top_p"])
    def test_refuses_other_texts(self, text: str) -> None:
        with pytest.raises(ValueError):
            parse_dialect(text)

    def test_reads_what_a_dialect_prints(self) -> None:
        for dialect in (START, replace(START, seed=False), Dialect(response_format=ResponseFormat.NONE)):
            assert parse_dialect(str(dialect)) == dialect


class TestNegotiation:
    async def test_gives_up_if_every_dialect_is_refused(
        self, clients: Clients, model: ScriptedModel, memory: DialectMemory
    ) -> None:
        model.script = failure(400, {"error": {"code": "bad_request"}})
        assert await clients().complete(asking()) == Misconfigured(
            reason=MisconfiguredReason.REQUEST_REFUSED,
            status=400,
            detail="The server answered 400 (bad_request).",
        )
        assert len(model.asked) == 3  # one for each format
        assert memory.accepted() == {}

    async def test_takes_no_step_from_a_pinned_dialect(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = refuses("seed", then=completion(GOOD))
        outcome = await clients(dialect=START).complete(asking())
        assert isinstance(outcome, Misconfigured)
        assert outcome.reason is MisconfiguredReason.REQUEST_REFUSED
        assert len(model.asked) == 1

    async def test_sends_what_is_pinned(
        self, clients: Clients, model: ScriptedModel, memory: DialectMemory
    ) -> None:
        model.script = completion(GOOD)
        pinned = Dialect(
            response_format=ResponseFormat.JSON_OBJECT_SCHEMA,
            tokens_field=TokensField.MAX_COMPLETION_TOKENS,
            seed=False,
            temperature=False,
        )
        outcome = await clients(dialect=pinned).complete(asking())
        assert isinstance(outcome, Answer)
        assert outcome.dialect == pinned
        body = model.asked[0].body
        assert body.keys() == {"model", "messages", "stream", "max_completion_tokens", "response_format"}
        assert body["response_format"]["type"] == "json_object"
        assert body["response_format"]["schema"]["required"] == ["quote", "type", "weight"]
        assert memory.accepted() == {}

    @each(
        ("script", "requests", "dialect"),
        [
            (completion(GOOD), 1, START),
            (
                openai_reasoning,
                3,
                replace(START, tokens_field=TokensField.MAX_COMPLETION_TOKENS, temperature=False),
            ),
            (
                refuses("seed", "temperature", then=completion(GOOD)),
                3,
                replace(START, seed=False, temperature=False),
            ),
            (mistral, 2, replace(START, seed=False)),
            (deepseek, 2, replace(START, response_format=ResponseFormat.JSON_OBJECT)),
            (prompt_only, 3, replace(START, response_format=ResponseFormat.NONE)),
        ],
    )
    async def test_ends_at_the_strictest_dialect_that_the_server_knows(
        self,
        clients: Clients,
        model: ScriptedModel,
        memory: DialectMemory,
        script: Any,
        requests: int,
        dialect: Dialect,
    ) -> None:
        model.asked.clear()
        model.script = script
        name = f"m-{id(script)}"
        client = clients(model=name)
        outcome = await client.complete(asking())
        assert isinstance(outcome, Answer)
        assert (outcome.dialect, len(model.asked)) == (dialect, requests)
        # the next call begins there
        await client.complete(asking())
        assert len(model.asked) == requests + 1
        assert memory.accepted()[model.base_url, name] == dialect

    async def test_steps_down_after_a_schema_that_was_ignored(
        self, clients: Clients, model: ScriptedModel
    ) -> None:
        def ignores(asked: Asked) -> Reply:
            knows = "JSON Schema" in asked.body["messages"][0]["content"]
            return completion(GOOD if knows else '{"verdict":"fair"}')

        model.script = ignores
        client = clients()
        first, second = await client.complete(asking()), await client.complete(asking())
        weaker = replace(START, response_format=ResponseFormat.JSON_OBJECT)
        assert isinstance(first, Rejected)
        assert (first.reason, first.next_dialect) == (RejectReason.SCHEMA_IGNORED, weaker)
        assert isinstance(second, Answer)
        assert (second.dialect, len(model.asked)) == (weaker, 2)

    async def test_ends_within_its_number_of_requests(self, clients: Clients, model: ScriptedModel) -> None:
        """Whatever the refusals name."""
        model.script = failure(
            422, {"detail": "max_tokens max_completion_tokens seed temperature response_format"}
        )
        assert isinstance(await clients().complete(asking()), Misconfigured)
        assert len(model.asked) <= MAX_REQUESTS

    def test_changes_the_tokens_field_once(self) -> None:
        negotiation = Negotiation(START)
        assert negotiation.step_down("max_tokens is unknown")
        assert negotiation.step_down("max_completion_tokens is unknown")
        assert negotiation.dialect.tokens_field is TokensField.MAX_COMPLETION_TOKENS
        assert negotiation.dialect.response_format is ResponseFormat.JSON_OBJECT

    def test_has_a_last_step(self) -> None:
        negotiation = Negotiation(Dialect(response_format=ResponseFormat.NONE, seed=False, temperature=False))
        assert not negotiation.step_down("seed temperature response_format")


class TestRequestBody:
    @each("field", ["model", "messages", "stream", "n", "max_tokens", "response_format"])
    def test_refuses_extra_fields_that_the_client_sets(self, field: str) -> None:
        with pytest.raises(ValueError, match=field):
            ModelServer(base_url="http://127.0.0.1/v1", model="m", extra_body={field: 1})

    @each("url", ["", "ftp://a/v1", "http://", "http://u:p@a/v1", "http://a/v1?key=x", "http://a:port/v1"])
    def test_refuses_a_base_url_that_is_none(self, url: str) -> None:
        with pytest.raises(ValueError):
            ModelServer(base_url=url, model="m")

    @each(
        "fields", [{"total_seconds": 0}, {"concurrency": 0}, {"max_body_bytes": 0}, {"reasoning_tokens": -1}]
    )
    def test_refuses_limits_below_their_minimum(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValueError):
            ModelServer(**{"base_url": "http://127.0.0.1/v1", "model": "m"} | fields)

    @each("fields", [{"name": "a b"}, {"messages": ()}, {"max_output_tokens": 0}])
    def test_refuses_requests_that_no_server_accepts(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValueError):
            asking(**fields)

    async def test_is_minimal(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = completion(GOOD)
        await clients(extra_body={"top_k": 1}, reasoning_tokens=1_000).complete(asking())
        body = model.asked[0].body
        schema = body.pop("response_format")
        assert body == {
            "model": "m-1",
            "messages": [
                {"role": "system", "content": "You judge news."},
                {"role": "user", "content": "The council met on Monday."},
            ],
            "stream": False,
            "max_tokens": 1_300,
            "temperature": 0,
            "seed": 7,
            "top_k": 1,
        }
        assert (schema["type"], schema["json_schema"]["name"]) == ("json_schema", "judgement")
        assert schema["json_schema"]["strict"] is True

    async def test_is_the_same_bytes_for_the_same_request(
        self, clients: Clients, model: ScriptedModel
    ) -> None:
        model.script = completion(GOOD)
        client = clients()
        await client.complete(asking())
        await client.complete(asking())
        assert model.asked[0].raw == model.asked[1].raw

    async def test_has_the_schema_in_the_prompt_if_nothing_enforces_it(
        self, clients: Clients, model: ScriptedModel
    ) -> None:
        model.script = completion(GOOD)
        client = clients(dialect=replace(START, response_format=ResponseFormat.NONE))
        await client.complete(asking())
        alone = CompletionRequest(
            name="x", messages=(Message("user", "Judge."),), output=Judgement, max_output_tokens=9
        )
        await client.complete(alone)
        with_system, without = (asked.body["messages"] for asked in model.asked)
        assert [message["role"] for message in with_system] == ["system", "user"]
        assert with_system[0]["content"].startswith("You judge news.\n\nAnswer with one JSON object")
        assert [message["role"] for message in without] == ["system", "user"]
        assert '"additionalProperties":false' in without[0]["content"]
