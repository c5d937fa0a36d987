"""`unspun doctor` on the language model."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from msgspec import json

from api.cli import main
from api.cli.doctor.language_model import check_model
from api.settings import Settings
from tests.kit.servers.scripted_model import Asked, Reply, ScriptedModel, completion, failure, refuses
from tests.kit.tables import each

KEY = "sk-Secret-0123456789abcdef"
WORDS = '{"first":"Cedar","last":"harbour"}'


def variables(model: ScriptedModel, **given: str) -> dict[str, str]:
    named = {"URL": model.base_url, "MODEL": "m-1"} | given
    return {f"UNSPUN_LLM_{name}": value for name, value in named.items()}


async def found(model: ScriptedModel, **given: str) -> str:
    findings = await check_model(Settings.from_environment(variables(model, **given)))
    return "\n".join(f"{ {True: 'ok', None: '--', False: 'XX'}[ok] } {line}" for ok, line in findings)


def read_by(share: float, content: str = WORDS) -> Callable[[Asked], Reply]:
    """Counts this share of the prompt's tokens, at four characters each."""

    def script(asked: Asked) -> Reply:
        characters = sum(len(message["content"]) for message in asked.body["messages"])
        return completion(content, prompt_tokens=int(characters / 4 * share))

    return script


class TestCheckModel:
    @each(
        ("reply", "line"),
        [
            (failure(401, {"error": {"code": "invalid_api_key"}}), "key refused. The server answered 401"),
            (failure(404), "check UNSPUN_LLM_MODEL and the path of UNSPUN_LLM_URL"),
            (failure(402), "no credit"),
            (Reply(status=308, headers={"Location": "https://llm.example"}), "put the final address into"),
            (failure(400, {"error": {"message": "no"}}), "request refused. The server answered 400"),
            (failure(429), "rate limited. The server answered 429. try again later"),
            (Reply(b"<html>"), "must end before /chat/completions"),
            (failure(400, {"error": {"code": "context_length_exceeded"}}), "a usual prompt does not fit"),
            (completion(None, finish="length", usage={}), "the model used all tokens"),
            (completion("The first word is cedar.", usage={}), "the model does not answer in JSON"),
        ],
    )
    async def test_says_what_to_change(
        self, model: ScriptedModel, tmp_path: Path, reply: Reply, line: str
    ) -> None:
        file = tmp_path / "key"
        file.write_text(KEY)
        model.script = reply
        text = await found(model, KEY_FILE=str(file))
        assert text.startswith(f"XX language model m-1 at {model.base_url} (local): ")
        assert line in text
        assert KEY not in text

    async def test_sees_a_prompt_that_is_cut(self, model: ScriptedModel) -> None:
        model.script = read_by(0.5)
        assert "XX" in (text := await found(model))
        assert "prompt cut" in text

    async def test_sees_a_context_that_is_too_small(self, model: ScriptedModel) -> None:
        assert "a usual prompt does not fit" in await found(model, CONTEXT_TOKENS="8192")
        assert model.asked == []

    async def test_sees_an_address_that_nobody_answers(self, model: ScriptedModel) -> None:
        text = await found(model, URL="http://127.0.0.1:1/v1")
        assert "XX" in text
        assert "unreachable. ConnectError. check UNSPUN_LLM_URL and UNSPUN_LLM_CA_FILE" in text

    async def test_is_content_with_a_good_server(self, model: ScriptedModel) -> None:
        model.script = read_by(1)
        first, *others = (await found(model)).splitlines()
        assert first.startswith(f"ok language model m-1 at {model.base_url} (local): answered in ")
        assert others[0] == "ok dialect: json_schema max_tokens seed temperature"
        assert others[1].startswith("ok the prompt was read from beginning to end (5")
        assert len(others) == 2

    async def test_shows_the_dialect_that_the_server_takes(self, model: ScriptedModel) -> None:
        model.script = refuses("seed", "response_format", then=completion(WORDS, usage={}))
        text = await found(model)
        assert "ok dialect: none max_tokens temperature" in text
        assert "-- the server does not enforce JSON Schemas" in text
        assert "(the server does not count tokens)" in text

    async def test_steps_down_after_a_schema_that_is_ignored(self, model: ScriptedModel) -> None:
        def script(asked: Asked) -> Reply:
            ignored: Any = {"type": "json_schema"}
            wanted = asked.body.get("response_format", {})
            prose = wanted.get("type") == ignored["type"]
            return completion("Cedar and harbour." if prose else WORDS, usage={})

        model.script = script
        assert "ok dialect: json_object max_tokens seed temperature" in await found(model)
        assert len(model.asked) == 2

    async def test_notes_a_model_that_did_not_read_or_understand(self, model: ScriptedModel) -> None:
        model.script = read_by(1, '{"first":"oak","last":"harbour"}')
        assert "-- the model did not repeat two words of the prompt" in await found(model)

    async def test_notes_what_a_hosted_model_gets_and_costs(self, model: ScriptedModel) -> None:
        model.script = read_by(1)
        hosted = {"IS_LOCAL": "false", "DAILY_TOKENS": "0"}
        text = await found(model, **hosted)
        assert "(hosted): answered" in text
        assert "-- UNSPUN_LLM_DEFAULT_POLICY is local_only" in text
        assert "-- neither UNSPUN_LLM_DAILY_BUDGET nor UNSPUN_LLM_DAILY_TOKENS limits the cost" in text
        text = await found(model, **hosted | {"DEFAULT_POLICY": "allowed", "DAILY_TOKENS": "9000"})
        assert "--" not in text


class TestDoctor:
    async def test_has_a_line_of_the_model(self, model: ScriptedModel) -> None:
        model.script = failure(500)
        given = variables(model)
        ended = await asyncio.to_thread(lambda: CliRunner().invoke(main, ["doctor"], env=given))
        assert f"XX  language model m-1 at {model.base_url} (local): server error" in ended.output
        assert ended.exit_code == 1
        assert json.decode(model.asked[0].raw)["model"] == "m-1"
        assert "--  UNSPUN_LLM_URL is not set" in CliRunner().invoke(main, ["doctor"]).output
