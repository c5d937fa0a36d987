"""Counts and means of stories that match a list's filters."""

from collections.abc import Sequence
from datetime import datetime

from api.rendering.source_profiles import StoryCounts
from api.storage.database.pool import Connection
from api.storage.stories.story_lists import StoryFilter
from schemas.stats import Dimension, Group

# Scored stories by one or two dimensions. Scores of stories in other languages are a language model's alone, and
# were compared with no labelled texts: they count only if $20.
SELECT_GROUPS = """
SELECT CASE $18::text
           WHEN 'spin_type' THEN s.primary_type WHEN 'source' THEN s.source_id
           WHEN 'source_type' THEN s.source_type WHEN 'vertical' THEN s.vertical WHEN 'tactic' THEN s.tactic
           WHEN 'band' THEN s.band WHEN 'stance' THEN s.stance WHEN 'lang' THEN s.language
           WHEN 'evidence_strength' THEN s.evidence_strength WHEN 'happening' THEN s.happening
           WHEN 'day' THEN to_char(s.listed_at, 'YYYY-MM-DD')
           WHEN 'week' THEN to_char(date_trunc('week', s.listed_at), 'YYYY-MM-DD')
           WHEN 'month' THEN to_char(s.listed_at, 'YYYY-MM') END AS first,
       CASE $19::text
           WHEN 'spin_type' THEN s.primary_type WHEN 'source' THEN s.source_id
           WHEN 'source_type' THEN s.source_type WHEN 'vertical' THEN s.vertical WHEN 'tactic' THEN s.tactic
           WHEN 'band' THEN s.band WHEN 'stance' THEN s.stance WHEN 'lang' THEN s.language
           WHEN 'evidence_strength' THEN s.evidence_strength WHEN 'happening' THEN s.happening
           WHEN 'day' THEN to_char(s.listed_at, 'YYYY-MM-DD')
           WHEN 'week' THEN to_char(date_trunc('week', s.listed_at), 'YYYY-MM-DD')
           WHEN 'month' THEN to_char(s.listed_at, 'YYYY-MM') END AS second,
       count(*) AS stories, round(avg(s.score), 2)::float8 AS mean_score
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) s
WHERE $20 OR s.language IS NULL OR s.language = 'en'
GROUP BY 1, 2 ORDER BY 1, 2 LIMIT $21
"""

# The total; $18 as $20 above.
SELECT_WHOLE = """
SELECT count(*) AS stories, round(avg(s.score), 2)::float8 AS mean_score, max(s.updated_at) AS changed_at
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) s
WHERE $18 OR s.language IS NULL OR s.language = 'en'
"""

# A source's scored stories, by type, band and tactic, without other languages, as above.
SELECT_PROFILE = """
SELECT primary_type, band, tactic, count(*) AS stories, sum(score) AS scores,
       sum(score::integer * score) AS squares, min(published_at) AS first_at, max(published_at) AS last_at
FROM stories WHERE source_id = $1 AND status = 'scored' AND (language IS NULL OR language = 'en')
GROUP BY primary_type, band, tactic
"""

# A source's stories without a score, and the last change of any.
SELECT_UNJUDGED = """
SELECT count(*) FILTER (WHERE status = 'not_scorable') AS not_scorable, max(updated_at) AS changed_at
FROM stories WHERE source_id = $1 AND status <> 'retracted'
"""


async def list_groups(
    connection: Connection, filter_: StoryFilter, by: Sequence[Dimension], limit: int
) -> list[Group]:
    """At most `limit` groups, in the order of their keys."""
    second = by[1] if len(by) > 1 else None
    counts_all = _counts_all(filter_, by)
    rows = await connection.fetch(SELECT_GROUPS, *filter_.values(), by[0], second, counts_all, limit)
    return [
        Group(
            key=[row["first"], row["second"]][: len(by)],
            stories=row["stories"],
            mean_score=row["mean_score"],
        )
        for row in rows
    ]


async def measure_whole(
    connection: Connection, filter_: StoryFilter, by: Sequence[Dimension]
) -> tuple[int, float | None, datetime | None]:
    """The number of stories in all groups, their mean score and last change, both None without stories."""
    row = await connection.fetchrow(SELECT_WHOLE, *filter_.values(), _counts_all(filter_, by))
    assert row is not None, "an aggregate has a row"
    return row["stories"], row["mean_score"], row["changed_at"]


async def list_profile(connection: Connection, source_id: str) -> list[StoryCounts]:
    return [StoryCounts(**dict(row)) for row in await connection.fetch(SELECT_PROFILE, source_id)]


async def measure_unjudged(connection: Connection, source_id: str) -> tuple[int, datetime | None]:
    """The number of a source's stories without a score, and the last change of any of its stories."""
    row = await connection.fetchrow(SELECT_UNJUDGED, source_id)
    assert row is not None, "an aggregate has a row"
    return row["not_scorable"], row["changed_at"]


def _counts_all(filter_: StoryFilter, by: Sequence[Dimension]) -> bool:
    """Whether languages are told apart, so that no mean mixes them."""
    return filter_.lang is not None or Dimension.LANG in by
