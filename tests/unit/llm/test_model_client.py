"""The client: what it does not send, whom it trusts, and how it is made from the settings."""

import asyncio
from pathlib import Path

import pytest
from msgspec import json

from api.llm.completion_request import Message
from api.llm.dialects import DialectMemory, ResponseFormat, TokensField, parse_dialect
from api.llm.model_client import ModelClient
from api.llm.model_server import ModelServer
from api.llm.outcomes import Answer, Rejected, RejectReason, Unavailable, UnavailableReason
from api.llm.prompt_length import expected_prompt_tokens, max_prompt_tokens
from api.llm.strict_schema import Bounds
from api.proposals.answers import Judgement, Prose
from api.proposals.prompts import judgement_prompt, prose_prompt
from api.proposals.requests import Call, ModelRequest
from api.proposals.requests import Message as AskedMessage
from api.runtime.language_model import completion_request, mark_secret, model_client, model_server
from api.runtime.load_taxonomy import load_taxonomy
from api.settings import Settings, SettingsError
from tests.kit.clients.command import run
from tests.kit.servers.own_authority import write_authority
from tests.kit.servers.scripted_model import ScriptedModel, completion
from tests.kit.tables import each
from tests.kit.texts.answers import ANSWER
from tests.unit.llm.conftest import GOOD, Clients, asking

ANY = ModelServer(base_url="http://127.0.0.1/v1", model="m-1")


def settings(**variables: str) -> Settings:
    given = {"URL": "http://127.0.0.1:9/v1", "MODEL": "m-1"} | variables
    return Settings.from_environment({f"UNSPUN_LLM_{name}": value for name, value in given.items()})


