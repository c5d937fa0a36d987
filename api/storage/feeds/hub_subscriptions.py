"""Subscriptions at WebSub hubs: who tells of which feed's news, until when, and to which address of ours."""

from datetime import datetime, timedelta

from msgspec import Struct

from api.storage.database.pool import Connection

# What is subscribed to for a feed, if anything.
SELECT_OF_FEED = """
SELECT hub, topic FROM hub_subscriptions WHERE feed_id = $1
"""

# Has a hub asked for a feed's news; what was asked of another hub before is forgotten.
UPSERT_SUBSCRIPTION = """
INSERT INTO hub_subscriptions (token, feed_id, hub, topic, sealed, status, try_at, created_at)
VALUES ($1, $2, $3, $4, $5, 'pending', $6, $6)
ON CONFLICT (feed_id) DO UPDATE
SET token = excluded.token, hub = excluded.hub, topic = excluded.topic, sealed = excluded.sealed,
    status = 'pending', try_at = excluded.try_at, asked_at = NULL, expires_at = NULL, failures = 0,
    last_error = NULL, created_at = excluded.created_at
"""

# Forgets what is subscribed to for a feed.
DELETE_OF_FEED = """
DELETE FROM hub_subscriptions WHERE feed_id = $1
"""

# Takes subscriptions whose hubs are to be asked. Unless one confirms it is due again later, and ever later.
CLAIM_DUE_HUBS = """
WITH due AS (
    SELECT h.token FROM hub_subscriptions h WHERE h.try_at <= $1
    ORDER BY h.try_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE hub_subscriptions h
SET asked_at = $1, failures = h.failures + 1,
    try_at = $1 + LEAST($3::interval * power(2, LEAST(h.failures, 10)), interval '1 day')
FROM due WHERE h.token = due.token
RETURNING h.token, h.feed_id, h.hub, h.topic, h.sealed
"""

# Writes down why a hub did not take what it was asked.
UPDATE_HUB_ERROR = """
UPDATE hub_subscriptions SET last_error = $2 WHERE token = $1
"""

# Confirms what was asked since $4, for that topic; no row where nothing was.
UPDATE_CONFIRMED = """
UPDATE hub_subscriptions
SET status = 'active', expires_at = $3, try_at = $5, failures = 0, last_error = NULL
WHERE token = $1 AND topic = $2 AND asked_at >= $4 RETURNING feed_id
"""

# The hub says that it will not tell.
UPDATE_DENIED = """
UPDATE hub_subscriptions SET status = 'denied', expires_at = NULL, last_error = $2, try_at = $3
WHERE token = $1 RETURNING feed_id
"""

# What verifies a notice.
SELECT_SEALED = """
SELECT sealed FROM hub_subscriptions WHERE token = $1
"""

# A notice: the feed is due now, but not more often than each so many seconds.
UPDATE_NOTIFIED = """
WITH told AS (UPDATE hub_subscriptions SET last_notice_at = $2 WHERE token = $1 RETURNING feed_id)
UPDATE feeds f SET next_poll_at = LEAST(f.next_poll_at, GREATEST($2, f.last_polled_at + $3::interval))
FROM told WHERE f.id = told.feed_id AND f.status = 'active'
"""


class DueHub(Struct, kw_only=True, frozen=True):
    """A subscription that is to be asked for, or asked for again."""

    token: str
    feed_id: str
    hub: str
    topic: str
    sealed: bytes


async def find_subscribed(connection: Connection, feed_id: str) -> tuple[str, str] | None:
    """Hub and topic."""
    row = await connection.fetchrow(SELECT_OF_FEED, feed_id)
    return None if row is None else (row["hub"], row["topic"])


async def set_subscription(
    connection: Connection, *, token: str, feed_id: str, hub: str, topic: str, sealed: bytes, at: datetime
) -> None:
    await connection.execute(UPSERT_SUBSCRIPTION, token, feed_id, hub, topic, sealed, at)


async def drop_subscription(connection: Connection, feed_id: str) -> None:
    await connection.execute(DELETE_OF_FEED, feed_id)


async def claim_due_hubs(
    connection: Connection, now: datetime, *, limit: int, again_after: timedelta
) -> list[DueHub]:
    """`again_after` the first time, twice as long after each further one, up to a day."""
    rows = await connection.fetch(CLAIM_DUE_HUBS, now, limit, again_after)
    return [DueHub(**dict(row)) for row in rows]


async def record_error(connection: Connection, token: str, error: str) -> None:
    await connection.execute(UPDATE_HUB_ERROR, token, error)


async def confirm(
    connection: Connection,
    token: str,
    topic: str,
    *,
    asked_since: datetime,
    expires_at: datetime,
    renew_at: datetime,
) -> bool:
    """Whether that was asked for."""
    found = await connection.fetchval(UPDATE_CONFIRMED, token, topic, expires_at, asked_since, renew_at)
    return found is not None


async def deny(connection: Connection, token: str, reason: str, try_at: datetime) -> bool:
    """Whether there is such a subscription."""
    return await connection.fetchval(UPDATE_DENIED, token, reason, try_at) is not None


async def get_sealed_secret(connection: Connection, token: str) -> bytes | None:
    sealed: bytes | None = await connection.fetchval(SELECT_SEALED, token)
    return sealed


async def note_notice(connection: Connection, token: str, at: datetime, *, at_most_each: timedelta) -> None:
    await connection.execute(UPDATE_NOTIFIED, token, at, at_most_each)
