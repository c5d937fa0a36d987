"""Feeds of sources: their state, which are due, and the results of polls.

Each host has a row with the time from which it may be polled. Claiming a feed moves that time past the poll, so
no two workers poll a host at once, and `Retry-After` applies to all its feeds. A lock during the poll would
keep a transaction open for as long as the site takes.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec
from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.source_feeds import Feed, FeedKind, FeedReading, FeedStatus
from schemas.wire import encode_json

# Adds a host unless it exists.
INSERT_HOST = """
INSERT INTO feed_hosts (host, free_at) VALUES ($1, $2) ON CONFLICT (host) DO NOTHING
"""

# Adds a feed, due at once, unless its URL exists.
INSERT_FEED = """
INSERT INTO feeds (id, source_id, url, key, host, status, interval_s, next_poll_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $7, $7) ON CONFLICT (key) DO NOTHING
RETURNING id
"""

# One feed.
SELECT_FEED = """
SELECT f.id, f.source_id, f.url, f.kind, f.status, f.interval_s, f.next_poll_at, f.last_polled_at, f.last_read_at,
       f.last_status, f.last_error, f.failures, f.last_reading, f.entries_seen, f.entries_taken, f.created_at,
       f.updated_at
FROM feeds f WHERE f.id = $1
"""

# The id of a feed, by URL key.
SELECT_FEED_ID = """
SELECT id FROM feeds WHERE key = $1
"""

# A page of feeds, oldest first, optionally of one source or only failing ones.
SELECT_FEEDS = """
SELECT f.id, f.source_id, f.url, f.kind, f.status, f.interval_s, f.next_poll_at, f.last_polled_at, f.last_read_at,
       f.last_status, f.last_error, f.failures, f.last_reading, f.entries_seen, f.entries_taken, f.created_at,
       f.updated_at
FROM feeds f
WHERE ($1::text IS NULL OR f.source_id = $1)
  AND ($2::boolean IS NULL OR (f.last_error IS NOT NULL) = $2)
  AND ($3::text IS NULL OR f.id > $3)
ORDER BY f.id LIMIT $4
"""

# Removes a feed; its announced URLs stay known.
DELETE_FEED = """
DELETE FROM feeds WHERE id = $1
"""

# Makes a feed due, even if it was gone.
UPDATE_DUE_NOW = """
UPDATE feeds SET status = 'active', next_poll_at = $2 WHERE id = $1
"""

# A source's representation includes its feeds.
TOUCH_SOURCE = """
UPDATE sources SET row_version = row_version + 1, updated_at = $2 WHERE id = $1
"""

# Claims due feeds, longest due first, one per host; the host is reserved until $3.
CLAIM_FEEDS = """
WITH due AS (
    SELECT f.id, f.host FROM feeds f JOIN feed_hosts h ON h.host = f.host
    WHERE f.status = 'active' AND f.next_poll_at <= $1 AND h.free_at <= $1
      AND NOT EXISTS (
          SELECT FROM feeds o WHERE o.host = f.host AND o.status = 'active'
                                AND (o.next_poll_at, o.id) < (f.next_poll_at, f.id))
    ORDER BY f.next_poll_at, f.id LIMIT $2 FOR UPDATE OF h SKIP LOCKED
),
held AS (
    UPDATE feed_hosts h SET free_at = $3 FROM due WHERE h.host = due.host
)
UPDATE feeds f SET claims = f.claims + 1 FROM due WHERE f.id = due.id
RETURNING f.id, f.source_id, f.url, f.host, f.claims, f.interval_s, f.failures, f.etag, f.last_modified, f.sha256,
          f.last_read_at IS NULL AS first, f.kind,
          CASE WHEN f.taken_on = ($1 AT TIME ZONE 'UTC')::date THEN f.taken_today ELSE 0 END AS taken_today
"""

# Releases the hosts of claimed feeds that were not polled; the feeds stay due.
RELEASE_FEEDS = """
UPDATE feed_hosts h SET free_at = $3
FROM unnest($1::text[], $2::integer[]) AS r (id, claims) JOIN feeds f ON f.id = r.id AND f.claims = r.claims
WHERE h.host = f.host
"""

# Changes a feed's URL.
UPDATE_ADDRESS = """
UPDATE feeds SET url = $2, key = $3, host = $4 WHERE id = $1 AND url <> $2
"""

# Records polls, if their claim is still valid, and releases the hosts.
UPDATE_POLLED = """
WITH polled AS (
    SELECT feed_id, claims, host, host_free_at, at, status, http_status, error, failures, interval_s,
           next_poll_at, validated, etag, last_modified, sha256, kind, reading
    FROM json_to_recordset($1::json) AS p (
        feed_id text, claims integer, host text, host_free_at timestamptz, at timestamptz, status text,
        http_status smallint, error text, failures integer, interval_s integer, next_poll_at timestamptz,
        validated boolean, etag text, last_modified text, sha256 text, kind text, reading json)
),
freed AS (
    UPDATE feed_hosts h SET free_at = p.host_free_at
    FROM polled p JOIN feeds f ON f.id = p.feed_id AND f.claims = p.claims WHERE h.host = p.host
)
UPDATE feeds f
SET status = p.status, last_polled_at = p.at, last_status = p.http_status, last_error = p.error,
    failures = p.failures, interval_s = p.interval_s, next_poll_at = p.next_poll_at,
    etag = CASE WHEN p.validated THEN p.etag ELSE f.etag END,
    last_modified = CASE WHEN p.validated THEN p.last_modified ELSE f.last_modified END,
    sha256 = CASE WHEN p.validated THEN decode(p.sha256, 'hex') ELSE f.sha256 END,
    kind = COALESCE(p.kind, f.kind),
    last_read_at = CASE WHEN p.kind IS NULL THEN f.last_read_at ELSE p.at END,
    last_reading = COALESCE(p.reading, f.last_reading),
    entries_seen = f.entries_seen
                   + COALESCE((p.reading ->> 'taken')::integer + (p.reading ->> 'old')::integer, 0),
    entries_taken = f.entries_taken + COALESCE((p.reading ->> 'taken')::integer, 0),
    taken_today = CASE WHEN f.taken_on = (p.at AT TIME ZONE 'UTC')::date THEN f.taken_today ELSE 0 END
                  + COALESCE((p.reading ->> 'taken')::integer, 0),
    taken_on = (p.at AT TIME ZONE 'UTC')::date,
    updated_at = p.at
