"""Answers of a scripted server that can be used, and how they were asked for."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.llm.dialects import START, ResponseFormat
from api.llm.outcomes import Answer, Usage
from tests.kit.servers.scripted_model import ScriptedModel, completion, refuses
from tests.kit.tables import each
from tests.unit.llm.conftest import GOOD, Clients, asking


class TestAnswer:
    async def test_is_json_of_the_type(self, clients: Clients, model: ScriptedModel) -> None:
        usage = {
            "prompt_tokens": 90,
            "completion_tokens": 30,
            "prompt_tokens_details": {"cached_tokens": 64},
            "completion_tokens_details": {"reasoning_tokens": 12},
        }
        model.script = completion(GOOD, usage=usage)
        assert await clients().complete(asking()) == Answer(
            content=GOOD.encode(),
            raw=GOOD,
            dialect=START,
            usage=Usage(prompt=90, completion=30, cached=64, reasoning=12),
            model="scripted-1",
        )

    @each(
        "content",
        [
            f"<think>Is it {{fair}}?</think>\n{GOOD}",
            f"```json\n{GOOD}\n```",
            f"Here is the object:\n{GOOD}\nAnything else?",
            f"{GOOD}\n```",
            [{"type": "thinking", "thinking": "x"}, {"type": "text", "text": GOOD}],
        ],
    )
    async def test_is_found_within_what_models_write_around_it(
        self, clients: Clients, model: ScriptedModel, content: Any
    ) -> None:
        model.script = completion(content)
        outcome = await clients().complete(asking())
        assert isinstance(outcome, Answer)
        assert outcome.content == GOOD.encode()

    @each("response_format", list(ResponseFormat))
    async def test_is_what_the_caller_accepts(
        self, clients: Clients, model: ScriptedModel, response_format: ResponseFormat
    ) -> None:
        given = '{"quote":1}'
        model.script = completion(f"Here: {given}")
        pinned = msgspec.structs.replace(START, response_format=response_format)
        request = asking(accepts=lambda content: content == given.encode())
        outcome = await clients(dialect=pinned).complete(request)
        assert isinstance(outcome, Answer)
        assert outcome.content == given.encode()

    @each(
        "usage",
        [
            {},
            {"prompt_tokens": "many", "completion_tokens": 1},
            {"prompt_tokens": -1},
            {"prompt_tokens": 1, "completion_tokens": 10**30},
        ],
    )
    async def test_needs_no_count(
        self, clients: Clients, model: ScriptedModel, usage: dict[str, Any]
    ) -> None:
        model.script = completion(GOOD, usage=usage)
        outcome = await clients().complete(asking())
        assert isinstance(outcome, Answer)
        assert outcome.usage is None

    async def test_keeps_to_the_number_of_calls_at_a_time(
        self, clients: Clients, model: ScriptedModel
    ) -> None:
        model.script = completion(GOOD)
        client = clients(concurrency=2)
        outcomes = await asyncio.gather(*(client.complete(asking()) for _ in range(8)))
        assert all(isinstance(outcome, Answer) for outcome in outcomes)
        assert model.most_at_once <= 2

    async def test_asks_with_the_key_of_now(
        self, clients: Clients, model: ScriptedModel, tmp_path: Path
    ) -> None:
        file = tmp_path / "key"
        model.script = completion(GOOD)
        client = clients(key_file=file)
        for key in ("first", "second"):
            file.write_text(f"{key}\n")
            await client.complete(asking())
        assert [asked.headers["authorization"] for asked in model.asked] == ["Bearer first", "Bearer second"]

    async def test_asks_without_a_key_if_there_is_none(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = completion(GOOD)
        await clients().complete(asking())
        assert "authorization" not in model.asked[0].headers

    async def test_uses_no_proxy_of_the_environment(
        self, clients: Clients, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        model.script = completion(GOOD)
        assert isinstance(await clients().complete(asking()), Answer)

    async def test_follows_a_refused_field(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = refuses("seed", then=completion(GOOD))
        assert isinstance(await clients().complete(asking()), Answer)
