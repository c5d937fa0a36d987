"""Stories: one row per canonical URL, with the columns of the current verdict that lists show."""

from datetime import datetime

import asyncpg
from msgspec import Struct

from api.rendering.stories import StoryFacts
from api.storage.database.pool import Connection
from schemas.enums import SecondOpinionState, SourceType, StoryStatus
from schemas.sources import SourceSummary

# The story of an id or slug.
SELECT_STORY_NAME = """
SELECT id, slug, status FROM stories WHERE id = $1 OR slug = $1
"""

# Locks an existing story for publication.
SELECT_STORY_FOR_UPDATE = """
SELECT id, slug, canonical_key, canonical_hint_key, status, source_id, input_digest, verdict_id, version,
       listed_at, checked_at, created_at
FROM stories WHERE id = $1 FOR UPDATE
"""

# Creates a story.
INSERT_STORY = """
INSERT INTO stories (id, slug, canonical_key, canonical_hint_key, url, source_id, source_type, source_domain,
                     status, title, author, author_organization, published_at, listed_at, language, vertical,
                     categories, input_digest, verdict_id, version, primary_type, secondary_type, tactic, score,
                     band, stance, evidence_strength, satire, happening, deck, checked_at, created_at,
                     updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $24, $25, $26, $27, $28, $29, $30, $31, $31, $31)
"""

# Sets a new verdict; id, slug and creation time stay. What was true of the old verdict's second opinion ends.
UPDATE_STORY = """
UPDATE stories
SET canonical_key = $2, canonical_hint_key = $3, url = $4, source_id = $5, source_type = $6,
    source_domain = $7, status = $8, title = $9, author = $10, author_organization = $11, published_at = $12,
    listed_at = $13, language = $14, vertical = $15, categories = $16, input_digest = $17, verdict_id = $18,
    version = $19, primary_type = $20, secondary_type = $21, tactic = $22, score = $23, band = $24,
    stance = $25, evidence_strength = $26, satire = $27, happening = $28, deck = $29,
    second_opinion = NULL, row_version = row_version + 1, checked_at = $30, updated_at = $31
WHERE id = $1
"""

# Records a fetch without changes.
UPDATE_CHECKED = """
UPDATE stories SET checked_at = $2 WHERE id = $1
"""

# Records that a missing page is available again.
UPDATE_PAGE_FOUND = """
UPDATE stories SET page_gone_at = NULL, row_version = row_version + 1, updated_at = $2
WHERE id = $1 AND page_gone_at IS NOT NULL RETURNING id
"""

# Records that a job's page is missing, if it is a story's and was available.
UPDATE_PAGE_MISSING = """
UPDATE stories s SET page_gone_at = $2, row_version = s.row_version + 1, updated_at = $2
FROM analysis_jobs j WHERE j.id = $1 AND s.canonical_key = j.url_key AND s.page_gone_at IS NULL
"""

# Records why the verdict that this transaction writes has no second opinion yet.
UPDATE_SECOND_OPINION = """
UPDATE stories SET second_opinion = $2 WHERE id = $1
"""

# Records the end of a job for a second opinion, if its verdict is still current and the state is new.
UPDATE_SECOND_OPINION_OF_JOB = """
UPDATE stories s SET second_opinion = $2, row_version = s.row_version + 1, updated_at = $3
FROM analysis_jobs j
WHERE j.id = $1 AND j.kind = 'second_opinion' AND s.id = j.story_id AND s.verdict_id = j.verdict_id
  AND s.status <> 'retracted' AND s.second_opinion IS DISTINCT FROM $2
RETURNING s.id
"""

# Records a change beside the verdict: an alias, the source.
BUMP_ROW_VERSION = """
UPDATE stories SET row_version = row_version + 1, updated_at = $2 WHERE id = $1
"""

# Replaces the engine's deck, by none if the story's quotes are used up.
UPDATE_DECK = """
UPDATE stories SET deck = $2 WHERE id = $1
"""

# A story's facts for rendering, with both rows' versions.
SELECT_FACTS = """
SELECT s.id, s.slug, s.url, s.status, s.title, s.author, s.author_organization, s.published_at, s.language,
       s.page_gone_at, s.second_opinion, s.created_at, s.updated_at, s.row_version,
       o.row_version AS source_version, o.updated_at AS source_updated_at, s.verdict_id, s.input_digest,
       s.source_id, s.source_domain, o.slug AS source_slug, o.name AS source_name, o.type AS source_type
FROM stories s JOIN sources o ON o.id = s.source_id WHERE s.id = $1
"""

# A story's current verdict, status and last fetch.
SELECT_CURRENT = """
SELECT id, verdict_id, status, checked_at FROM stories WHERE id = $1
"""


class StoryColumns(Struct, kw_only=True, frozen=True):
    """The columns that publication writes."""

    id: str
    canonical_key: str
    canonical_hint_key: str | None
    url: str
    source_id: str
    source_type: str
    source_domain: str
    status: str
    title: str
    author: str | None
    author_organization: str | None
    published_at: datetime | None
    listed_at: datetime
    language: str | None
    vertical: str | None
    categories: list[str]
    input_digest: str
    verdict_id: str
    version: int
    primary_type: str | None
    secondary_type: str | None
    tactic: str | None
    score: int | None
    band: str | None
    stance: str | None
    evidence_strength: str | None
    satire: bool | None
    happening: str | None
    deck: str | None


