"""Lists of stories: one statement an order, all with the same filters (`stories_matching` in the database)."""

from datetime import datetime
from typing import Any

import asyncpg
from msgspec import Struct

from api.storage.listed import Listed
from api.storage.pool import Connection
from schemas.enums import Band, SourceType, SpinType, Stance, StorySort, StoryStatus
from schemas.sources import SourceSummary
from schemas.stories import Match, StoryRow

# A page of stories, newest first, after a (listed_at, id) position.
SELECT_STORIES_BY_TIME = """
SELECT s.listed_at AS place, s.id, s.slug, s.url, s.status, s.title, s.published_at, s.language, s.vertical,
       s.verdict_id, s.version, s.primary_type, s.secondary_type, s.tactic, s.score, s.band, s.stance, s.deck,
       s.created_at, s.updated_at, s.source_id, s.source_domain,
       o.slug AS source_slug, o.name AS source_name, o.type AS source_type
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) s
JOIN sources o ON o.id = s.source_id
WHERE $17::timestamptz IS NULL OR (s.listed_at, s.id) < ($17, $18::text)
ORDER BY s.listed_at DESC, s.id DESC LIMIT $19
"""

# The same of one entity; its own order is the list's, so a common entity is read as far as the page goes.
SELECT_STORIES_OF_ENTITY = """
SELECT s.listed_at AS place, s.id, s.slug, s.url, s.status, s.title, s.published_at, s.language, s.vertical,
       s.verdict_id, s.version, s.primary_type, s.secondary_type, s.tactic, s.score, s.band, s.stance, s.deck,
       s.created_at, s.updated_at, s.source_id, s.source_domain,
       o.slug AS source_slug, o.name AS source_name, o.type AS source_type
FROM story_entities l
JOIN stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, $16) s
     ON s.id = l.story_id
JOIN sources o ON o.id = s.source_id
WHERE l.entity_id = $15 AND ($17::timestamptz IS NULL OR (l.listed_at, l.story_id) < ($17, $18::text))
ORDER BY l.listed_at DESC, l.story_id DESC LIMIT $19
"""

# A page of scored stories, highest first, after a (score, id) position.
SELECT_STORIES_BY_SCORE = """
SELECT s.score AS place, s.id, s.slug, s.url, s.status, s.title, s.published_at, s.language, s.vertical,
       s.verdict_id, s.version, s.primary_type, s.secondary_type, s.tactic, s.score, s.band, s.stance, s.deck,
       s.created_at, s.updated_at, s.source_id, s.source_domain,
       o.slug AS source_slug, o.name AS source_name, o.type AS source_type
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) s
JOIN sources o ON o.id = s.source_id
WHERE $17::smallint IS NULL OR (s.score, s.id) < ($17, $18::text)
ORDER BY s.score DESC, s.id DESC LIMIT $19
"""

# A page of stories, last changed first, after an (updated_at, id) position.
SELECT_STORIES_BY_UPDATE = """
SELECT s.updated_at AS place, s.id, s.slug, s.url, s.status, s.title, s.published_at, s.language, s.vertical,
       s.verdict_id, s.version, s.primary_type, s.secondary_type, s.tactic, s.score, s.band, s.stance, s.deck,
       s.created_at, s.updated_at, s.source_id, s.source_domain,
       o.slug AS source_slug, o.name AS source_name, o.type AS source_type
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) s
JOIN sources o ON o.id = s.source_id
WHERE $17::timestamptz IS NULL OR (s.updated_at, s.id) < ($17, $18::text)
ORDER BY s.updated_at DESC, s.id DESC LIMIT $19
"""

# The stories of the given ids that are served, in no order.
SELECT_STORIES_OF_IDS = """
SELECT s.id AS place, s.id, s.slug, s.url, s.status, s.title, s.published_at, s.language, s.vertical,
       s.verdict_id, s.version, s.primary_type, s.secondary_type, s.tactic, s.score, s.band, s.stance, s.deck,
       s.created_at, s.updated_at, s.source_id, s.source_domain,
       o.slug AS source_slug, o.name AS source_name, o.type AS source_type
FROM stories s JOIN sources o ON o.id = s.source_id WHERE s.id = ANY ($1) AND s.status <> 'retracted'
"""

