"""A story about which a scripted model is asked: its page, the model's answers, and what becomes of the story."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import msgspec

from tests.kit.polling import until
from tests.kit.servers.scripted_model import Asked, Reply, ScriptedModel, completion, failure
from tests.kit.servers.web_server import Site
from tests.kit.texts.answers import ANSWER, BODY, TITLE, choices, passage
from tests.kit.texts.pages import article_page

HOST = "news.quillon.example"
DECK = "Quillon praises its planning platform, and moves 300 drivers to other work."
PROSE = {"deck": passage(DECK, 2, 3), "summary": [passage("Quillon has announced the platform Tarnway.", 2)]}
BUSY = failure(429, {"error": {"message": "slow down"}}, Retry_After="0")
SPEND = "INSERT INTO model_budgets (day, tokens_spent) VALUES ((now() AT TIME ZONE 'UTC')::date, 199000)"
JOBS = "SELECT status, tries FROM analysis_jobs WHERE kind = 'second_opinion' ORDER BY created_at"
PARAGRAPHS = tuple(BODY.split("\n\n"))


def says(judgement: Any = ANSWER, prose: Any = PROSE, review: Any = None) -> Callable[[Asked], Reply]:
    """Answers the calls; a reply stands as it is. The default review rejects the first finding."""

    def script(asked: Asked) -> Reply:
        said = judgement
        if "response_format" in asked.body and is_prose(asked):
            said = prose
        elif is_review(asked):
            said = rejecting_first(asked) if review is None else review
        if isinstance(said, Reply):
            return said
        tokens = len(asked.raw) // 4
        return completion(msgspec.json.encode(said).decode(), prompt_tokens=tokens)

    return script


def held(script: Callable[[Asked], Reply] | Reply, release: asyncio.Event) -> Callable[[Asked], Reply]:
    """The script's answers, once released."""

    def waiting(asked: Asked) -> Reply:
        reply = script if isinstance(script, Reply) else script(asked)
        reply.after = release
        return reply

    return waiting


def is_prose(asked: Asked) -> bool:
    return asked.body["response_format"]["json_schema"]["name"] == "prose"


def is_review(asked: Asked) -> bool:
    return "response_format" in asked.body and (
        asked.body["response_format"]["json_schema"]["name"] == "review"
    )


def rejecting_first(asked: Asked) -> dict[str, Any]:
    return rejecting_first_of(asked.body["messages"][1]["content"])


def rejecting_first_of(prompt: str) -> dict[str, Any]:
    """The review of all findings that a prompt names."""
    first, *others = re.findall(r"^\[\w+ (\w+ \d+-\d+)\]", prompt, re.MULTILINE)
    rejected = choices([first], "reject", "The words tell what the platform is.")
    return {"findings": rejected["findings"] + choices(others)["findings"]}


def put_page(site: Site, host: str = HOST, paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    """The address of the story's page on that host."""
    return site.put(host, "/tarnway", article_page(title=TITLE, paragraphs=paragraphs, host=host))


def settings(model: ScriptedModel, **more: str) -> dict[str, str]:
    return {
        "UNSPUN_LLM_URL": model.base_url,
        "UNSPUN_LLM_MODEL": "scripted-1",
        "UNSPUN_LLM_PUBLISHES": "llm",
        **{f"UNSPUN_{name}": value for name, value in more.items()},
    }


async def second(running: Any, story_id: str) -> dict[str, Any]:
    """The story's verdict once it has an agreement."""
    verdict: dict[str, Any] = {}

    async def has_two() -> bool:
        nonlocal verdict
        verdict = (await running.story(story_id))["verdict"]
        return verdict["agreement"] is not None

    await until(has_two, 120)
    return verdict


async def become(running: Any, story_id: str, state: str | None, seconds: float = 120) -> dict[str, Any]:
    """The story once its second opinion is in that state."""
    story: dict[str, Any] = {}

    async def is_so() -> bool:
        nonlocal story
        story = await running.story(story_id)
        return story["second_opinion"] == state

    await until(is_so, seconds)
    return story