class TestContext:
    async def test_stops_a_request_that_is_expected_to_exceed_it(
        self, clients: Clients, model: ScriptedModel
    ) -> None:
        outcome = await clients(context_tokens=4_096).complete(asking("a" * 12_000))
        assert isinstance(outcome, Rejected)
        assert (outcome.reason, outcome.charged) == (RejectReason.PROMPT_TOO_LONG, False)
        assert model.asked == []

    async def test_includes_the_answer(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = completion(GOOD)
        short = asking("a" * 300)
        needed = expected_prompt_tokens(short, ANY) + short.max_output_tokens
        assert isinstance(await clients(context_tokens=needed).complete(short), Answer)
        assert isinstance(await clients(context_tokens=needed - 1).complete(short), Rejected)
        assert isinstance(await clients(context_tokens=needed, reasoning_tokens=1).complete(short), Rejected)

    def test_counts_the_schema_and_bytes(self) -> None:
        assert (
            expected_prompt_tokens(asking("ж" * 3_000), ANY) - expected_prompt_tokens(asking(""), ANY)
            == 2_000
        )
        assert max_prompt_tokens(asking("ж" * 3_000), ANY) - max_prompt_tokens(asking(""), ANY) == 6_000
        large, small = asking(output=Judgement), asking()
        assert max_prompt_tokens(large, ANY) - max_prompt_tokens(small, ANY) > 3_000

    @each("output", [Judgement, Prose])
    def test_by_default_takes_a_part_of_an_article(self, output: type) -> None:
        server = model_server(settings())
        assert server is not None
        prompt = judgement_prompt(load_taxonomy()) if output is Judgement else prose_prompt()
        request = asking(
            messages=(Message("system", prompt.text), Message("user", "a" * 40_000)),
            output=output,
            max_output_tokens=settings().llm_max_output_tokens,
        )
        expected = expected_prompt_tokens(request, server)
        assert server.context_tokens is not None
        assert expected + request.max_output_tokens < server.context_tokens


class TestAuthorities:
    async def test_refuse_a_server_of_an_unknown_one(self, tmp_path: Path) -> None:
        async with ScriptedModel(write_authority(tmp_path / "ca.pem")) as model:
            server = ModelServer(base_url=model.base_url, model="m-1")
            async with ModelClient(server, DialectMemory()) as client:
                outcome = await client.complete(asking())
        assert isinstance(outcome, Unavailable)
        assert (outcome.reason, outcome.charged) == (UnavailableReason.UNREACHABLE, False)
        assert model.asked == []

    async def test_may_be_the_operators_own(self, tmp_path: Path) -> None:
        file = tmp_path / "ca.pem"
        async with ScriptedModel(write_authority(file)) as model:
            model.script = completion(GOOD)
            given = settings(URL=model.base_url, CA_FILE=str(file))
            client = model_client(given)
            assert client is not None
            async with client:
                assert isinstance(await client.complete(asking()), Answer)


class TestWorker:
    def test_does_not_start_with_a_model_that_it_cannot_ask(self) -> None:
        given = {"URL": "http://127.0.0.1:9/v1", "MODEL": "m-1", "CA_FILE": "missing.pem"}
        ended = run(
            "worker",
            UNSPUN_DATABASE_URL="postgresql://unspun@127.0.0.1:1/unspun",
            **{f"UNSPUN_LLM_{name}": value for name, value in given.items()},
        )
        assert ended.returncode == 1
        assert ended.stderr.decode().startswith("Error: The language model's settings are wrong: ")


class TestCompletionRequest:
    @each("call", list(Call))
    def test_takes_what_the_judge_can_decode(self, call: Call) -> None:
        made = completion_request(
            ModelRequest.of(call, 0, [AskedMessage(role="user", content="x")]), Settings()
        )
        assert made.accepts is not None
        assert made.messages == (Message("user", "x"),)
        assert not made.accepts(b"[]")
        assert made.accepts(json.encode(ANSWER | {"claims": "none", "more": 1}))
        assert made.accepts(b"{}") is (call is Call.PROSE)
        assert made.max_output_tokens == (900 if call is Call.REVIEW else 4_096)

    async def test_asks_for_the_answers_of_the_judge(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = completion(json.encode(ANSWER | {"findings": [1]}).decode())
        asked = ModelRequest.of(Call.JUDGEMENT, 0, [AskedMessage(role="user", content="x")])
        outcome = await clients().complete(completion_request(asked, Settings()))
        assert isinstance(outcome, Answer)
        wanted = model.asked[0].body["response_format"]["json_schema"]
        assert wanted["name"] == "judgement"
        assert list(wanted["schema"]["properties"]) == list(Judgement.__struct_fields__)


class TestModelClient:
    @each("content", [None, b"", b"no certificate"])
    async def test_is_not_made_without_its_authorities(self, tmp_path: Path, content: bytes | None) -> None:
        file = tmp_path / "ca.pem"
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(SettingsError, match="The authorities in"):
            model_client(settings(CA_FILE=str(file)))

    @each("body", ['{"stream":true}', '{"max_tokens":9}', '{"model":"other"}'])
    def test_is_not_made_with_fields_that_it_sets_itself(self, body: str) -> None:
        with pytest.raises(SettingsError, match="Extra fields of the body must not contain"):
            model_client(settings(EXTRA_BODY=body))

    def test_is_none_without_a_model(self) -> None:
        assert model_client(Settings()) is None

    async def test_keeps_to_the_settings(self, tmp_path: Path) -> None:
        key = tmp_path / "key"
        key.write_text("k-1")
        async with ScriptedModel() as model:
            model.script = completion(GOOD)
            given = settings(
                URL=model.base_url,
                MODEL="m-2",
                KEY_FILE=str(key),
                CONCURRENCY="1",
                DIALECT="json_object max_completion_tokens",
                EXTRA_BODY='{"num_ctx":9000}',
            )
            client = model_client(given)
            assert client is not None
            async with client:
                await asyncio.gather(client.complete(asking()), client.complete(asking()))
        assert model.most_at_once == 1
        body = model.asked[0].body
        assert (body["model"], body["num_ctx"]) == ("m-2", 9000)
        assert body["response_format"] == {"type": "json_object"}
        assert "max_completion_tokens" in body
        assert "seed" not in body
        assert model.asked[0].headers["authorization"] == "Bearer k-1"

    async def test_sends_bounds_to_a_local_model_alone(self) -> None:
        local, hosted = model_server(settings()), model_server(settings(IS_LOCAL="false"))
        assert local is not None
        assert hosted is not None
        assert (local.bounds, hosted.bounds) == (Bounds(), None)

    @each("response_format", list(ResponseFormat))
    @each("tokens_field", list(TokensField))
    @each("optional", ["", " seed", " temperature", " seed temperature"])
    def test_can_have_each_dialect_pinned(
        self, response_format: ResponseFormat, tokens_field: TokensField, optional: str
    ) -> None:
        text = f"{response_format} {tokens_field}{optional}"
        server = model_server(settings(DIALECT=text))
        assert server is not None
        assert server.dialect == parse_dialect(text)


class TestMarkSecret:
    def test_is_one_of_the_installation(self) -> None:
        first = Settings.from_environment({"UNSPUN_BASE_URL": "https://a.example"})
        other = Settings.from_environment({"UNSPUN_BASE_URL": "https://b.example"})
        assert len(mark_secret(first)) == 32
        assert mark_secret(first) == mark_secret(first)
        assert mark_secret(first) != mark_secret(other)

    def test_depends_on_the_setting_alone_if_there_is_one(self) -> None:
        secret = {"UNSPUN_LLM_MARK_SECRET": "s" * 12 + "t" * 12}
        given = Settings.from_environment(secret)
        moved = Settings.from_environment(secret | {"UNSPUN_BASE_URL": "https://b.example"})
        assert mark_secret(given) == mark_secret(moved)
        assert mark_secret(given) != mark_secret(Settings())
