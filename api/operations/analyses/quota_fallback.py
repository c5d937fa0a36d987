"""The quota of a key while Valkey is away: what it paid for analyses lately, counted in the database.

Nothing is refused merely because Valkey is away. Each process counts reads by itself, and analyses are counted
by the payments in the database. What is left of a quota is unknown then, so `RateLimit` is left out. The caps
on an account (`check_caps.py`) are counted in the database always: they are few, and must outlive a cache.
"""

from datetime import timedelta

from api.cache.token_buckets import STEPS
from api.errors import QuotaExceeded
from api.runtime.runtime import Runtime
from api.storage.analyses.analyses import sum_recent_charges
from api.storage.database.pool import Connection
from api.storage.keys.keys import KeyHolder


async def check_charges(connection: Connection, runtime: Runtime, holder: KeyHolder, cost: int) -> None:
    """Raises QuotaExceeded where `cost` more goes over a policy in the window that ends now."""
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
