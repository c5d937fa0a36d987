"""Batch look-ups of URLs by all possible keys, in two queries."""

from collections.abc import Sequence

from msgspec import Struct

from api.storage.database.pool import Connection
from api.storage.stories.retractions import tombstone_of
from api.storage.stories.story_lists import story_row
from schemas.enums import AliasKind, AnalysisStatus, StoryStatus
from schemas.retractions import Tombstone
from schemas.stories import StoryRow

# For each number, the story of the first known key.
SELECT_STORIES_OF_KEYS = """
SELECT DISTINCT ON (w.number) w.number, a.kind, s.status, r.story_id, r.reason, r.statement, r.retracted_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS w (number, key, place)
JOIN story_aliases a ON a.key = w.key
JOIN stories s ON s.id = a.story_id
LEFT JOIN retractions r ON r.story_id = s.id
ORDER BY w.number, w.place
"""

# For each number, the latest job of its keys, unfinished ones first.
SELECT_JOBS_OF_KEYS = """
SELECT DISTINCT ON (w.number) w.number, j.status, j.error
FROM unnest($1::integer[], $2::text[]) AS w (number, key)
CROSS JOIN LATERAL (
    SELECT l.status, l.error, l.created_at FROM analysis_jobs l
    WHERE l.kind = 'url' AND l.url_key = w.key ORDER BY l.created_at DESC LIMIT 1
) AS j
ORDER BY w.number, (j.status IN ('queued', 'running')) DESC, j.created_at DESC
"""


class KnownStory(Struct, kw_only=True, frozen=True):
    """The story of a URL and the alias's kind. A retracted one has `tombstone` instead of `story`."""

    alias: AliasKind
    status: StoryStatus
    story: StoryRow | None
    tombstone: Tombstone | None


class LastJob(Struct, kw_only=True, frozen=True):
    """The result of the last attempt to read a page; `error` is a problem's JSON."""

    status: AnalysisStatus
    error: str | None


async def find_stories(connection: Connection, keys: Sequence[Sequence[str]]) -> dict[int, KnownStory]:
    """By the number of each list of keys, most likely key first; without unknown URLs."""
    rows = await connection.fetch(SELECT_STORIES_OF_KEYS, *_columns(keys))
    stories = {}
    for row in rows:
        status = StoryStatus(row["status"])
        retracted = status is StoryStatus.RETRACTED
        stories[row["number"]] = KnownStory(
            alias=AliasKind(row["kind"]),
            status=status,
            story=None if retracted else story_row(row["body"]),
            tombstone=tombstone_of(row) if retracted and row["story_id"] else None,
        )
    return stories


async def find_last_jobs(connection: Connection, keys: Sequence[Sequence[str]]) -> dict[int, LastJob]:
    """By the number of each list of keys."""
    rows = await connection.fetch(SELECT_JOBS_OF_KEYS, *_columns(keys))
    return {row["number"]: LastJob(status=AnalysisStatus(row["status"]), error=row["error"]) for row in rows}


def _columns(keys: Sequence[Sequence[str]]) -> tuple[list[int], list[str]]:
    pairs = [(number, key) for number, group in enumerate(keys) for key in group]
    return [number for number, _ in pairs], [key for _, key in pairs]
