"""The database records changes in the order in which they become visible."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from api.storage.log.change_log import Change, delete_old_changes, list_changes
from tests.kit.databases import connected
from tests.kit.texts.many_stories import Many

WINDOW = timedelta(minutes=10)
MANY = Many(stories=20, sources=2, entities=2, claims_each=0)
BUMP = "UPDATE stories SET row_version = row_version + 1 WHERE id = $1"


@pytest.fixture
async def connection(owner_url: str) -> Any:
    async with connected(owner_url) as connection:
        await MANY.write(connection)
        yield connection


def _ids(changes: list[Change]) -> list[str]:
    return [change.object_id for change in changes]


class TestAChange:
    async def test_of_what_nobody_sees_is_none(self, connection: asyncpg.Connection) -> None:
        await connection.execute("UPDATE stories SET checked_at = now()")
        assert await list_changes(connection, None, WINDOW) == (0, [])

    async def test_of_a_story_or_source_is_noted_with_its_version(
        self, connection: asyncpg.Connection
    ) -> None:
        story, source = MANY.an_id("sty", 3), MANY.an_id("src", 1)
        await connection.execute(BUMP, story)
        await connection.execute("UPDATE sources SET row_version = row_version + 1 WHERE id = $1", source)
        last, found = await list_changes(connection, None, WINDOW)
        assert last == 2
        assert found == [Change(object_id=name, row_version=2, retracted=False) for name in (story, source)]
        assert await list_changes(connection, 1, WINDOW) == (2, found[1:])
        assert await list_changes(connection, 2, WINDOW) == (2, [])

    async def test_says_that_the_story_was_retracted(self, connection: asyncpg.Connection) -> None:
        story = MANY.an_id("sty", 3)
        async with connection.transaction():
            await connection.execute(BUMP, story)
            await connection.execute(
                "INSERT INTO retractions (story_id, reason, statement, retracted_at)"
                " VALUES ($1, 'error', 'x', now())",
                story,
            )
        _, found = await list_changes(connection, None, WINDOW)
        assert found == [Change(object_id=story, row_version=2, retracted=True)]

    async def test_that_is_taken_back_is_not_noted(self, connection: asyncpg.Connection) -> None:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(BUMP, MANY.an_id("sty", 3))
        await transaction.rollback()
        assert await list_changes(connection, None, WINDOW) == (0, [])

    async def test_is_forgotten_when_it_is_old(self, connection: asyncpg.Connection) -> None:
        story = MANY.an_id("sty", 3)
        await connection.execute(BUMP, story)
        await connection.execute("UPDATE changes SET noted_at = noted_at - interval '11 minutes'")
        await connection.execute(BUMP, story)
        last, found = await list_changes(connection, None, WINDOW)
        assert (last, [change.row_version for change in found]) == (2, [3])
        await delete_old_changes(connection, datetime.now(UTC) - WINDOW, 100)
        assert await connection.fetchval("SELECT array_agg(number) FROM changes") == [2]


class TestNumbers:
    async def test_are_those_of_the_commits_without_a_gap_for_who_reads_meanwhile(
        self, connection: asyncpg.Connection, owner_url: str
    ) -> None:
        """Transactions that begin together and end in another order: no poller misses one."""
        writers = [await asyncpg.connect(owner_url) for _ in range(8)]
        done = asyncio.Event()

        async def write(number: int, writer: asyncpg.Connection) -> None:
            for step in range(10):
                async with writer.transaction():
                    await writer.execute(BUMP, MANY.an_id("sty", number))
                    await writer.execute("SELECT pg_sleep($1)", (number * 7 + step) % 5 / 500)

        async def poll() -> list[str]:
            seen: list[str] = []
            last: int | None = None
            over = False
            while not over:
                over = done.is_set()
                last, found = await list_changes(connection, last, WINDOW)
                seen += _ids(found)
                assert last == len(seen)
            return seen

        polling = asyncio.create_task(poll())
        await asyncio.gather(*(write(number, writer) for number, writer in enumerate(writers)))
        done.set()
        seen = await polling
        assert sorted(seen) == sorted(MANY.an_id("sty", number) for number in range(8) for _ in range(10))
        for writer in writers:
            await writer.close()
