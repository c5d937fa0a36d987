"""Sources: publishers, resolved by domain."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct

from api.storage.pool import Connection
from schemas.enums import SourceType
from schemas.sources import Source, SourceSummary

# One source with its domains in their order, by id or slug.
SELECT_SOURCE = """
SELECT s.id, s.slug, s.name, s.type, s.feeds, s.ownership, s.known, s.created_at, s.updated_at,
       ARRAY(SELECT d.domain FROM source_domains d WHERE d.source_id = s.id ORDER BY d.position) AS domains
FROM sources s WHERE s.id = $1 OR s.slug = $1
"""

# A page of sources in order of id, optionally of one type.
SELECT_SOURCES = """
SELECT s.id, s.slug, s.name, s.type, s.feeds, s.ownership, s.known, s.created_at, s.updated_at,
       ARRAY(SELECT d.domain FROM source_domains d WHERE d.source_id = s.id ORDER BY d.position) AS domains
FROM sources s
WHERE ($1::text IS NULL OR s.type = $1) AND ($2::text IS NULL OR s.id > $2)
ORDER BY s.id LIMIT $3
"""

# The source of the longest of the given domains that any source has.
SELECT_SOURCE_OF_DOMAIN = """
SELECT s.id, s.slug, s.name, s.type, d.domain
FROM source_domains d JOIN sources s ON s.id = d.source_id
WHERE d.domain = ANY ($1) ORDER BY length(d.domain) DESC LIMIT 1
"""

# Makes or corrects a source, found again by its slug; a change raises row_version.
UPSERT_SOURCE = """
INSERT INTO sources AS s (id, slug, name, type, feeds, ownership, known, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
ON CONFLICT (slug) DO UPDATE
SET name = excluded.name, type = excluded.type, feeds = excluded.feeds, ownership = excluded.ownership,
    known = excluded.known, row_version = s.row_version + 1, updated_at = excluded.updated_at
WHERE (s.name, s.type, s.feeds, s.ownership, s.known)
      IS DISTINCT FROM (excluded.name, excluded.type, excluded.feeds, excluded.ownership, excluded.known)
"""

# The id behind a slug.
SELECT_SOURCE_ID = """
SELECT id FROM sources WHERE slug = $1
"""

# Gives a domain to a source; a domain has one source.
UPSERT_DOMAIN = """
INSERT INTO source_domains (domain, source_id, position) VALUES ($1, $2, $3)
ON CONFLICT (domain) DO UPDATE SET source_id = excluded.source_id, position = excluded.position
"""


class SourceRecord(Struct, kw_only=True, frozen=True):
    """A source as data: what the seeds hold, or what a first visit to an unknown domain makes."""

    slug: str
    name: str
    type: SourceType
    domains: list[str]
    feeds: list[str] = []
    ownership: str | None = None
    known: bool = True


async def get_source(connection: Connection, id_or_slug: str) -> Source | None:
    row = await connection.fetchrow(SELECT_SOURCE, id_or_slug)
    return None if row is None else _source(row)


async def list_sources(
    connection: Connection, *, source_type: str | None, after_id: str | None, limit: int
) -> list[Source]:
    return [_source(row) for row in await connection.fetch(SELECT_SOURCES, source_type, after_id, limit)]


async def find_source(connection: Connection, domains: Sequence[str]) -> SourceSummary | None:
    """The known source of a host: `domains` are the host and its parents, `a.b.c`, `b.c`."""
    row = await connection.fetchrow(SELECT_SOURCE_OF_DOMAIN, list(domains))
    if row is None:
        return None
    return SourceSummary(
        id=row["id"], slug=row["slug"], name=row["name"], type=SourceType(row["type"]), domain=row["domain"]
    )


async def upsert_source(connection: Connection, record: SourceRecord, new_id: str, at: datetime) -> str:
    """Store a source and its domains; its id, new or the one it had."""
    await connection.execute(
        UPSERT_SOURCE,
        new_id,
        record.slug,
        record.name,
        record.type.value,
        record.feeds,
        record.ownership,
        record.known,
        at,
    )
    source_id: str = await connection.fetchval(SELECT_SOURCE_ID, record.slug)
    domains = [(domain, source_id, position) for position, domain in enumerate(record.domains)]
    await connection.executemany(UPSERT_DOMAIN, domains)
    return source_id


def _source(row: asyncpg.Record) -> Source:
    return Source(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        type=SourceType(row["type"]),
        domains=row["domains"],
        feeds=row["feeds"],
        ownership=row["ownership"],
        known=row["known"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
