"""Stories that a second judge may read, and those about which its answers are stored."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.operations.analyses.rescore_stories import rescore_stories, rescore_with_answers
from api.operations.stories.retract_story import retract_story
from api.runtime.runtime import Runtime
from api.storage.log.audit_log import Actor, Origin
from api.storage.stories.proposals import (
    keep_for_story,
    list_stories_with_proposal,
    proposal_key,
    put_proposal,
)
from api.storage.stories.verdicts import list_without_second
from schemas.enums import RetractionReason
from schemas.retractions import StoryRetraction
from tests.kit.databases import connected
from tests.kit.servers.runtimes import running_runtime
from tests.kit.texts.factories import PARAGRAPHS, make_article, make_edition, publish

RETRACTION = StoryRetraction(reason=RetractionReason.LEGAL, statement="It is taken back.")
SERVICE = Origin(actor=Actor.SERVICE)
FORGET_TEXTS = "UPDATE inputs SET article = NULL, page = '{}'"


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    async with running_runtime(UNSPUN_DATABASE_URL=database_url) as runtime:
        yield runtime


@pytest.fixture
async def stories(runtime: Runtime) -> list[str]:
    """Three stories by id."""
    urls = [f"http://news.brightwater.example/{name}" for name in ("turbine", "pier", "lock")]
    titles = [
        "Brightwater opens its tidal turbine",
        "Harrow Bay rebuilds the old pier",
        "Tarn repairs a lock",
    ]
    editions = [
        make_edition(
            make_article(url=url, title=title, paragraphs=[f"{title} in {n + 3} months.", *PARAGRAPHS])
        )
        for n, (url, title) in enumerate(zip(urls, titles, strict=True))
    ]
    return sorted([(await publish(runtime, one, cached=False)).story_id for one in editions])


async def _propose(runtime: Runtime, story_id: str, engine: str = "llm") -> None:
    async with runtime.pool.transaction() as connection:
        digest = await connection.fetchval("SELECT input_digest FROM stories WHERE id = $1", story_id)
        await put_proposal(
            connection, proposal_key(digest, engine, b"{}"), story_id, b"{}", runtime.clock.now()
        )
        await keep_for_story(connection, digest, story_id)


async def _retract(runtime: Runtime, story_id: str) -> None:
    async with runtime.pool.transaction() as connection:
        await retract_story(connection, runtime, story_id, RETRACTION, origin=SERVICE)


async def _listed(
    runtime: Runtime, list_: Any, *arguments: Any, after: str = "", limit: int = 9
) -> list[str]:
    async with runtime.pool.connection() as connection:
        return list(await list_(connection, *arguments, after=after, limit=limit))


class TestStoriesWithoutASecondOpinion:
    async def test_are_not_retracted_and_have_their_text(
        self, runtime: Runtime, stories: list[str], owner_url: str
    ) -> None:
        await _retract(runtime, stories[1])
        assert await _listed(runtime, list_without_second) == [stories[0], stories[2]]
        async with connected(owner_url) as owner:
            await owner.execute(FORGET_TEXTS)
        assert await _listed(runtime, list_without_second) == []

    async def test_are_paged_by_id(self, runtime: Runtime, stories: list[str]) -> None:
        assert await _listed(runtime, list_without_second, limit=2) == stories[:2]
        assert await _listed(runtime, list_without_second, after=stories[1]) == stories[2:]

    async def test_have_a_verdict_of_one_judge(
        self, runtime: Runtime, stories: list[str], owner_url: str
    ) -> None:
        async with connected(owner_url) as owner:
            await owner.execute("ALTER TABLE verdicts DISABLE TRIGGER USER")
            await owner.execute("UPDATE verdicts SET agreement = '{}' WHERE story_id = $1", stories[0])
        assert await _listed(runtime, list_without_second) == stories[1:]


class TestStoriesWithAnswers:
    async def test_are_those_of_the_engine_whose_text_is_stored(
        self, runtime: Runtime, stories: list[str], owner_url: str
    ) -> None:
        await _propose(runtime, stories[0], "another")
        await _propose(runtime, stories[1])
        await _propose(runtime, stories[2])
        assert await _listed(runtime, list_stories_with_proposal, "llm") == stories[1:]
        await _retract(runtime, stories[1])
        assert await _listed(runtime, list_stories_with_proposal, "llm") == stories[2:]
        async with connected(owner_url) as owner:
            await owner.execute(FORGET_TEXTS)
        assert await _listed(runtime, list_stories_with_proposal, "llm") == []

    async def test_are_rescored_once_at_a_time(self, runtime: Runtime, stories: list[str]) -> None:
        await _propose(runtime, stories[1])
        for queued in ([1], []):
            assert [step async for step in rescore_with_answers(runtime, origin=SERVICE)] == queued


class TestNamedStories:
    async def test_are_rescored_in_order(self, runtime: Runtime, stories: list[str]) -> None:
        steps = rescore_stories(runtime, [stories[2], stories[0]], origin=SERVICE)
        assert [step async for step in steps] == [2]
        async with runtime.pool.connection() as connection:
            rows = await connection.fetch("SELECT story_id FROM analysis_jobs ORDER BY id")
        assert [row["story_id"] for row in rows] == [stories[0], stories[2]]

    async def test_may_be_none(self, runtime: Runtime) -> None:
        assert [step async for step in rescore_stories(runtime, [], origin=SERVICE)] == []
