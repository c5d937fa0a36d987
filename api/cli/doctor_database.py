"""What `unspun doctor` says of PostgreSQL: does it answer, is it migrated, who are we, do the pools fit."""

from collections.abc import Iterator
from typing import Final

import asyncpg

from api.clock import Clock
from api.operations.database.check_readiness import MAX_CLOCK_SKEW_S
from api.operations.webhooks.reseal_secrets import SealedSecrets, sort_secrets
from api.runtime.key_ring import key_ring
from api.settings import Settings
from api.storage.database.database_clock import Times, read_times
from api.storage.database.grants import OwnRights, read_own_rights
from api.storage.database.migrate import newest_migration, schema_version
from api.storage.database.pool import QUEUE_CONNECTIONS

_TIMEOUT_S: Final = 5.0
_SPARE: Final = 10  # connections that must stay free: for migrations, back-ups, a look by hand

Finding = tuple[bool | None, str]


async def check_database(settings: Settings, apis: int, workers: int) -> list[Finding]:
    """(fine, to know, or wrong; what) for each thing looked at."""
    try:
        connection = await asyncpg.connect(settings.direct_database(), timeout=_TIMEOUT_S)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        return [(False, f"PostgreSQL does not answer: {type(error).__name__}: {error}")]
    try:
        server = ".".join(str(part) for part in connection.get_server_version()[:2])
        found, wanted = await schema_version(connection), newest_migration()
        rights = await read_own_rights(connection) if found else None
        times = await read_times(connection) if found and found >= wanted else None
        sealed = None
        if found and found >= wanted and settings.webhook_keys is not None:
            sealed = await sort_secrets(connection, key_ring(settings), reseal=False)
    finally:
        await connection.close()
    if found is None or rights is None or found < wanted:
        return [
            (
                False,
                f"PostgreSQL {server} answers; its schema is at {found or 'nothing'}: run `unspun migrate`",
            )
        ]
    newer = " (made by a newer version of Unspun)" if found > wanted else ""
    return [
        (True, f"PostgreSQL {server}, schema {found}{newer}"),
        *_of_clock(times),
        *_of_rights(rights, settings, apis, workers),
        *_of_secrets(sealed),
    ]


def _of_clock(times: Times | None) -> Iterator[Finding]:
    ahead_s = 0.0 if times is None else times.seconds_ahead(Clock().now())
    if abs(ahead_s) > MAX_CLOCK_SKEW_S:
        side = "ahead of" if ahead_s > 0 else "behind"
        yield (
            False,
            f"this machine's clock is {abs(ahead_s):.0f} s {side} the database's: nothing old is forgotten "
            "until both keep the same time (NTP)",
        )


def _of_rights(rights: OwnRights, settings: Settings, apis: int, workers: int) -> Iterator[Finding]:
    if rights.mighty:
        yield (
            None,
            f"the database user {rights.user} may change tables: set UNSPUN_OWNER_DATABASE_URL to its URL, "
            "UNSPUN_DATABASE_URL to that of another user, and run `unspun migrate`",
        )
    else:
        yield True, f"the database user {rights.user} may read and write rows and no more"
    needed, how = connections_needed(settings, apis, workers)
    room = rights.max_connections - _SPARE
    if needed <= room:
        yield True, f"connections: {how}, of {room} (max_connections less {_SPARE})"
    else:
        yield (
            False,
            f"connections: {how}, but the server has {room} to give (max_connections less {_SPARE}): "
            "lower UNSPUN_POOL_MAX, or put PgBouncer between",
        )


def _of_secrets(sealed: SealedSecrets | None) -> Iterator[Finding]:
    if sealed is not None and sealed.lost:
        yield (
            False,
            f"secrets of webhooks that no key opens: {sealed.lost}; put the key that sealed them "
            "back into UNSPUN_WEBHOOK_KEYS, behind the first one",
        )
    if sealed is not None and sealed.older:
        yield None, f"secrets sealed with an older key: {sealed.older}; run `unspun webhooks reseal`"


def connections_needed(settings: Settings, apis: int, workers: int) -> tuple[int, str]:
    """The most connections of all processes to the server itself, and how they come together."""
    queue = workers * QUEUE_CONNECTIONS
    if settings.direct_database_url is not None:
        return queue, f"at most {queue} past the pooler, whose own limits hold for the rest"
    of_apis = apis * settings.workers * settings.pool_max
    of_workers = workers * settings.pool_max + queue
    return of_apis + of_workers, f"at most {of_apis} of the API, {of_workers} of workers"
