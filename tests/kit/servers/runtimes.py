"""The service's runtime without the application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.clock import Clock
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import Runtime, open_runtime
from api.settings import Settings
from tests.kit.servers.pooler import direct_setting


@asynccontextmanager
async def running_runtime(clock: Clock | None = None, **variables: str) -> AsyncIterator[Runtime]:
    settings = Settings.from_environment(direct_setting(variables["UNSPUN_DATABASE_URL"]) | variables)
    runtime = open_runtime(settings, load_taxonomy(), clock or Clock(), statement_timeout_ms=5_000)
    try:
        yield runtime
    finally:
        await runtime.cache.close()
        await runtime.pool.close()
