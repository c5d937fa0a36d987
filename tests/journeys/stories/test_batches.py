"""Answers about stories by files: two exports, two imports, and the second opinion."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.kit.clients.command import run
from tests.kit.polling import until
from tests.kit.servers.service import Service
from tests.kit.servers.web_server import Site
from tests.kit.texts.answers import ANSWER, BODY, TITLE
from tests.kit.texts.pages import article_page
from tests.kit.worlds.second_opinions import DECK, HOST, PROSE, rejecting_first_of, second

MODEL = ("--model", "careful-model")
STRANGER = "sty_" + "0" * 26
RETRACT = ("--reason", "publisher_request", "--statement", "The publisher took it back.")


@pytest.fixture
def url(site: Site) -> str:
    return site.put(
        HOST, "/tarnway", article_page(title=TITLE, paragraphs=tuple(BODY.split("\n\n")), host=HOST)
    )


async def unspun(service: Service, *arguments: str, **more: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command on the service's database."""
    done = await asyncio.to_thread(run, *arguments, **service.environment | more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


async def exported(service: Service, file: Path, *what: str) -> list[dict[str, Any]]:
    code, _, errors = await unspun(
        service, "llm", "export", str(file), *what, *MODEL, UNSPUN_LLM_DEFAULT_POLICY="allowed"
    )
    assert code == 0, errors
    return requests_in(file)


def requests_in(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def line(request: dict[str, Any], content: Any) -> str:
    """An answer as a server writes it, with its count of tokens."""
    said = content if isinstance(content, str) else json.dumps(content)
    usage = {"prompt_tokens": len(json.dumps(request["body"])) // 4, "completion_tokens": len(said) // 4}
    message = {"role": "assistant", "content": said}
    body = {"model": "m", "choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}
    return json.dumps({"custom_id": request["custom_id"], "response": {"status_code": 200, "body": body}})


class TestABatchWithReviews:
    @pytest.mark.slow
    async def test_asks_beside_the_prose_and_waits_for_no_review(
        self, service: Callable[..., Any], url: str, owner: asyncpg.Connection, tmp_path: Path
    ) -> None:
        file, answers = tmp_path / "requests.jsonl", tmp_path / "answers.jsonl"
        reviews = {"UNSPUN_LLM_PUBLISHES": "llm", "UNSPUN_LLM_REVIEWS_RULES": "true"}
        async with service(hosts=[HOST], **reviews) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            (first,) = await exported(running, file, "--all")
            answers.write_text(line(first, ANSWER))
            assert (await unspun(running, "llm", "import", str(answers), *MODEL))[0] == 0

            prose, review = await exported(running, file, "--all")
            assert prose["custom_id"].startswith(f"{story_id}-prose-0-")
            assert review["custom_id"].startswith(f"{story_id}-review-0-")
            answers.write_text("\n".join([line(prose, PROSE), line(review, "I would rather not.")]))
            code, output, errors = await unspun(running, "llm", "import", str(answers), *MODEL)
            assert (code, output) == (0, "stored: 1\nqueued: 1\n"), errors
            verdict = await second(running, story_id)
            assert (verdict["deck"], verdict["agreement"]["reviewed"]) == (DECK, [])

            (again,) = await exported(running, file, "--story", story_id)
            assert again == review
            said = rejecting_first_of(review["body"]["messages"][1]["content"])
            answers.write_text(line(review, said))
            code, output, errors = await unspun(running, "llm", "import", str(answers), *MODEL)
            assert (code, output) == (0, "stored: 1\nqueued: 1\n"), errors

            async def is_reviewed() -> bool:
                return bool((await running.story(story_id))["verdict"]["agreement"]["reviewed"])

            await until(is_reviewed, 120)
            last = (await running.story(story_id))["verdict"]
            assert (last["version"], last["reason"]) == (3, "second_opinion")
            assert (last["spin"], last["deck"]) == (verdict["spin"], verdict["deck"])
            assert await exported(running, file, "--story", story_id) == []

            code, output, errors = await unspun(running, "rescore", "--engine", "llm")
            assert (code, output) == (0, "queued: 1\n"), errors
            jobs = "SELECT status FROM analysis_jobs WHERE kind = 'stored' ORDER BY id"

            async def judged() -> bool:
                return [row["status"] for row in await owner.fetch(jobs)] == ["succeeded"] * 3

            await until(judged, 120)
            assert (await running.story(story_id))["verdict"]["id"] == last["id"]


class TestABatch:
    @pytest.mark.slow
    async def test_gives_a_second_opinion_without_a_call(
        self, service: Callable[..., Any], url: str, owner: asyncpg.Connection, tmp_path: Path
    ) -> None:
        file, answers = tmp_path / "requests.jsonl", tmp_path / "answers.jsonl"
        async with service(hosts=[HOST], UNSPUN_LLM_PUBLISHES="llm") as running:
            story_id = (await running.analyze(url))["result"]["story_id"]

            code, _, errors = await unspun(running, "llm", "export", str(file), "--all", *MODEL)
            assert (code, requests_in(file)) == (0, [])
            assert "1 texts: The texts of this source may only be sent to a model on the" in errors

            (first,) = await exported(running, file, "--all")
            assert first["custom_id"].startswith(f"{story_id}-judgement-0-")
            assert (first["url"], first["body"]["model"]) == ("/v1/chat/completions", "careful-model")
            assert "Tarnway" in first["body"]["messages"][1]["content"]

            unknown = first | {"custom_id": first["custom_id"][:-4] + "0000"}
            lines = [
                "garbage",
                line(unknown, ANSWER),
                line(first | {"custom_id": first["custom_id"].replace(story_id, STRANGER)}, ANSWER),
                line(first | {"custom_id": "judgement-0-00000000000000000000"}, ANSWER),
                line(first, ANSWER),
            ]
            answers.write_text("\n".join(lines))
            code, output, errors = await unspun(running, "llm", "import", str(answers), *MODEL)
            assert (code, output) == (1, "stored: 1\nqueued: 0\n")
            assert "line 1: This is no answer in the Batch format." in errors
            assert "line 2: answers no request about the story's current text" in errors
            assert "line 3: there is no such story" in errors
            assert "line 4: its name has no story" in errors
            assert "4 answers were refused" in errors
            (row,) = await owner.fetch("SELECT * FROM model_answers")
            assert (row["model"], row["call"], row["recorded"]) == ("careful-model", "judgement", True)
            assert (row["story_id"], json.loads(row["answer"])) == (story_id, ANSWER)
            assert row["prompt_tokens"] > 1_000
            assert await owner.fetchval("SELECT count(*) FROM proposals") == 0

            (last,) = await exported(running, file, "--story", story_id)
            assert last["custom_id"].startswith(f"{story_id}-prose-0-")
            answers.write_text(line(last, PROSE))
            code, output, errors = await unspun(running, "llm", "import", str(answers), *MODEL)
            assert (code, output) == (0, "stored: 1\nqueued: 1\n"), errors

            verdict = await second(running, story_id)
            assert (verdict["version"], verdict["engine"]["name"]) == (2, "llm")
            assert (verdict["deck"], verdict["model"]["written_by"]["deck"]) == (DECK, "recorded")
            assert (verdict["model"]["name"], verdict["model"]["recorded"]) == ("careful-model", True)
            assert await owner.fetchval("SELECT count(*) FROM model_calls") == 0
            assert await exported(running, file, "--all") == []

            code, output, errors = await unspun(running, "rescore", "--engine", "llm")
            assert (code, output) == (0, "queued: 1\n"), errors
            jobs = "SELECT status FROM analysis_jobs WHERE kind = 'stored' ORDER BY id"

            async def judged() -> bool:
                return [row["status"] for row in await owner.fetch(jobs)] == ["succeeded"] * 2

            await until(judged, 120)
            assert (await running.story(story_id))["verdict"]["id"] == verdict["id"]

            assert (await unspun(running, "stories", "retract", story_id, *RETRACT))[0] == 0
            code, output, errors = await unspun(running, "llm", "import", str(answers), *MODEL)
            assert (code, output) == (1, "stored: 0\nqueued: 0\n")
            assert "line 1: The story was retracted." in errors
            assert await owner.fetchval("SELECT count(*) FROM model_answers") == 0
            assert (await unspun(running, "rescore", "--engine", "llm"))[1] == "queued: 0\n"
