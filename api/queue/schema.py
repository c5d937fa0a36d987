"""The queue's tables, installed and upgraded by `unspun migrate`, and kept small."""

from datetime import timedelta

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.driver import Driver

SCHEMA = "queue"
KEEP_LOG = timedelta(days=1)

# PgQueuer's log grows by a few rows a job, its statistics by a row a second with jobs; it cuts neither.
DELETE_OLD_LOG = """
DELETE FROM queue.pgqueuer_log WHERE created < now() - $1::interval
"""
DELETE_OLD_STATISTICS = """
DELETE FROM queue.pgqueuer_statistics WHERE created < now() - $1::interval
"""


def queries(driver: Driver) -> Queries:
    """PgQueuer's calls over a driver, all on our schema."""
    settings = DBSettings(db_schema=SCHEMA)
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )


async def install(database_url: str) -> None:
    """Install or upgrade the queue's tables; two at once wait for each other."""
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        calls = queries(AsyncpgDriver(connection))
        await connection.execute("SELECT pg_advisory_lock(hashtext('unspun queue schema'))")
        if await calls.schema_is_installed():
            await calls.apply_upgrade()
        else:
            await calls.install()
    finally:
        await connection.close()  # and with it the lock


async def prune_log(connection: asyncpg.Connection) -> None:
    await connection.execute(DELETE_OLD_LOG, KEEP_LOG)
    await connection.execute(DELETE_OLD_STATISTICS, KEEP_LOG)
