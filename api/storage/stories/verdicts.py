"""Verdicts: immutable versions, with the engine's assessment byte for byte."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.enums import HappeningKind, StoryStatus, VerdictReason

# Appends a version; the table rejects changes.
INSERT_VERDICT = """
INSERT INTO verdicts (id, story_id, version, reason, engine_name, engine_version, engine_digest,
                      taxonomy_version, input_digest, text_sha256, assessment, created_at, rulings, served,
                      second, agreement, happening, contested)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $11::json #>> '{happening,kind}',
        ($16::json ->> 'contested')::boolean)
"""

# One verdict.
SELECT_VERDICT = """
SELECT id, story_id, version, reason, engine_name, engine_version, engine_digest, taxonomy_version,
       input_digest, text_sha256, assessment, created_at, rulings, served, second, agreement
FROM verdicts WHERE id = $1
"""

# A story's verdicts below a version, newest first, with the bodies of a renderer.
SELECT_VERDICTS_OF_STORY = """
SELECT v.id, v.story_id, v.version, v.created_at, d.body
FROM verdicts v LEFT JOIN documents d ON d.object_id = v.id AND d.form = $2 AND d.renderer = $3
WHERE v.story_id = $1 AND ($4::integer IS NULL OR v.version < $4) ORDER BY v.version DESC LIMIT $5
"""

# The current verdict at a time.
SELECT_STANDING = """
SELECT id FROM verdicts WHERE story_id = $1 AND created_at <= $2 ORDER BY version DESC LIMIT 1
"""

# The verdict of a story and version number.
SELECT_VERSION = """
SELECT id FROM verdicts WHERE story_id = $1 AND version = $2
"""

# A page of served stories' verdicts, newest first, with the bodies of a renderer.
SELECT_VERDICTS = """
SELECT v.id, v.story_id, v.version, v.created_at, d.body
FROM verdicts v
JOIN stories s ON s.id = v.story_id
LEFT JOIN documents d ON d.object_id = v.id AND d.form = $1 AND d.renderer = $2
WHERE s.status = $3
  AND ($4::text IS NULL OR v.story_id = $4)
  AND ($5::text IS NULL OR s.source_id = $5)
  AND ($6::text IS NULL OR v.reason = $6)
  AND ($7::text IS NULL OR v.engine_name = $7)
  AND ($8::text IS NULL OR v.engine_version = $8)
  AND ($9::boolean IS NULL OR (v.id = s.verdict_id) = $9)
  AND ($10::timestamptz IS NULL OR v.created_at > $10)
  AND ($11::timestamptz IS NULL OR v.created_at < $11)
  AND ($12::text IS NULL OR v.happening = $12)
  AND ($13::boolean IS NULL OR v.contested = $13)
  AND ($14::text IS NULL OR v.id < $14)
ORDER BY v.id DESC LIMIT $15
"""

# Matching verdicts, counted up to a limit.
COUNT_VERDICTS = """
SELECT count(*) FROM (
    SELECT FROM verdicts v JOIN stories s ON s.id = v.story_id
    WHERE s.status = $1
      AND ($2::text IS NULL OR v.story_id = $2)
      AND ($3::text IS NULL OR s.source_id = $3)
      AND ($4::text IS NULL OR v.reason = $4)
      AND ($5::text IS NULL OR v.engine_name = $5)
      AND ($6::text IS NULL OR v.engine_version = $6)
      AND ($7::boolean IS NULL OR (v.id = s.verdict_id) = $7)
      AND ($8::timestamptz IS NULL OR v.created_at > $8)
      AND ($9::timestamptz IS NULL OR v.created_at < $9)
      AND ($10::text IS NULL OR v.happening = $10)
      AND ($11::boolean IS NULL OR v.contested = $11)
    LIMIT $12
) AS found
"""

# Scored stories after an id whose engine did not look for a happening (one that found none wrote null), if their
# text is stored and no job judges it.
SELECT_WITHOUT_HAPPENING = """
SELECT s.id
FROM stories s
JOIN verdicts v ON v.id = s.verdict_id
JOIN inputs i ON i.story_id = s.id AND i.digest = s.input_digest
WHERE s.id > $1 AND s.status = 'scored' AND s.happening IS NULL AND v.assessment -> 'happening' IS NULL
  AND i.article IS NOT NULL
  AND NOT EXISTS (SELECT FROM analysis_jobs j
                  WHERE j.story_id = s.id AND j.kind = 'stored' AND j.status IN ('queued', 'running'))
ORDER BY s.id LIMIT $2
"""

# Stories after an id whose current verdict is by the rules alone, if their text is stored: scored, or refused for
# a language of $3.
SELECT_WITHOUT_SECOND = """
SELECT s.id
FROM stories s
JOIN verdicts v ON v.id = s.verdict_id
JOIN inputs i ON i.story_id = s.id AND i.digest = s.input_digest
WHERE s.id > $1 AND v.agreement IS NULL AND v.engine_name <> 'llm' AND i.article IS NOT NULL
  AND (s.status = 'scored'
       OR (s.status = 'not_scorable' AND s.language = ANY ($3)
           AND v.assessment -> 'not_scorable' ->> 'reason' = 'unsupported_language'))
