"""Inputs: the article records behind verdicts."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article
from api.storage.database.pool import Connection
from api.web.opt_outs import OptOut
from schemas.enums import InputFlag, InputKind, ModelPermission, SourceType
from schemas.sources import SourceSummary
from schemas.stories import Input

# Stores an article record; an existing one is unchanged, except that an imported one receives its text, and that
# the opt-outs are those of the last reading.
INSERT_INPUT = """
INSERT INTO inputs (story_id, digest, kind, article, words, characters, text_sha256, extractor, flags, fetched_at,
                    opt_outs)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (story_id, digest) DO UPDATE
SET article = coalesce(inputs.article, excluded.article), page = NULL,
    opt_outs = coalesce(excluded.opt_outs, inputs.opt_outs)
WHERE inputs.article IS NULL
      OR excluded.opt_outs IS NOT NULL AND excluded.opt_outs IS DISTINCT FROM inputs.opt_outs
"""

# Stores the opt-outs of the page of a story's current verdict.
UPDATE_OPT_OUTS = """
UPDATE inputs i SET opt_outs = $2
FROM stories s
WHERE s.id = $1 AND i.story_id = s.id AND i.digest = s.input_digest AND i.opt_outs IS DISTINCT FROM $2
"""

# The source's permission, and the opt-outs of the page of the story's current verdict.
SELECT_MODEL_TERMS = """
SELECT o.model_use, i.opt_outs
FROM stories s JOIN sources o ON o.id = s.source_id
     JOIN inputs i ON i.story_id = s.id AND i.digest = s.input_digest
WHERE s.id = $1
"""

# An input without its text.
SELECT_INPUT = """
SELECT kind, words, characters, text_sha256, digest, fetched_at, extractor, flags
FROM inputs WHERE story_id = $1 AND digest = $2
"""

# The article record; null if it was imported.
SELECT_ARTICLE = """
SELECT article FROM inputs WHERE story_id = $1 AND digest = $2
"""

# The article record, or the imported facts.
SELECT_PAGE = """
SELECT article, page FROM inputs WHERE story_id = $1 AND digest = $2
"""

# Whether the text of a story's current verdict is stored.
SELECT_IS_HELD = """
SELECT i.article IS NOT NULL FROM stories s JOIN inputs i ON i.story_id = s.id AND i.digest = s.input_digest
WHERE s.id = $1
"""

# The article record of a story's current verdict, with its URL and publisher.
SELECT_STORED_INPUT = """
SELECT i.article, i.digest, i.kind, i.fetched_at, i.opt_outs, s.checked_at, s.url, s.canonical_hint_key,
       s.source_id, s.source_domain, o.slug AS source_slug, o.name AS source_name, o.type AS source_type,
       o.corrected_at IS NOT NULL AS source_corrected
FROM stories s JOIN sources o ON o.id = s.source_id
     JOIN inputs i ON i.story_id = s.id AND i.digest = s.input_digest
WHERE s.id = $1
"""


class Page(Struct, kw_only=True, frozen=True):
    """The page's own metadata, and the lengths of its text.

    `long`: the positions of characters that UTF-16 encodes as two units. `text` is None if it is not stored.
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
    """The record of a story's current verdict, with the data for a new analysis."""

    article: str | None
    digest: str
    kind: InputKind
    fetched_at: datetime
    checked_at: datetime
    url: str
    canonical_hint_key: str | None
    source: SourceSummary
    source_corrected: bool
    opt_outs: list[OptOut] | None


class ModelTerms(Struct, kw_only=True, frozen=True):
    """The source's permission, None for the default, and the page's opt-outs, None if unknown."""

    permission: ModelPermission | None
    opt_outs: list[OptOut] | None


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
    opt_outs: Sequence[OptOut] | None,
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
        opt_outs,
    )


async def note_opt_outs(connection: Connection, story_id: str, opt_outs: Sequence[OptOut]) -> None:
    """Store the opt-outs of the story's page, which has been read again."""
    await connection.execute(UPDATE_OPT_OUTS, story_id, opt_outs)


async def get_model_terms(connection: Connection, story_id: str) -> ModelTerms:
    """Raises LookupError."""
    row = await connection.fetchrow(SELECT_MODEL_TERMS, story_id)
    if row is None:
        raise LookupError(story_id)
    permission = row["model_use"]
    return ModelTerms(
        permission=None if permission is None else ModelPermission(permission),
        opt_outs=_opt_outs(row["opt_outs"]),
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
        opt_outs=_opt_outs(row["opt_outs"]),
    )


async def get_article(connection: Connection, story_id: str, digest: str) -> str | None:
    """The article record as JSON; None if its text is not stored."""
    article: str | None = await connection.fetchval(SELECT_ARTICLE, story_id, digest)
    return article


async def get_page(connection: Connection, story_id: str, digest: str) -> Page | None:
    """None if there is no such input."""
    row = await connection.fetchrow(SELECT_PAGE, story_id, digest)
    if row is None:
        return None
    return page_of(row["article"]) if row["article"] else msgspec.json.decode(row["page"], type=Page)


def page_of(article: str) -> Page:
    """The page in an article record (JSON)."""
    article_record = msgspec.json.decode(article, type=Article)
    return Page(
        title=article_record.title,
        author=article_record.author,
        author_organization=article_record.author_organization,
        published_at=article_record.published_at,
        language=article_record.language,
        characters=len(article_record.text),
        long=[place for place, character in enumerate(article_record.text) if ord(character) > 0xFFFF],
        text=article_record.text,
    )


async def is_held(connection: Connection, story_id: str) -> bool:
    """Whether the text of a story's current verdict is stored, so that it can be analysed again."""
    return bool(await connection.fetchval(SELECT_IS_HELD, story_id))


def _opt_outs(stored: list[str] | None) -> list[OptOut] | None:
    return None if stored is None else [OptOut(place) for place in stored]
