"""Checks whether this process can answer all requests."""

from api.errors import Unavailable
from api.runtime.runtime import Runtime
from api.storage.database.database_clock import read_times
from api.storage.database.migrate import newest_migration, schema_version
from schemas.health import Readiness


async def check_readiness(runtime: Runtime) -> Readiness:
    """Raises Unavailable if PostgreSQL is down, its schema is outdated, or the process is stopping.

    Concurrent probes share one check.
    """
    if runtime.leaving():
        raise Unavailable("This process is stopping.", retry_after=5)
    return await runtime.single_flight.run("readiness", lambda: _look(runtime))


async def _look(runtime: Runtime) -> Readiness:
    async with runtime.pool.connection() as connection:
        version = await schema_version(connection)
        if version is None or version < newest_migration():
            raise Unavailable("The database must be migrated first: unspun migrate.", retry_after=5)
        times = await read_times(connection)
    degraded = [] if await _cache_answers(runtime) else ["redis"]
    if times.differ_from(runtime.clock.now()):
        degraded.append("clock")
    if runtime.pool.lacks_room():
        degraded.append("writes")
    return Readiness(degraded=degraded)


async def _cache_answers(runtime: Runtime) -> bool:
    """Without a server configured there is nothing to miss."""
    return runtime.settings.redis_url is None or await runtime.cache.call("PING") is not None
