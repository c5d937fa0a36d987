"""The queue's tables, installed and upgraded by `unspun migrate`, and pruned."""

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

# PgQueuer never prunes its log (a few rows a job) and its statistics (a row a second).
DELETE_OLD_LOG = """
DELETE FROM queue.pgqueuer_log WHERE created < now() - $1::interval
"""
DELETE_OLD_STATISTICS = """
DELETE FROM queue.pgqueuer_statistics WHERE created < now() - $1::interval
"""


def queries(driver: Driver) -> Queries:
    """PgQueuer's queries in our schema."""
    settings = DBSettings(db_schema=SCHEMA)
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )


async def install(database_url: str) -> None:
    """Install or upgrade the queue's tables; concurrent calls wait for each other."""
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        calls = queries(AsyncpgDriver(connection))
        await connection.execute("SELECT pg_advisory_lock(hashtext('unspun queue schema'))")
        if await calls.schema_is_installed():
            await calls.apply_upgrade()
        else:
            await calls.install()
    finally:
        await connection.close()  # also releases the lock


async def prune_log(connection: asyncpg.Connection) -> None:
    await connection.execute(DELETE_OLD_LOG, KEEP_LOG)
    await connection.execute(DELETE_OLD_STATISTICS, KEEP_LOG)
