"""The health of endpoints: failures, circuit breakers, verification, disabling."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# Locks, in one order, the endpoints that attempts change: failed ones, those with recorded failures, and
# pending ones.
LOCK_CHANGING = """
SELECT id FROM webhook_endpoints
WHERE id = ANY($1::text[])
  AND (id = ANY($2::text[]) OR first_failure_at IS NOT NULL OR breaker_until IS NOT NULL OR status = 'pending')
ORDER BY id FOR NO KEY UPDATE
"""

# Clears the failures of endpoints that succeeded.
UPDATE_WELL = """
UPDATE webhook_endpoints
SET first_failure_at = NULL, last_failure_at = NULL, failing_since = NULL, breaker_until = NULL
WHERE id = ANY($1::text[]) AND (first_failure_at IS NOT NULL OR breaker_until IS NOT NULL)
"""

# Activates endpoints that answered a ping at their current URL.
UPDATE_ANSWERED = """
UPDATE webhook_endpoints e SET status = 'active', updated_at = $3
FROM unnest($1::text[], $2::text[]) AS p (id, url) WHERE e.id = p.id AND e.url = p.url AND e.status = 'pending'
"""

# The failures of an active endpoint, locked.
LOCK_FAILURES = """
SELECT account_id, url, first_failure_at, last_failure_at, failing_since
FROM webhook_endpoints WHERE id = $1 AND status = 'active' FOR NO KEY UPDATE
"""

# Records failures.
UPDATE_FAILURES = """
UPDATE webhook_endpoints SET first_failure_at = $2, last_failure_at = $3, failing_since = $4 WHERE id = $1
"""

# Opens an endpoint's circuit breaker.
UPDATE_BREAKER = """
UPDATE webhook_endpoints SET breaker_until = $2 WHERE id = $1
"""

# Disables an endpoint permanently.
UPDATE_DISABLED = """
UPDATE webhook_endpoints
SET status = 'disabled', disabled_reason = $2, breaker_until = NULL, row_version = row_version + 1,
    updated_at = $3
WHERE id = $1
"""


class Failures(Struct, kw_only=True, frozen=True):
    account_id: str
    url: str
    first_failure_at: datetime | None
    last_failure_at: datetime | None
    failing_since: datetime | None


async def hold_changing(
    connection: Connection, endpoint_ids: Collection[str], failed: Collection[str]
) -> frozenset[str]:
    """Lock the endpoints that attempts may change. Must be the first statement of the transaction."""
    rows = await connection.fetch(LOCK_CHANGING, list(endpoint_ids), list(failed))
    return frozenset(row["id"] for row in rows)


async def note_well(connection: Connection, endpoint_ids: Sequence[str]) -> None:
    await connection.execute(UPDATE_WELL, list(endpoint_ids))


async def activate(connection: Connection, answered: Mapping[str, str], at: datetime) -> None:
    """`answered`: the URL that answered, by endpoint id; endpoints with another URL by now stay pending."""
    await connection.execute(UPDATE_ANSWERED, list(answered), list(answered.values()), at)


async def lock_failures(connection: Connection, endpoint_id: str) -> Failures | None:
    """None if the endpoint is missing or not active."""
    row = await connection.fetchrow(LOCK_FAILURES, endpoint_id)
    return None if row is None else Failures(**dict(row))


async def set_failures(
    connection: Connection,
    endpoint_id: str,
    first_failure_at: datetime | None,
    last_failure_at: datetime | None,
    failing_since: datetime | None,
) -> None:
    await connection.execute(UPDATE_FAILURES, endpoint_id, first_failure_at, last_failure_at, failing_since)


async def set_breaker(connection: Connection, endpoint_id: str, until: datetime) -> None:
    await connection.execute(UPDATE_BREAKER, endpoint_id, until)


async def disable(connection: Connection, endpoint_id: str, reason: str, at: datetime) -> None:
    await connection.execute(UPDATE_DISABLED, endpoint_id, reason, at)