ORDER BY s.id LIMIT $2
"""

# The bodies of served verdicts by a renderer, unordered.
SELECT_VERDICT_BODIES_OF_IDS = """
SELECT v.id, v.story_id, v.version, v.created_at, d.body
FROM verdicts v
JOIN stories s ON s.id = v.story_id
LEFT JOIN documents d ON d.object_id = v.id AND d.form = $1 AND d.renderer = $2
WHERE v.id = ANY ($3) AND s.status <> 'retracted'
"""


class VerdictFilter(Struct, kw_only=True, frozen=True):
    """Filters of a list; None does not filter. `status` is the story's current one.

    The fields are in the order of the statements' parameters.
    """

    status: StoryStatus = StoryStatus.SCORED
    story: str | None = None
    source: str | None = None
    reason: VerdictReason | None = None
    engine: str | None = None
    engine_version: str | None = None
    current: bool | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    happening: HappeningKind | None = None
    contested: bool | None = None

    def values(self) -> tuple[Any, ...]:
        """The eleven filter arguments of a statement."""
        return tuple(getattr(self, name) for name in self.__struct_fields__)


class VerdictBody(Struct, kw_only=True, frozen=True):
    """A verdict in a list; `body` is None if it must be rendered."""

    id: str
    story_id: str
    version: int
    created_at: datetime
    body: bytes | None


class VerdictRecord(Struct, kw_only=True, frozen=True):
    """A verdict's row. `assessment` is the engine's JSON, `rulings` the applied ones.

    `served` is set for imported verdicts only: their public JSON, as their text is not stored. `second` is the
    other judge's assessment as JSON, `agreement` compares the two.
    """

    id: str
    story_id: str
    version: int
    reason: VerdictReason
    engine_name: str
    engine_version: str
    engine_digest: str
    taxonomy_version: str
    input_digest: str
    text_sha256: str
    assessment: str
    created_at: datetime
    rulings: str
    served: str | None = None
    second: str | None = None
    agreement: str | None = None


async def insert_verdict(connection: Connection, verdict: VerdictRecord) -> None:
    await connection.execute(
        INSERT_VERDICT, *(getattr(verdict, name) for name in VerdictRecord.__struct_fields__)
    )


async def get_verdict(connection: Connection, verdict_id: str) -> VerdictRecord | None:
    row = await connection.fetchrow(SELECT_VERDICT, verdict_id)
    return None if row is None else _record(dict(row))


async def find_standing(connection: Connection, story_id: str, at: datetime) -> str | None:
    """The id of a story's verdict at a time; None before its first."""
    found: str | None = await connection.fetchval(SELECT_STANDING, story_id, at)
    return found


async def find_version(connection: Connection, story_id: str, version: int) -> str | None:
    """The id of a story's verdict with that version."""
    found: str | None = await connection.fetchval(SELECT_VERSION, story_id, version)
    return found


async def list_story_verdicts(
    connection: Connection, story_id: str, form: str, renderer: str, *, below: int | None, limit: int
) -> list[VerdictBody]:
    rows = await connection.fetch(SELECT_VERDICTS_OF_STORY, story_id, form, renderer, below, limit)
    return [VerdictBody(**dict(row)) for row in rows]


async def list_verdicts(
    connection: Connection,
    filter_: VerdictFilter,
    form: str,
    renderer: str,
    *,
    after: str | None,
    limit: int,
) -> list[VerdictBody]:
    """At most `limit` verdicts, newest first, after an id."""
    rows = await connection.fetch(SELECT_VERDICTS, form, renderer, *filter_.values(), after, limit)
    return [VerdictBody(**dict(row)) for row in rows]


async def count_verdicts(connection: Connection, filter_: VerdictFilter, limit: int) -> int:
    """At most `limit`."""
    count: int = await connection.fetchval(COUNT_VERDICTS, *filter_.values(), limit)
    return count


async def list_without_happening(connection: Connection, *, after: str, limit: int) -> list[str]:
    """Ids of stories to judge again, after an id."""
    return [row["id"] for row in await connection.fetch(SELECT_WITHOUT_HAPPENING, after, limit)]


async def list_without_second(
    connection: Connection, *, after: str, limit: int, languages: Collection[str] = ()
) -> list[str]:
    """Ids of stories that a second judge may read, after an id.

    `languages` are those in which it judges texts that the rules refuse.
    """
    rows = await connection.fetch(SELECT_WITHOUT_SECOND, after, limit, sorted(languages))
    return [row["id"] for row in rows]


async def list_verdicts_of_ids(
    connection: Connection, verdict_ids: list[str], form: str, renderer: str
) -> list[VerdictBody]:
    """The served verdicts among these ids."""
    rows = await connection.fetch(SELECT_VERDICT_BODIES_OF_IDS, form, renderer, verdict_ids)
    return [VerdictBody(**dict(row)) for row in rows]


def _record(row: dict[str, object]) -> VerdictRecord:
    return VerdictRecord(**row | {"reason": VerdictReason(str(row["reason"]))})  # type: ignore[arg-type]  # columns are the fields