FROM polled p WHERE f.id = p.feed_id AND f.claims = p.claims
RETURNING f.id
"""


class DueFeed(Struct, kw_only=True, frozen=True):
    """A claimed feed. `first`: it was never read; `claims` is the fence."""

    id: str
    source_id: str
    url: str
    host: str
    claims: int
    interval_s: int
    failures: int
    etag: str | None
    last_modified: str | None
    sha256: bytes | None
    first: bool
    kind: str | None
    taken_today: int


class Polled(Struct, kw_only=True, frozen=True):
    """The result of a poll. `validated`: store the next three values; `sha256` in hexadecimal.

    `kind` and `reading` are set if a document was read, `moved_to` if the feed has a new URL.
    """

    feed_id: str
    claims: int
    host: str
    host_free_at: datetime
    at: datetime
    status: FeedStatus
    http_status: int | None
    error: str | None
    failures: int
    interval_s: int
    next_poll_at: datetime
    validated: bool = False
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    kind: FeedKind | None = None
    reading: FeedReading | None = None
    moved_to: str | None = None


async def insert_feed(
    connection: Connection,
    *,
    feed_id: str,
    source_id: str,
    url: str,
    key: str,
    host: str,
    interval_s: int,
    at: datetime,
) -> bool:
    """False if a feed with this URL exists."""
    await connection.execute(INSERT_HOST, host, at)
    created = await connection.fetchval(INSERT_FEED, feed_id, source_id, url, key, host, interval_s, at)
    return created is not None


async def get_feed(connection: Connection, feed_id: str) -> Feed | None:
    row = await connection.fetchrow(SELECT_FEED, feed_id)
    return None if row is None else _feed(row)


async def find_feed_id(connection: Connection, key: str) -> str | None:
    found: str | None = await connection.fetchval(SELECT_FEED_ID, key)
    return found


async def list_feeds(
    connection: Connection, *, source_id: str | None, failing: bool | None, after: str | None, limit: int
) -> list[Feed]:
    rows = await connection.fetch(SELECT_FEEDS, source_id, failing, after, limit)
    return [_feed(row) for row in rows]


async def delete_feed(connection: Connection, feed_id: str) -> None:
    await connection.execute(DELETE_FEED, feed_id)


async def set_due(connection: Connection, feed_id: str, at: datetime) -> None:
    await connection.execute(UPDATE_DUE_NOW, feed_id, at)


async def touch_source(connection: Connection, source_id: str, at: datetime) -> None:
    await connection.execute(TOUCH_SOURCE, source_id, at)


async def claim_feeds(connection: Connection, now: datetime, *, until: datetime, limit: int) -> list[DueFeed]:
    """At most `limit`, each of another host, reserved until `until`."""
    return [DueFeed(**dict(row)) for row in await connection.fetch(CLAIM_FEEDS, now, limit, until)]


async def release_feeds(connection: Connection, feeds: Sequence[DueFeed], at: datetime) -> None:
    """Release claimed feeds that were not polled."""
    await connection.execute(RELEASE_FEEDS, [feed.id for feed in feeds], [feed.claims for feed in feeds], at)


async def record_polls(connection: Connection, polled: Sequence[Polled]) -> set[str]:
    """The ids of the feeds whose claims were still valid."""
    rows = await connection.fetch(UPDATE_POLLED, encode_json(list(polled)).decode())
    return {row["id"] for row in rows}


async def move_feed(
    connection: Connection, feed_id: str, url: str, key: str, host: str, at: datetime
) -> None:
    """Raises UniqueViolationError if another feed has the URL."""
    await connection.execute(INSERT_HOST, host, at)
    await connection.execute(UPDATE_ADDRESS, feed_id, url, key, host)


def _feed(row: asyncpg.Record) -> Feed:
    reading, kind, status = row["last_reading"], row["kind"], FeedStatus(row["status"])
    return Feed(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        kind=FeedKind(kind) if kind else None,
        status=status,
        interval_s=row["interval_s"],
        next_poll_at=row["next_poll_at"] if status is FeedStatus.ACTIVE else None,
        last_polled_at=row["last_polled_at"],
        last_read_at=row["last_read_at"],
        last_status=row["last_status"],
        last_error=row["last_error"],
        failures=row["failures"],
        last_reading=msgspec.json.decode(reading, type=FeedReading) if reading else None,
        entries_seen=row["entries_seen"],
        entries_taken=row["entries_taken"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
