"""Reads the rest of a key's quotas, and its account's use of limits."""

from api.cache.token_buckets import Taken
from api.runtime.quotas import ANALYSIS, READ
from api.runtime.runtime import Runtime
from api.storage.analyses.analyses import count_open_analyses
from api.storage.keys.keys import KeyHolder
from schemas.usage import Cap, Costs, QuotaUsage, Usage


async def read_usage(runtime: Runtime, holder: KeyHolder, taken: Taken | None) -> Usage:
    """`taken` is the state of the key's quotas, None if they cannot be counted. Raises Unavailable."""
    settings = runtime.settings
    async with runtime.pool.connection() as connection:
        used = await count_open_analyses(connection, holder.account_id, settings.max_open_analyses)
    return Usage(
        key_id=holder.key_id,
        account_id=holder.account_id,
        quotas=[
            QuotaUsage(
                policy=policy.name,
                quota=policy.quota,
                window_s=policy.window_s,
                remaining=taken.state[2 * number] if taken else None,
                refill_s=taken.state[2 * number + 1] if taken else None,
            )
            for number, policy in enumerate(settings.key_quotas)
        ],
        costs=Costs(read=READ.cost, analysis=ANALYSIS.cost),
        open_analyses=Cap(used=used, limit=settings.max_open_analyses),
        max_urls_per_host=settings.max_urls_per_host,
    )
