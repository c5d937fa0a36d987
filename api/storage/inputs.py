"""Inputs: the article records that verdicts were made from."""

from collections.abc import Sequence
from datetime import datetime

from api.storage.pool import Connection
from schemas.enums import InputFlag, InputKind
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


async def get_article(connection: Connection, story_id: str, digest: str) -> str | None:
    """The article record as JSON."""
    article: str | None = await connection.fetchval(SELECT_ARTICLE, story_id, digest)
    return article
