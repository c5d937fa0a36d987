"""Lists of stories: one statement an order, all with the same filters (`stories_matching` in the database).

The filters are one SQL function. PostgreSQL inlines it and drops every filter that is null, so that lists,
counts, statistics and search share its lines and each combination gets its own plan. This needs a plan a call
(`plan_cache_mode`), some 20 µs; a generic plan would use no index. `tests/storage/test_query_plans.py` holds the
commonest lists to their indexes at 100,000 stories. Statements assembled from strings would do the same, but
nobody could read or prepare them.

`body` is a story's JSON as it stands in lists. A trigger writes it with the row (migrations 0019, 0021), so
that no statement can forget to. It has two parts, and the list puts the source's fields between them: a
corrected source rewrites no story. A page of a hundred takes half the process's time of building the objects
from columns in Python. Having PostgreSQL build the JSON at each read was the alternative; it takes as long as
Python. A test compares both to the byte.
"""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct

from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from schemas.enums import Band, SourceType, SpinType, Stance, StorySort, StoryStatus
from schemas.stories import StoryRow

# A page of stories, newest first, after a (listed_at, id) position.
SELECT_STORIES_BY_TIME = """
SELECT s.listed_at AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) s
WHERE $17::timestamptz IS NULL OR (s.listed_at, s.id) < ($17, $18::text)
ORDER BY s.listed_at DESC, s.id DESC LIMIT $19
"""

# The same of one entity; its own order is the list's, so a common entity is read as far as the page goes.
SELECT_STORIES_OF_ENTITY = """
SELECT s.listed_at AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM story_entities l
JOIN stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, $16) s
     ON s.id = l.story_id
WHERE l.entity_id = $15 AND ($17::timestamptz IS NULL OR (l.listed_at, l.story_id) < ($17, $18::text))
ORDER BY l.listed_at DESC, l.story_id DESC LIMIT $19
"""

# A page of scored stories, highest first, after a (score, id) position.
SELECT_STORIES_BY_SCORE = """
SELECT s.score AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) s
WHERE $17::smallint IS NULL OR (s.score, s.id) < ($17, $18::text)
ORDER BY s.score DESC, s.id DESC LIMIT $19
"""

# A page of stories, last added first, after a (created_at, id) position.
SELECT_STORIES_BY_ARRIVAL = """
SELECT s.created_at AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) s
WHERE $17::timestamptz IS NULL OR (s.created_at, s.id) < ($17, $18::text)
ORDER BY s.created_at DESC, s.id DESC LIMIT $19
"""

# A page of stories, last changed first, after an (updated_at, id) position.
SELECT_STORIES_BY_UPDATE = """
SELECT s.updated_at AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) s
WHERE $17::timestamptz IS NULL OR (s.updated_at, s.id) < ($17, $18::text)
ORDER BY s.updated_at DESC, s.id DESC LIMIT $19
"""

# The stories of the given ids that are served, in no order.
SELECT_STORIES_OF_IDS = """
SELECT s.id,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories s WHERE s.id = ANY ($1) AND s.status <> 'retracted'
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
    StorySort.CREATED_AT: SELECT_STORIES_BY_ARRIVAL,
    StorySort.UPDATED_AT: SELECT_STORIES_BY_UPDATE,
}


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
    return [
        Listed(key=(row["place"], row["id"]), shown=Raw(row["body"]), changed_at=row["updated_at"])
        for row in await connection.fetch(query, *where.values(), place, story_id, limit)
    ]


async def count_stories(connection: Connection, where: StoryFilter, limit: int) -> int:
    """At most `limit`, so that the count costs the same whatever there is."""
    count: int = await connection.fetchval(COUNT_STORIES, *where.values(), limit)
    return count


async def get_story_rows(connection: Connection, story_ids: list[str]) -> dict[str, Raw]:
    """The JSON of those stories that are there and not retracted, by id."""
    rows = await connection.fetch(SELECT_STORIES_OF_IDS, story_ids)
    return {row["id"]: Raw(row["body"]) for row in rows}


def row_of(listed: Listed) -> StoryRow:
    """The story of a list's place."""
    assert isinstance(listed.shown, Raw), "lists of stories hold JSON"
    return story_row(listed.shown)


def story_row(body: bytes | Raw) -> StoryRow:
    """A story as it stands in lists, from its JSON."""
    return msgspec.json.decode(body, type=StoryRow)