# How many stories pass the filters, counted up to a limit.
COUNT_STORIES = """
SELECT count(*) FROM (
    SELECT FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) LIMIT $17
) AS found
"""

_ORDERS = {
    StorySort.PUBLISHED_AT: SELECT_STORIES_BY_TIME,
    StorySort.SCORE: SELECT_STORIES_BY_SCORE,
    StorySort.UPDATED_AT: SELECT_STORIES_BY_UPDATE,
}

# Each a text of the database to its member; a look-up takes a tenth of the time of a call of the enum.
_STATUS = {member.value: member for member in StoryStatus}
_SOURCE_TYPE = {member.value: member for member in SourceType}
_SPIN_TYPE = {None: None} | {member.value: member for member in SpinType}
_BAND = {None: None} | {member.value: member for member in Band}
_STANCE = {None: None} | {member.value: member for member in Stance}


class StoryFilter(Struct, kw_only=True, frozen=True):
    """Which stories a list shows; None does not filter. `source` and `entity` are ids.

    The fields stand in the order of the parameters of `stories_matching`. With `q`, the newest 10,000 stories in
    which its words stand are looked at.
    """

    status: StoryStatus = StoryStatus.SCORED
    source: str | None = None
    source_type: SourceType | None = None
    vertical: str | None = None
    spin_type: SpinType | None = None
    tactic: str | None = None
    min_score: int | None = None
    max_score: int | None = None
    band: Band | None = None
    stance: Stance | None = None
    evidence_strength: str | None = None
    lang: str | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    entity: str | None = None
    q: str | None = None

    def values(self) -> tuple[Any, ...]:
        """Arguments $1 to $16 of every statement with these filters."""
        return tuple(getattr(self, name) for name in self.__struct_fields__)


async def list_stories(
    connection: Connection,
    where: StoryFilter,
    sort: StorySort,
    *,
    after: tuple[Any, str] | None,
    limit: int,
) -> list[Listed]:
    """At most `limit` stories in any order but that of relevance, after a (value of the order, id) position."""
    of_entity = sort is StorySort.PUBLISHED_AT and where.entity is not None
    query = SELECT_STORIES_OF_ENTITY if of_entity else _ORDERS[sort]
    place, story_id = after or (None, None)
    rows = await connection.fetch(query, *where.values(), place, story_id, limit)
    return [listed_story(row, None) for row in rows]


async def list_latest_stories(connection: Connection, where: StoryFilter, limit: int) -> list[StoryRow]:
    """The newest that pass the filters."""
    rows = await connection.fetch(SELECT_STORIES_BY_TIME, *where.values(), None, None, limit)
    return [story_row(row, None) for row in rows]


async def count_stories(connection: Connection, where: StoryFilter, limit: int) -> int:
    """At most `limit`, so that the count costs the same whatever there is."""
    count: int = await connection.fetchval(COUNT_STORIES, *where.values(), limit)
    return count


async def get_story_rows(connection: Connection, story_ids: list[str]) -> dict[str, StoryRow]:
    """The rows of those stories that are there and not retracted, by id."""
    return {
        row["id"]: story_row(row, None) for row in await connection.fetch(SELECT_STORIES_OF_IDS, story_ids)
    }


def listed_story(row: asyncpg.Record, match: Match | None) -> Listed:
    shown = story_row(row, match)
    return Listed(key=(row["place"], shown.id), shown=shown, changed_at=shown.updated_at)


def story_row(row: asyncpg.Record, match: Match | None) -> StoryRow:
    """A story's columns as it stands in lists."""
    return StoryRow(
        id=row["id"],
        slug=row["slug"],
        url=row["url"],
        status=_STATUS[row["status"]],
        title=row["title"],
        published_at=row["published_at"],
        language=row["language"],
        vertical=row["vertical"],
        source=SourceSummary(
            id=row["source_id"],
            slug=row["source_slug"],
            name=row["source_name"],
            type=_SOURCE_TYPE[row["source_type"]],
            domain=row["source_domain"],
        ),
        verdict_id=row["verdict_id"],
        version=row["version"],
        primary=_SPIN_TYPE[row["primary_type"]],
        secondary=_SPIN_TYPE[row["secondary_type"]],
        tactic=row["tactic"],
        score=row["score"],
        band=_BAND[row["band"]],
        stance=_STANCE[row["stance"]],
        deck=row["deck"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        match=match,
    )
