"""Inputs: the article records that verdicts were made from."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from api.storage.pool import Connection
from schemas.enums import InputFlag, InputKind, SourceType
from schemas.sources import SourceSummary
from schemas.stories import Input

# Keeps an article record; the same one again stays as it was first read.
INSERT_INPUT = """
INSERT INTO inputs (story_id, digest, kind, article, words, characters, text_sha256, extractor, flags, fetched_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (story_id, digest) DO NOTHING
"""

# What was read, without its text.
SELECT_INPUT = """
SELECT kind, words, characters, text_sha256, digest, fetched_at, extractor, flags
FROM inputs WHERE story_id = $1 AND digest = $2
"""

# The article record itself.
SELECT_ARTICLE = """
SELECT article FROM inputs WHERE story_id = $1 AND digest = $2
"""

# The article record that a story's current verdict was made from, with its address and publisher.
SELECT_STORED_INPUT = """
SELECT i.article, i.digest, i.kind, i.fetched_at, s.checked_at, s.url, s.canonical_hint_key, s.source_id,
       s.source_domain, o.slug AS source_slug, o.name AS source_name, o.type AS source_type,
       o.corrected_at IS NOT NULL AS source_corrected
FROM stories s JOIN sources o ON o.id = s.source_id
     JOIN inputs i ON i.story_id = s.id AND i.digest = s.input_digest
WHERE s.id = $1
"""


class StoredInput(Struct, kw_only=True, frozen=True):
    """The record behind a story's current verdict, and what else judging it again needs to know."""

    article: str
    digest: str
    kind: InputKind
    fetched_at: datetime
    checked_at: datetime
    url: str
    canonical_hint_key: str | None
    source: SourceSummary
    source_corrected: bool


async def insert_input(
    connection: Connection,
    *,
    story_id: str,
    digest: str,
    kind: InputKind,
    article: str,
    words: int,
    characters: int,
    text_sha256: str,
    extractor: str,
    flags: Sequence[InputFlag],
    fetched_at: datetime,
) -> None:
    await connection.execute(
        INSERT_INPUT,
        story_id,
        digest,
        kind.value,
        article,
        words,
        characters,
        text_sha256,
        extractor,
        [flag.value for flag in flags],
        fetched_at,
    )


async def get_input(connection: Connection, story_id: str, digest: str) -> Input | None:
    row = await connection.fetchrow(SELECT_INPUT, story_id, digest)
    if row is None:
        return None
    return Input(
        kind=InputKind(row["kind"]),
        words=row["words"],
        characters=row["characters"],
        sha256=row["text_sha256"],
        digest=row["digest"],
        fetched_at=row["fetched_at"],
        extractor=row["extractor"],
        flags=[InputFlag(flag) for flag in row["flags"]],
    )


async def get_stored_input(connection: Connection, story_id: str) -> StoredInput:
    """Raises LookupError."""
    row = await connection.fetchrow(SELECT_STORED_INPUT, story_id)
    if row is None:
        raise LookupError(story_id)
    return StoredInput(
        article=row["article"],
        digest=row["digest"],
        kind=InputKind(row["kind"]),
        fetched_at=row["fetched_at"],
        checked_at=row["checked_at"],
        url=row["url"],
        canonical_hint_key=row["canonical_hint_key"],
        source=SourceSummary(
            id=row["source_id"],
            slug=row["source_slug"],
            name=row["source_name"],
            type=SourceType(row["source_type"]),
            domain=row["source_domain"],
        ),
        source_corrected=row["source_corrected"],
    )


async def get_article(connection: Connection, story_id: str, digest: str) -> str | None:
    """The article record as JSON."""
    article: str | None = await connection.fetchval(SELECT_ARTICLE, story_id, digest)
    return article