class StoryState(Struct, kw_only=True, frozen=True):
    """A story's row, for publication."""

    id: str
    slug: str
    canonical_key: str
    canonical_hint_key: str | None
    status: str
    source_id: str
    input_digest: str
    verdict_id: str
    version: int
    listed_at: datetime
    checked_at: datetime
    created_at: datetime


class StoryRecord(Struct, kw_only=True, frozen=True):
    """A story's and its source's data for rendering."""

    facts: StoryFacts
    source: SourceSummary
    row_version: int
    source_version: int
    source_updated_at: datetime
    verdict_id: str
    input_digest: str


class StoryName(Struct, kw_only=True, frozen=True):
    """A story's names and status."""

    id: str
    slug: str
    status: StoryStatus


class CurrentVerdict(Struct, kw_only=True, frozen=True):
    """A story's current state; `checked_at`: the last fetch of its page."""

    story_id: str
    verdict_id: str
    status: StoryStatus
    checked_at: datetime


async def find_story(connection: Connection, id_or_slug: str) -> StoryName | None:
    row = await connection.fetchrow(SELECT_STORY_NAME, id_or_slug)
    if row is None:
        return None
    return StoryName(id=row["id"], slug=row["slug"], status=StoryStatus(row["status"]))


async def lock_story(connection: Connection, story_id: str) -> StoryState:
    """The story's row, locked until commit. Raises LookupError."""
    row = await connection.fetchrow(SELECT_STORY_FOR_UPDATE, story_id)
    if row is None:
        raise LookupError(story_id)
    return StoryState(**dict(row))


async def insert_story(connection: Connection, story: StoryColumns, slug: str, at: datetime) -> None:
    values = list(_values(story))
    await connection.execute(INSERT_STORY, values[0], slug, *values[1:], at)


async def update_story(
    connection: Connection, story: StoryColumns, checked_at: datetime, at: datetime
) -> None:
    """`checked_at`: the last fetch of its page."""
    await connection.execute(UPDATE_STORY, *_values(story), checked_at, at)


async def touch_checked(connection: Connection, story_id: str, at: datetime) -> None:
    await connection.execute(UPDATE_CHECKED, story_id, at)


async def note_page_found(connection: Connection, story_id: str, at: datetime) -> bool:
    """Whether it had been missing."""
    return await connection.fetchval(UPDATE_PAGE_FOUND, story_id, at) is not None


async def set_deck(connection: Connection, story_id: str, deck: str | None) -> None:
    """For the version that this transaction writes."""
    await connection.execute(UPDATE_DECK, story_id, deck)


async def set_second_opinion(connection: Connection, story_id: str, state: SecondOpinionState) -> None:
    """For the version that this transaction writes."""
    await connection.execute(UPDATE_SECOND_OPINION, story_id, state)


async def end_second_opinion(
    connection: Connection, job_id: str, state: SecondOpinionState | None, at: datetime
) -> str | None:
    """The id of the story that must be rendered again, None if nothing changes; also for jobs of other kinds.

    `state`: why the job brings no second opinion, None if it needs none.
    """
    story_id: str | None = await connection.fetchval(UPDATE_SECOND_OPINION_OF_JOB, job_id, state, at)
    return story_id


async def note_page_missing(connection: Connection, job_id: str, at: datetime) -> None:
    await connection.execute(UPDATE_PAGE_MISSING, job_id, at)


async def bump_row_version(connection: Connection, story_id: str, at: datetime) -> None:
    await connection.execute(BUMP_ROW_VERSION, story_id, at)


async def get_story(connection: Connection, story_id: str) -> StoryRecord | None:
    row = await connection.fetchrow(SELECT_FACTS, story_id)
    if row is None:
        return None
    return StoryRecord(
        facts=StoryFacts(
            id=row["id"],
            slug=row["slug"],
            url=row["url"],
            status=StoryStatus(row["status"]),
            title=row["title"],
            author=row["author"],
            author_organization=row["author_organization"],
            published_at=row["published_at"],
            language=row["language"],
            page_gone_at=row["page_gone_at"],
            second_opinion=None
            if row["second_opinion"] is None
            else SecondOpinionState(row["second_opinion"]),
            created_at=row["created_at"],
            updated_at=row["updated_at"],
        ),
        source=_source(row),
        row_version=row["row_version"],
        source_version=row["source_version"],
        source_updated_at=row["source_updated_at"],
        verdict_id=row["verdict_id"],
        input_digest=row["input_digest"],
    )


async def get_current(connection: Connection, story_id: str) -> CurrentVerdict | None:
    row = await connection.fetchrow(SELECT_CURRENT, story_id)
    if row is None:
        return None
    return CurrentVerdict(
        story_id=row["id"],
        verdict_id=row["verdict_id"],
        status=StoryStatus(row["status"]),
        checked_at=row["checked_at"],
    )


def _values(story: StoryColumns) -> tuple[object, ...]:
    return tuple(getattr(story, name) for name in StoryColumns.__struct_fields__)


def _source(row: asyncpg.Record) -> SourceSummary:
    return SourceSummary(
        id=row["source_id"],
        slug=row["source_slug"],
        name=row["source_name"],
        type=SourceType(row["source_type"]),
        domain=row["source_domain"],
    )
