"""Unreferenced texts and publishers are deleted; all others stay."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.runtime.runtime import Runtime
from api.storage.stories.unnamed import delete_unnamed_inputs, delete_unnamed_sources
from tests.kit.databases import connected
from tests.kit.servers.runtimes import running_runtime
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish

SOON = datetime.now(UTC) + timedelta(days=1)  # makes everything that a test creates old
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)

# The text of a story again, as after a reading without new findings.
AGAIN = """
INSERT INTO inputs SELECT story_id, $1, kind, article, words, characters, $2, extractor, flags, fetched_at, page
FROM inputs WHERE story_id = $3 LIMIT 1
"""
# A publisher as a page creates it.
MET = """
INSERT INTO sources (id, slug, name, type, feeds, known, created_at, updated_at)
VALUES ($1, $1, $1, 'other', '{}', false, now(), now())
"""


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    async with running_runtime(UNSPUN_DATABASE_URL=database_url) as runtime:
        yield runtime


async def _story(runtime: Runtime, number: int) -> str:
    article = make_article(url=f"http://news.brightwater.example/{number}")
    return (await publish(runtime, make_edition(article, make_assessment(article)))).story_id


async def _execute(runtime: Runtime, statement: str, *values: Any) -> list[Any]:
    async with runtime.pool.transaction() as connection:
        return await connection.fetch(statement, *values)


async def _digests(runtime: Runtime, story_id: str) -> set[str]:
    rows = await _execute(runtime, "SELECT digest FROM inputs WHERE story_id = $1", story_id)
    return {row["digest"] for row in rows}


async def _forget_inputs(runtime: Runtime, before: datetime = SOON, limit: int = 1_000) -> int:
    async with runtime.pool.transaction() as connection:
        return await delete_unnamed_inputs(connection, before, limit)


async def _forget_sources(
    runtime: Runtime, before: datetime = SOON, limit: int = 1_000, most: int = 10
) -> int:
    async with runtime.pool.transaction() as connection:
        return await delete_unnamed_sources(connection, before, limit, most)


class TestAText:
    async def test_stays_where_a_story_a_verdict_or_a_ruling_names_it(
        self, runtime: Runtime, owner_url: str
    ) -> None:
        story = await _story(runtime, 1)
        (current,) = await _digests(runtime, story)
        await _execute(runtime, AGAIN, "ruled on", "a" * 64, story)
        await _execute(runtime, AGAIN, "of the story", "b" * 64, story)
        await _execute(runtime, "UPDATE stories SET input_digest = 'of the story' WHERE id = $1", story)
        async with connected(owner_url) as owner:
            await owner.execute(
                "SET session_replication_role = replica"
            )  # an appeal of its own is not needed
            await owner.execute("INSERT INTO rulings VALUES ('apl_1', $1, 'rule', 0, 1)", "a" * 64)
        assert await _forget_inputs(runtime) == 0
        assert await _digests(runtime, story) == {current, "ruled on", "of the story"}

    async def test_is_forgotten_where_nothing_names_it_and_it_is_old(self, runtime: Runtime) -> None:
        stories = [await _story(runtime, number) for number in range(3)]
        for story in stories:
            await _execute(runtime, AGAIN, "nobody's", "c" * 64, story)
        assert await _forget_inputs(runtime, LONG_AGO) == 0
        assert await _forget_inputs(runtime) == 3
        assert [len(await _digests(runtime, story)) for story in stories] == [1, 1, 1]

    async def test_is_met_by_a_walk_that_begins_again_at_its_end(self, runtime: Runtime) -> None:
        for number in range(3):
            await _execute(runtime, AGAIN, "nobody's", "c" * 64, await _story(runtime, number))
        assert [await _forget_inputs(runtime, limit=1) for _ in range(4)] == [1, 1, 1, 0]
        (first, *_) = await _execute(runtime, "SELECT min(id) AS id FROM stories")
        await _execute(runtime, AGAIN, "nobody's", "c" * 64, first["id"])
        assert sorted([await _forget_inputs(runtime, limit=1) for _ in range(3)]) == [0, 0, 1]

    async def test_is_left_alone_while_somebody_holds_it(self, runtime: Runtime) -> None:
        await _execute(runtime, AGAIN, "nobody's", "c" * 64, await _story(runtime, 1))
        async with runtime.pool.transaction() as connection:
            await connection.execute("SELECT FROM inputs FOR UPDATE")
            assert await _forget_inputs(runtime) == 0
        assert await _forget_inputs(runtime) == 1

    async def test_is_looked_for_by_one_process_at_a_time(self, runtime: Runtime) -> None:
        await _execute(runtime, AGAIN, "nobody's", "c" * 64, await _story(runtime, 1))
        async with runtime.pool.transaction() as connection:
            await connection.execute("SELECT FROM sweep_positions FOR UPDATE")
            assert await _forget_inputs(runtime) == 0


class TestAPublisher:
    async def test_stays_if_it_is_referenced_or_configured(self, runtime: Runtime) -> None:
        story = await _story(runtime, 1)
        for name in ("known", "corrected", "fed", "listed", "told"):
            await _execute(runtime, MET, name)
        await _execute(runtime, "UPDATE sources SET known = true WHERE id = 'known'")
        await _execute(runtime, "UPDATE sources SET corrected_at = now() WHERE id = 'corrected'")
        await _execute(runtime, "UPDATE sources SET feeds = '{http://a.example/}' WHERE id = 'listed'")
        await _execute(
            runtime,
            """WITH host AS (INSERT INTO feed_hosts VALUES ('a.example', now()))
               INSERT INTO feeds (id, source_id, url, key, host, status, interval_s, next_poll_at, created_at,
                                  updated_at)
               VALUES ('fed_1', 'fed', 'http://a.example/', 'a', 'a.example', 'active', 60, now(), now(),
                       now())""",
        )
        await _execute(
            runtime,
            """INSERT INTO events (sequence, id, type, data, created_at)
               SELECT max(sequence) + 1, 'evt_x', 'story.published', '{"source_id": "told"}', now()
               FROM events""",
        )
        before = {row["id"] for row in await _execute(runtime, "SELECT id FROM sources")}
        assert len(before) == 6
        assert await _forget_sources(runtime) == 0
        assert {row["id"] for row in await _execute(runtime, "SELECT id FROM sources")} == before
        assert await _execute(runtime, "SELECT FROM stories WHERE id = $1", story)

    async def test_is_deleted_with_its_domains_and_invalidates_caches(self, runtime: Runtime) -> None:
        await _execute(runtime, MET, "nobody")
        await _execute(runtime, "INSERT INTO source_domains VALUES ('nobody.example', 'nobody', 0)")
        assert await _forget_sources(runtime, LONG_AGO) == 0
        assert await _forget_sources(runtime) == 1
        assert await _execute(runtime, "SELECT FROM sources") == []
        assert await _execute(runtime, "SELECT FROM source_domains") == []
        assert len(await _execute(runtime, "SELECT FROM changes WHERE object_id = 'nobody'")) == 1

    async def test_is_one_of_some_at_a_time(self, runtime: Runtime) -> None:
        for number in range(5):
            await _execute(runtime, MET, f"nobody-{number}")
        assert [await _forget_sources(runtime, most=2) for _ in range(3)] == [2, 2, 1]
