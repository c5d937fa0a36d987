"""Limits of an account that the database counts: unfinished analyses, URLs of one host a minute, and payments.

Payments are counted only while Valkey is away, so that nothing is refused merely because the cache is. Each
process then counts reads by itself, and `RateLimit` is left out, since the rest of a quota is unknown. The other
limits are always counted in the database: they are few and must outlive a cache.
"""

from datetime import timedelta
from typing import Final

from api.cache.token_buckets import STEPS
from api.errors import QuotaExceeded
from api.runtime.runtime import Runtime
from api.storage.analyses.analyses import count_open_analyses, count_recent_of_host, sum_recent_charges
from api.storage.database.pool import Connection
from api.storage.keys.keys import KeyHolder
from api.web.urls import normalize, parse_target
from schemas.analyses import AnalysisSubmission

MINUTE: Final = timedelta(minutes=1)
OPEN_RETRY_S: Final = 10  # even the smallest worker ends several analyses in that time
HOST_RETRY_S: Final = 30  # half of the window


async def check_caps(
    connection: Connection, runtime: Runtime, submission: AnalysisSubmission, account_id: str
) -> int:
    """The account's number of unfinished analyses. Raises QuotaExceeded.

    Nothing is locked, so concurrent calls may exceed a limit by their number.
    """
    waiting = await check_open_analyses(connection, runtime, account_id)
    if submission.url is None:
        return waiting
    host, most = parse_target(normalize(submission.url)).authority, runtime.settings.max_urls_per_host
    since = runtime.clock.now() - MINUTE
    if await count_recent_of_host(connection, account_id, host, since=since, limit=most) >= most:
        raise QuotaExceeded(
            f"The account has submitted {most} URLs of {host} in a minute, the most it may.",
            policies=["urls-per-host"],
            retry_after=HOST_RETRY_S,
        )
    return waiting


async def check_open_analyses(connection: Connection, runtime: Runtime, account_id: str) -> int:
    """The account's number of unfinished analyses. Raises QuotaExceeded at the limit."""
    most = runtime.settings.max_open_analyses
    waiting = await count_open_analyses(connection, account_id, most)
    if waiting >= most:
        raise QuotaExceeded(
            f"The account has {most} unfinished analyses, the most it may have.",
            policies=["open-analyses"],
            retry_after=OPEN_RETRY_S,
        )
    return waiting


async def check_charges(connection: Connection, runtime: Runtime, holder: KeyHolder, cost: int) -> None:
    """Raises QuotaExceeded if `cost` more exceeds a policy in the window that ends now."""
    now = runtime.clock.now()
    for policy in runtime.settings.key_quotas:
        paid = await sum_recent_charges(
            connection,
            holder.account_id,
            holder.key_id,
            since=now - timedelta(seconds=policy.window_s),
            limit=policy.quota // cost + 1,
        )
        if paid and paid + cost > policy.quota:
            raise QuotaExceeded(
                f"The quota is used up: {policy.name} ({policy.quota} units in {policy.window_s} s).",
                policies=[policy.name],
                retry_after=-(-policy.window_s // STEPS),
            )
