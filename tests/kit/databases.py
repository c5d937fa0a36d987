"""Connections of tests to PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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


async def fetchval(url: str, query: str) -> Any:
    async with connected(url) as connection:
        return await connection.fetchval(query)
