"""What a key has left of its quotas, and its account of its caps."""

from collections.abc import Sequence

from api.cache.buckets import Level
from api.operations.charge import ANALYSIS, READ
from api.operations.runtime import Runtime
from api.storage.analyses import count_open_analyses
from api.storage.keys import KeyHolder
from schemas.usage import Cap, Costs, QuotaUsage, Usage


async def read_usage(runtime: Runtime, holder: KeyHolder, levels: Sequence[Level]) -> Usage:
    """`levels` are those of the key; none where they cannot be counted. Raises Unavailable."""
    settings = runtime.settings
    known = {level.policy: level for level in levels}
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
                remaining=known[policy].remaining if policy in known else None,
                refill_s=known[policy].refill_s if policy in known else None,
            )
            for policy in settings.key_quotas
        ],
        costs=Costs(read=READ.cost, analysis=ANALYSIS.cost),
        open_analyses=Cap(used=used, limit=settings.max_open_analyses),
        max_urls_per_host=settings.max_urls_per_host,
    )
