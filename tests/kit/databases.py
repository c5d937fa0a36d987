"""Connections of tests to PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg


@asynccontextmanager
async def connected(url: str, **settings: object) -> AsyncIterator[asyncpg.Connection]:
    """A connection that is closed at the end; `settings` are asyncpg's."""
    connection = await asyncpg.connect(url, **settings)
    try:
        yield connection
    finally:
        await connection.close()
