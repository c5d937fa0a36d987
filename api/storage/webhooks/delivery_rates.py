"""Rate limits of endpoints, in the database because all workers share them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# Locks the endpoints with a rate limit, except those locked by other workers.
LOCK_PACES = """
SELECT id, rate_limit, paced_until FROM webhook_endpoints
WHERE id = ANY($1::text[]) AND rate_limit IS NOT NULL FOR NO KEY UPDATE SKIP LOCKED
"""

# Sets when the next delivery may start.
UPDATE_PACES = """
UPDATE webhook_endpoints e SET paced_until = p.until
FROM unnest($1::text[], $2::timestamptz[]) AS p (id, until) WHERE e.id = p.id
"""

# Returns claimed deliveries that cannot start soon, without an attempt.
UPDATE_PUT_BACK = """
UPDATE deliveries d SET next_attempt_at = b.at
FROM unnest($1::text[], $2::timestamptz[]) AS b (id, at)
WHERE d.id = b.id AND d.status = 'pending'
"""


class Pace(Struct, kw_only=True, frozen=True):
    id: str
    rate_limit: int
    paced_until: datetime | None


async def lock_paces(connection: Connection, endpoint_ids: Sequence[str]) -> list[Pace]:
    return [Pace(**dict(row)) for row in await connection.fetch(LOCK_PACES, list(endpoint_ids))]


async def set_paces(connection: Connection, until: Mapping[str, datetime]) -> None:
    await connection.execute(UPDATE_PACES, list(until), list(until.values()))


async def put_back(connection: Connection, due_at: Mapping[str, datetime]) -> None:
    """`due_at`: the new due time by delivery id."""
    if due_at:
        await connection.execute(UPDATE_PUT_BACK, list(due_at), list(due_at.values()))
