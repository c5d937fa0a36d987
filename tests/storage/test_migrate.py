"""Migrations: from an empty database, twice, and concurrently."""

import asyncio
from urllib.parse import urlsplit, urlunsplit

import pytest

from api.operations.database.prepare_database import prepare_database
from api.storage.database.migrate import MigrationFailed, migrate, newest_migration, schema_version
from tests.kit.databases import apply_migration, connected

# The contents of a database, to compare two.
SELECT_COLUMNS = """
SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type AS shown
FROM information_schema.columns WHERE table_schema IN ('public', 'queue') ORDER BY shown
"""


async def _columns(url: str) -> list[str]:
    async with connected(url) as connection:
        return [row["shown"] for row in await connection.fetch(SELECT_COLUMNS)]


async def _version(url: str) -> str | None:
    async with connected(url) as connection:
        return await schema_version(connection)


class TestUndoing:
    async def test_the_tables_of_language_models_and_redoing_it_gives_the_same_columns(
        self, owner_url: str
    ) -> None:
        before = await _columns(owner_url)
        async with connected(owner_url) as connection:
            await apply_migration(connection, "0030_language_models", down=True)
            undone = set(before) - set(await _columns(owner_url))
            assert {name.split(".")[1] for name in undone} == {
                "model_answers", "model_budgets", "model_calls", "sources", "inputs"
            }  # fmt: skip
            await apply_migration(connection, "0030_language_models")
        assert await _columns(owner_url) == before


class TestMigrating:
    async def test_says_why_it_cannot(self) -> None:
        with pytest.raises(MigrationFailed, match="refused"):
            await migrate("postgresql://postgres@127.0.0.1:1/nowhere")

    async def test_says_so_where_no_host_of_several_takes_writes(self) -> None:
        with pytest.raises(
            MigrationFailed, match=r"None of the hosts accepts writes: 127\.0\.0\.1:1: .*127\.0\.0\.1:2: "
        ):
            await migrate(
                "postgresql://postgres@127.0.0.1:1,127.0.0.1:2/nowhere?target_session_attrs=read-write"
            )

    async def test_finds_the_host_of_several_that_takes_writes(self, empty_database_url: str) -> None:
        parts = urlsplit(empty_database_url)
        user = parts.netloc.rpartition("@")[0]
        netloc = f"{user}@127.0.0.1:1,127.0.0.1:{parts.port}"
        both = urlunsplit(
            parts._replace(netloc=netloc, query="target_session_attrs=read-write&sslmode=disable")
        )
        await migrate(both)
        assert await _version(both) == newest_migration()

    async def test_brings_an_empty_database_to_the_newest_version(self, empty_database_url: str) -> None:
        assert await _version(empty_database_url) is None
        await migrate(empty_database_url)
        assert await _version(empty_database_url) == newest_migration()

    async def test_changes_nothing_the_second_time(self, empty_database_url: str) -> None:
        await prepare_database(empty_database_url)
        before = await _columns(empty_database_url)
        await prepare_database(empty_database_url)
        assert await _columns(empty_database_url) == before

    async def test_may_be_started_by_several_at_once(
        self, empty_database_url: str, database_url: str
    ) -> None:
        await asyncio.gather(*(prepare_database(empty_database_url) for _ in range(4)))
        assert await _version(empty_database_url) == newest_migration()
        assert await _columns(empty_database_url) == await _columns(database_url)
