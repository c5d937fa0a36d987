"""Inputs: the article records that verdicts were made from."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article
from api.storage.database.pool import Connection
from schemas.enums import InputFlag, InputKind, SourceType
from schemas.sources import SourceSummary
from schemas.stories import Input

# Keeps an article record; the same one again stays as it was first read, and gives an imported one its text.
INSERT_INPUT = """
INSERT INTO inputs (story_id, digest, kind, article, words, characters, text_sha256, extractor, flags, fetched_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (story_id, digest) DO UPDATE SET article = excluded.article, page = NULL WHERE inputs.article IS NULL
"""

# What was read, without its text.
SELECT_INPUT = """
SELECT kind, words, characters, text_sha256, digest, fetched_at, extractor, flags
FROM inputs WHERE story_id = $1 AND digest = $2
"""

# The article record itself, null where an import did not bring it.
SELECT_ARTICLE = """
SELECT article FROM inputs WHERE story_id = $1 AND digest = $2
"""

# The article record, or what an import tells of it.
SELECT_PAGE = """
SELECT article, page FROM inputs WHERE story_id = $1 AND digest = $2
"""

# Whether the text behind a story's current verdict is held.
SELECT_IS_HELD = """
SELECT i.article IS NOT NULL FROM stories s JOIN inputs i ON i.story_id = s.id AND i.digest = s.input_digest
WHERE s.id = $1
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


class Page(Struct, kw_only=True, frozen=True):
    """What a page says of itself beside its text, and how its text is counted.

    `long` are the places of the characters that UTF-16 writes as two. `text` is None where it is not held.
    """

    title: str
    author: str | None
    author_organization: str | None
    published_at: datetime | None
    language: str | None
    characters: int
    long: list[int]
    text: str | None


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
    """The article record as JSON, None where its text is not held."""
    article: str | None = await connection.fetchval(SELECT_ARTICLE, story_id, digest)
    return article


async def get_page(connection: Connection, story_id: str, digest: str) -> Page | None:
    """None where there is no such input."""
    row = await connection.fetchrow(SELECT_PAGE, story_id, digest)
    if row is None:
        return None
    return page_of(row["article"]) if row["article"] else msgspec.json.decode(row["page"], type=Page)


def page_of(article: str) -> Page:
    """What an article record, as JSON, says of its page."""
    read = msgspec.json.decode(article, type=Article)
    return Page(
        title=read.title,
        author=read.author,
        author_organization=read.author_organization,
        published_at=read.published_at,
        language=read.language,
        characters=len(read.text),
        long=[place for place, character in enumerate(read.text) if ord(character) > 0xFFFF],
        text=read.text,
    )


async def is_held(connection: Connection, story_id: str) -> bool:
    """Whether the text behind a story's current verdict is held, so that it can be judged again."""
    return bool(await connection.fetchval(SELECT_IS_HELD, story_id))
