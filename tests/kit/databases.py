"""Connections of tests to PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import asyncpg


@asynccontextmanager
async def connected(url: str, **settings: object) -> AsyncIterator[asyncpg.Connection]:
    """A connection that is closed at the end; `settings` are asyncpg's."""
    connection = await asyncpg.connect(url, **settings)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def locked(url: str, table: str) -> AsyncIterator[None]:
    """Lock the table against reads and writes."""
    async with connected(url) as connection, connection.transaction():
        await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


async def apply_migration(connection: asyncpg.Connection, name: str, *, down: bool = False) -> None:
    """Apply or undo one migration."""
    text = (files("api.storage") / "migrations" / f"{name}.sql").read_text("utf-8")
    statements = text.split("-- migrate:down")[down]
    if "transaction:false" in statements:
        await connection.execute(statements)
    else:
        async with connection.transaction():
            await connection.execute(statements)


async def fetchval(url: str, query: str) -> Any:
    async with connected(url) as connection:
        return await connection.fetchval(query)
