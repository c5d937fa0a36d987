"""Lists of stories: one statement per order, with shared filters (`stories_matching` in the database).

PostgreSQL inlines the filter function and drops null filters, so each combination has its own plan. This
requires custom plans (`plan_cache_mode`), about 20 µs; a generic plan uses no index.
`tests/storage/test_query_plans.py` checks the plans of common lists with 100,000 stories. Generated statements
could not be read or prepared in advance.

A trigger stores each story's list JSON in two parts (migrations 0019, 0026), and lists insert the source's
fields between them, so a corrected source rewrites no story. Building the objects in Python, or the JSON in
each query, takes twice as long for a page of 100. A test compares both byte for byte.
"""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct

from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from schemas.enums import Band, HappeningKind, SourceType, SpinType, Stance, StorySort, StoryStatus
from schemas.stories import StoryRow

# A page of stories, newest first, after a (listed_at, id) position.
SELECT_STORIES_BY_TIME = """
SELECT s.listed_at AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) s
WHERE $18::timestamptz IS NULL OR (s.listed_at, s.id) < ($18, $19::text)
ORDER BY s.listed_at DESC, s.id DESC LIMIT $20
"""

# The same for one entity, in the order of its own index, to read no more than a page.
SELECT_STORIES_OF_ENTITY = """
SELECT s.listed_at AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM story_entities l
JOIN stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, $16, $17) s
     ON s.id = l.story_id
WHERE l.entity_id = $15 AND ($18::timestamptz IS NULL OR (l.listed_at, l.story_id) < ($18, $19::text))
ORDER BY l.listed_at DESC, l.story_id DESC LIMIT $20
"""

# A page of scored stories, highest first, after a (score, id) position.
SELECT_STORIES_BY_SCORE = """
SELECT s.score AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) s
WHERE $18::smallint IS NULL OR (s.score, s.id) < ($18, $19::text)
ORDER BY s.score DESC, s.id DESC LIMIT $20
"""

# A page of stories, last added first, after a (created_at, id) position.
SELECT_STORIES_BY_ARRIVAL = """
SELECT s.created_at AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) s
WHERE $18::timestamptz IS NULL OR (s.created_at, s.id) < ($18, $19::text)
ORDER BY s.created_at DESC, s.id DESC LIMIT $20
"""

# A page of stories, last changed first, after an (updated_at, id) position.
SELECT_STORIES_BY_UPDATE = """
SELECT s.updated_at AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) s
WHERE $18::timestamptz IS NULL OR (s.updated_at, s.id) < ($18, $19::text)
ORDER BY s.updated_at DESC, s.id DESC LIMIT $20
"""

# Served stories by id, unordered.
SELECT_STORIES_OF_IDS = """
SELECT s.id,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM stories s WHERE s.id = ANY ($1) AND s.status <> 'retracted'
"""

# Matching stories, counted up to a limit.
COUNT_STORIES = """
SELECT count(*) FROM (
    SELECT FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    LIMIT $18
) AS found
"""

_ORDERS = {
    StorySort.PUBLISHED_AT: SELECT_STORIES_BY_TIME,
    StorySort.SCORE: SELECT_STORIES_BY_SCORE,
    StorySort.CREATED_AT: SELECT_STORIES_BY_ARRIVAL,
    StorySort.UPDATED_AT: SELECT_STORIES_BY_UPDATE,
}


class StoryFilter(Struct, kw_only=True, frozen=True):
    """Filters of a list; None does not filter. `source` and `entity` are ids.

    The fields are in the order of `stories_matching`'s parameters. `q` searches the newest 10,000 matching
    stories.
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
    happening: HappeningKind | None = None

    def values(self) -> tuple[Any, ...]:
        """Arguments $1 to $17 of the statements."""
        return tuple(getattr(self, name) for name in self.__struct_fields__)


async def list_stories(
    connection: Connection,
    filter_: StoryFilter,
    sort: StorySort,
    *,
    after: tuple[Any, str] | None,
    limit: int,
) -> list[Listed]:
    """At most `limit` stories in any order except relevance, after a (value of the order, id) position."""
    of_entity = sort is StorySort.PUBLISHED_AT and filter_.entity is not None
    query = SELECT_STORIES_OF_ENTITY if of_entity else _ORDERS[sort]
    place, story_id = after or (None, None)
    return [
        Listed(key=(row["place"], row["id"]), shown=Raw(row["body"]), changed_at=row["updated_at"])
        for row in await connection.fetch(query, *filter_.values(), place, story_id, limit)
    ]


async def count_stories(connection: Connection, filter_: StoryFilter, limit: int) -> int:
    """At most `limit`, to bound the cost."""
    count: int = await connection.fetchval(COUNT_STORIES, *filter_.values(), limit)
    return count


async def get_story_rows(connection: Connection, story_ids: list[str]) -> dict[str, Raw]:
    """The JSON of served stories, by id."""
    rows = await connection.fetch(SELECT_STORIES_OF_IDS, story_ids)
    return {row["id"]: Raw(row["body"]) for row in rows}


def row_of(listed: Listed) -> StoryRow:
    """The story of a list item."""
    assert isinstance(listed.shown, Raw), "lists of stories hold JSON"
    return story_row(listed.shown)


def story_row(body: bytes | Raw) -> StoryRow:
    """A story in a list, from its JSON."""
    return msgspec.json.decode(body, type=StoryRow)
