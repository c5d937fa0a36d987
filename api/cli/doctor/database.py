"""The checks of `unspun doctor` on PostgreSQL: connection, schema, clock, rights, connection limit, secrets."""

from collections.abc import Iterator
from typing import Final

import asyncpg

from api.clock import Clock
from api.operations.language_models.model_calls import daily_limits
from api.operations.webhooks.reseal_secrets import SealedSecrets, sort_secrets
from api.runtime.key_ring import key_ring
from api.settings import Settings
from api.storage.database.database_clock import MAX_CLOCK_SKEW_S, Times, read_times
from api.storage.database.grants import OwnRights, read_own_rights
from api.storage.database.migrate import newest_migration, schema_version
from api.storage.database.pool import QUEUE_CONNECTIONS
from api.storage.language_models.call_budget import DailyUse, read_day

_TIMEOUT_S: Final = 5.0
_SPARE: Final = 10  # connections reserved for migrations, backups and manual sessions

Finding = tuple[bool | None, str]


async def check_database(settings: Settings, apis: int, workers: int) -> list[Finding]:
    """A finding for each check: (ok, and None for a note; message)."""
    try:
        connection = await asyncpg.connect(settings.direct_database(), timeout=_TIMEOUT_S)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        return [(False, f"PostgreSQL is unreachable: {type(error).__name__}: {error}")]
    try:
        server = ".".join(str(part) for part in connection.get_server_version()[:2])
        found, wanted = await schema_version(connection), newest_migration()
        rights = await read_own_rights(connection) if found else None
        times = await read_times(connection) if found and found >= wanted else None
        use = None
        if found and found >= wanted and settings.llm_url:
            use = await read_day(connection, Clock().now().date())
        sealed = None
        if found and found >= wanted and settings.webhook_keys is not None:
            sealed = await sort_secrets(connection, key_ring(settings), reseal=False)
    finally:
        await connection.close()
    if found is None or rights is None or found < wanted:
        return [
            (
                False,
                f"PostgreSQL {server}: schema version is {found or 'none'}, run `unspun migrate`",
            )
        ]
    newer = " (of a newer version of Unspun)" if found > wanted else ""
    return [
        (True, f"PostgreSQL {server}, schema {found}{newer}"),
        *_clock_findings(times),
        *_rights_findings(rights, settings, apis, workers),
        *_secret_findings(sealed),
        *_budget_findings(use, settings),
    ]


def _clock_findings(times: Times | None) -> Iterator[Finding]:
    ahead_s = 0.0 if times is None else times.seconds_ahead(Clock().now())
    if abs(ahead_s) > MAX_CLOCK_SKEW_S:
        direction = "ahead of" if ahead_s > 0 else "behind"
        yield (
            False,
            f"this machine's clock is {abs(ahead_s):.0f} s {direction} the database's: expired data is not "
            "deleted until they agree (use NTP)",
        )


def _rights_findings(rights: OwnRights, settings: Settings, apis: int, workers: int) -> Iterator[Finding]:
    if rights.mighty:
        yield (
            None,
            f"the database user {rights.user} can change tables: set UNSPUN_OWNER_DATABASE_URL to its URL, "
            "set UNSPUN_DATABASE_URL to another user's URL, and run `unspun migrate`",
        )
    else:
        yield True, f"the database user {rights.user} can only read and write rows"
    needed, breakdown = connections_needed(settings, apis, workers)
    available = rights.max_connections - _SPARE
    if needed <= available:
        yield True, f"connections: {breakdown}, of {available} (max_connections minus {_SPARE})"
    else:
        yield (
            False,
            f"connections: {breakdown}, but only {available} are available (max_connections minus {_SPARE}): "
            "lower UNSPUN_POOL_MAX, or use PgBouncer",
        )


def _secret_findings(sealed: SealedSecrets | None) -> Iterator[Finding]:
    if sealed is not None and sealed.lost:
        yield (
            False,
            f"webhook secrets that no key decrypts: {sealed.lost}; add their key to UNSPUN_WEBHOOK_KEYS, "
            "after the first one",
        )
    if sealed is not None and sealed.older:
        yield (
            None,
            f"webhook secrets encrypted with an older key: {sealed.older}; run `unspun webhooks reseal`",
        )


def _budget_findings(use: DailyUse | None, settings: Settings) -> Iterator[Finding]:
    if use is None:
        return
    limits = daily_limits(settings)
    yield _budget_finding("tokens", use.spent.tokens, use.reserved.tokens, limits.tokens, 1)
    if settings.llm_price_output is not None:
        yield _budget_finding(
            "in the currency of the prices", use.spent.micros, use.reserved.micros, limits.micros, 1_000_000
        )


def _budget_finding(unit: str, spent: int, reserved: int, limit: int | None, divisor: int) -> Finding:
    """The amounts are divided by `divisor` before they are shown in `unit`."""
    form = ",.0f" if divisor == 1 else ",.4f"
    shown = [format(amount / divisor, form) for amount in (spent, reserved, limit or 0)]
    of = "no limit" if limit is None else f"of {shown[2]}"
    line = f"language model today (UTC): {shown[0]} spent, {shown[1]} reserved, {of} ({unit})"
    if limit is not None and spent + reserved >= limit:
        return None, f"{line}: no calls until tomorrow"
    return True, line


def connections_needed(settings: Settings, apis: int, workers: int) -> tuple[int, str]:
    """The maximum number of connections to the server, and its breakdown."""
    queue = workers * QUEUE_CONNECTIONS
    if settings.direct_database_url is not None:
        return queue, f"at most {queue} that bypass the pooler, which limits the rest"
    of_apis = apis * settings.workers * settings.pool_max
    of_workers = workers * settings.pool_max + queue
    return of_apis + of_workers, f"at most {of_apis} from the API, {of_workers} from workers"
