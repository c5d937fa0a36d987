"""Sources: publishers, found by domain."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from api.storage.database.like_patterns import containing
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.database.spelling import spell_name
from api.web.sites import bare_host
from schemas.enums import ModelPermission, SourceType
from schemas.sources import Source, SourceSummary

# One source with its ordered domains, by id or slug.
SELECT_SOURCE = """
SELECT s.id, s.slug, s.name, s.type, s.ownership, s.known, s.corrected_at, s.created_at, s.updated_at,
       s.model_use,
       s.feeds || ARRAY(SELECT f.url FROM feeds f WHERE f.source_id = s.id AND f.url <> ALL (s.feeds)
                        ORDER BY f.id) AS feeds,
       ARRAY(SELECT d.domain FROM source_domains d WHERE d.source_id = s.id ORDER BY d.position) AS domains
FROM sources s WHERE s.id = $1 OR s.slug = $1
"""

# Locks a source against concurrent corrections.
LOCK_SOURCE = """
SELECT id FROM sources WHERE id = $1 OR slug = $1 FOR NO KEY UPDATE
"""

# A page of sources by id, optionally of one type, or with a name that contains $2 or resembles $3.
SELECT_SOURCES = """
SELECT s.id, s.slug, s.name, s.type, s.ownership, s.known, s.corrected_at, s.created_at, s.updated_at,
       s.model_use,
       s.feeds || ARRAY(SELECT f.url FROM feeds f WHERE f.source_id = s.id AND f.url <> ALL (s.feeds)
                        ORDER BY f.id) AS feeds,
       ARRAY(SELECT d.domain FROM source_domains d WHERE d.source_id = s.id ORDER BY d.position) AS domains
FROM sources s
WHERE ($1::text IS NULL OR s.type = $1)
  AND ($3::text IS NULL OR s.name ILIKE $2 OR s.name %> $3)
  AND ($4::text IS NULL OR s.id > $4)
ORDER BY s.id LIMIT $5
"""

# Matching sources, counted up to a limit.
COUNT_SOURCES = """
SELECT count(*) FROM (
    SELECT FROM sources s
    WHERE ($1::text IS NULL OR s.type = $1) AND ($3::text IS NULL OR s.name ILIKE $2 OR s.name %> $3) LIMIT $4
) AS found
"""

# Sources by id, unordered.
SELECT_SOURCES_OF_IDS = """
SELECT s.id, s.slug, s.name, s.type, s.ownership, s.known, s.corrected_at, s.created_at, s.updated_at,
       s.model_use,
       s.feeds || ARRAY(SELECT f.url FROM feeds f WHERE f.source_id = s.id AND f.url <> ALL (s.feeds)
                        ORDER BY f.id) AS feeds,
       ARRAY(SELECT d.domain FROM source_domains d WHERE d.source_id = s.id ORDER BY d.position) AS domains
FROM sources s WHERE s.id = ANY ($1)
"""

# The source of the longest known domain.
SELECT_SOURCE_OF_DOMAIN = """
SELECT s.id, s.slug, s.name, s.type, d.domain
FROM source_domains d JOIN sources s ON s.id = d.source_id
WHERE d.domain = ANY ($1) ORDER BY length(d.domain) DESC LIMIT 1
"""

# Inserts or updates a source by slug; a change raises row_version. Corrected sources are unchanged.
UPSERT_SOURCE = """
INSERT INTO sources AS s (id, slug, name, type, feeds, ownership, known, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
ON CONFLICT (slug) DO UPDATE
SET name = excluded.name, type = excluded.type, feeds = excluded.feeds, ownership = excluded.ownership,
    known = excluded.known, row_version = s.row_version + 1, updated_at = excluded.updated_at
WHERE s.corrected_at IS NULL
  AND (s.name, s.type, s.feeds, s.ownership, s.known)
      IS DISTINCT FROM (excluded.name, excluded.type, excluded.feeds, excluded.ownership, excluded.known)
"""

# Copies a source's type to its stories.
UPDATE_STORIES_OF_SOURCE = """
UPDATE stories s SET source_type = o.type
FROM sources o WHERE o.id = $1 AND s.source_id = o.id AND s.source_type <> o.type
"""

# The id of a slug.
SELECT_SOURCE_ID = """
SELECT id FROM sources WHERE id = $1 OR slug = $1
UNION ALL
SELECT source_id FROM source_domains WHERE domain = $2
LIMIT 1
"""

# Assigns a domain to a source, unless either source was corrected.
UPSERT_DOMAIN = """
INSERT INTO source_domains AS d (domain, source_id, position)
SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM sources s WHERE s.id = $2 AND s.corrected_at IS NOT NULL)
ON CONFLICT (domain) DO UPDATE SET source_id = excluded.source_id, position = excluded.position
WHERE NOT EXISTS (SELECT FROM sources s WHERE s.id = d.source_id AND s.corrected_at IS NOT NULL)
"""

# Stores an operator's correction.
UPDATE_CORRECTED = """
UPDATE sources SET name = $2, type = $3, ownership = $4, known = true, corrected_at = $5, updated_at = $5,
                   model_use = $6, row_version = row_version + 1
WHERE id = $1
"""

# Deletes removed domains.
DELETE_DOMAINS = """
DELETE FROM source_domains WHERE source_id = $1 AND domain <> ALL ($2::text[])
"""

# Sets a source's domains in order; domains of other sources are unchanged.
INSERT_DOMAINS = """
INSERT INTO source_domains AS d (domain, source_id, position)
SELECT w.domain, $1, w.position - 1 FROM unnest($2::text[]) WITH ORDINALITY AS w (domain, position)
ON CONFLICT (domain) DO UPDATE SET position = excluded.position WHERE d.source_id = excluded.source_id
RETURNING d.domain
"""


class SourceRecord(Struct, kw_only=True, frozen=True):
    """A source as data, from the seeds or from the first page of an unknown domain."""

    slug: str
    name: str
    type: SourceType
    domains: list[str]
    feeds: list[str] = []
    ownership: str | None = None
    known: bool = True


class SourceFilter(Struct, kw_only=True, frozen=True):
    """Filters of a list; None does not filter. `q` is a part of the name, possibly misspelt."""

    type: SourceType | None = None
    q: str | None = None

    def values(self) -> tuple[str | None, str | None, str | None]:
        """Arguments $1 to $3 of the statements."""
        return self.type, None if self.q is None else containing(self.q), self.q


async def get_source(connection: Connection, id_or_slug: str) -> Source | None:
    row = await connection.fetchrow(SELECT_SOURCE, id_or_slug)
    return None if row is None else source_of(row)


async def find_source_id(connection: Connection, given: str) -> str | None:
    """The id of a source given by id, slug or domain; None if it is unknown."""
    domain = given.lower()
    source_id: str | None = await connection.fetchval(SELECT_SOURCE_ID, given, bare_host(domain) or domain)
    return source_id


async def list_sources(
    connection: Connection, filter_: SourceFilter, *, after: str | None, limit: int
) -> list[Listed]:
    """At most `limit` sources, oldest first, after an id."""
    filter_ = await _respelt(connection, filter_)
    rows = await connection.fetch(SELECT_SOURCES, *filter_.values(), after, limit)
    return [
        Listed(key=source.id, shown=source, changed_at=source.updated_at) for source in map(source_of, rows)
    ]


async def count_sources(connection: Connection, filter_: SourceFilter, limit: int) -> int:
    """At most `limit`."""
    filter_ = await _respelt(connection, filter_)
    count: int = await connection.fetchval(COUNT_SOURCES, *filter_.values(), limit)
    return count


async def _respelt(connection: Connection, filter_: SourceFilter) -> SourceFilter:
    """With corrected names in `q`, if no name resembles all of it."""
    if filter_.q is None or await connection.fetchval(COUNT_SOURCES, *SourceFilter(q=filter_.q).values(), 1):
        return filter_
    return replace(filter_, q=await spell_name(connection, filter_.q))


async def get_sources(connection: Connection, source_ids: list[str]) -> dict[str, Source]:
    """The existing sources among these ids, by id."""
    return {row["id"]: source_of(row) for row in await connection.fetch(SELECT_SOURCES_OF_IDS, source_ids)}


async def find_source(connection: Connection, domains: Sequence[str]) -> SourceSummary | None:
    """The known source of a host; `domains` are the host and its parents."""
    row = await connection.fetchrow(SELECT_SOURCE_OF_DOMAIN, list(domains))
    if row is None:
        return None
    return SourceSummary(
        id=row["id"], slug=row["slug"], name=row["name"], type=SourceType(row["type"]), domain=row["domain"]
    )


async def upsert_source(connection: Connection, record: SourceRecord, new_id: str, at: datetime) -> str:
    """Store a source and its domains, and return its id."""
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
    source_id: str = await connection.fetchval(SELECT_SOURCE_ID, record.slug, "")
    await connection.execute(UPDATE_STORIES_OF_SOURCE, source_id)
    domains = [(domain, source_id, position) for position, domain in enumerate(record.domains)]
    await connection.executemany(UPSERT_DOMAIN, domains)
    return source_id


async def lock_source(connection: Connection, id_or_slug: str) -> Source | None:
    """The source, locked against corrections."""
    await connection.execute(LOCK_SOURCE, id_or_slug)
    return await get_source(connection, id_or_slug)


async def correct(connection: Connection, source: Source, at: datetime) -> list[str]:
    """Store all that a correction may change, and return the domains that belong to another source."""
    await connection.execute(
        UPDATE_CORRECTED, source.id, source.name, source.type.value, source.ownership, at, source.model_use
    )
    await connection.execute(UPDATE_STORIES_OF_SOURCE, source.id)
    await connection.execute(DELETE_DOMAINS, source.id, source.domains)
    assigned = {row["domain"] for row in await connection.fetch(INSERT_DOMAINS, source.id, source.domains)}
    return [domain for domain in source.domains if domain not in assigned]


def source_of(row: asyncpg.Record) -> Source:
    """A source from a row that includes `domains`."""
    return Source(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        type=SourceType(row["type"]),
        domains=row["domains"],
        feeds=row["feeds"],
        ownership=row["ownership"],
        known=row["known"],
        corrected_at=row["corrected_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        model_use=None if row["model_use"] is None else ModelPermission(row["model_use"]),
    )
