"""Documents: the bytes of each representation, rendered once at publication.

A document shows a story and its source, so its version is the story's number times a million plus the source's.
It rises with either: a corrected publisher makes the documents of its stories stale without writing to any of
them.
"""

from collections.abc import Iterable

import asyncpg
from msgspec import Struct

from api.rendering.documents import RenderedDocument, ShownRows
from api.storage.database.pool import Connection
from schemas.enums import StoryStatus

# Stores an object's form; an older version never overwrites a newer one.
UPSERT_DOCUMENT = """
INSERT INTO documents AS d
    (object_id, form, object_version, renderer, etag, body, body_gzip, body_br, last_modified)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (object_id, form) DO UPDATE
SET object_version = excluded.object_version, renderer = excluded.renderer, etag = excluded.etag,
    body = excluded.body, body_gzip = excluded.body_gzip, body_br = excluded.body_br,
    last_modified = excluded.last_modified
WHERE d.object_version <= excluded.object_version
"""

# A story's form beside the state of the rows that it shows, so that one read tells whether it may be served.
SELECT_STORY_DOCUMENT = """
SELECT s.id AS object_id, s.id AS story_id, s.source_id, s.status, s.row_version AS version,
       o.row_version AS source_version, d.object_version, d.renderer, d.etag, d.body, d.body_gzip, d.body_br,
       d.last_modified
FROM stories s JOIN sources o ON o.id = s.source_id
     LEFT JOIN documents d ON d.object_id = s.id AND d.form = $2
WHERE s.id = $1
"""

# The same of a verdict, whose own version never changes.
SELECT_VERDICT_DOCUMENT = """
SELECT v.id AS object_id, s.id AS story_id, s.source_id, s.status, v.version, o.row_version AS source_version,
       d.object_version, d.renderer, d.etag, d.body, d.body_gzip, d.body_br, d.last_modified
FROM verdicts v JOIN stories s ON s.id = v.story_id JOIN sources o ON o.id = s.source_id
     LEFT JOIN documents d ON d.object_id = v.id AND d.form = $2
WHERE v.id = $1
"""

_SOURCES = 1_000_000  # more versions than any source will have


class StoredDocument(Struct, kw_only=True, frozen=True):
    """An object's document, None where none is stored, the story it is of, and what it must be up to."""

    story_id: str
    status: StoryStatus
    shown_version: int
    document: RenderedDocument | None


def shown_version(version: int, source_version: int) -> int:
    """Of a document that shows an object and its source: it rises with either.

    The object's own version counts first, so that another source, with a lower version, is no step back.
    """
    return version * _SOURCES + source_version


def versions_of(shown_version: int) -> tuple[int, int]:
    """The two that `shown_version` is made of."""
    return divmod(shown_version, _SOURCES)


async def put_documents(
    connection: Connection, rendered: Iterable[tuple[str, str, RenderedDocument]]
) -> None:
    """Store documents, each with its object's id and its form."""
    await connection.executemany(
        UPSERT_DOCUMENT,
        [
            (
                object_id,
                form,
                document.version,
                document.renderer,
                document.etag,
                document.body,
                document.body_gzip,
                document.body_br,
                document.last_modified,
            )
            for object_id, form, document in rendered
        ],
    )


async def get_story_document(connection: Connection, story_id: str, form: str) -> StoredDocument | None:
    """None where there is no such story."""
    return _stored(await connection.fetchrow(SELECT_STORY_DOCUMENT, story_id, form))


async def get_verdict_document(connection: Connection, verdict_id: str, form: str) -> StoredDocument | None:
    """None where there is no such verdict; the status is its story's."""
    return _stored(await connection.fetchrow(SELECT_VERDICT_DOCUMENT, verdict_id, form))


def _stored(row: asyncpg.Record | None) -> StoredDocument | None:
    if row is None:
        return None
    document = None
    if row["body_br"] is not None:  # an earlier release stored none, and was another renderer
        document = RenderedDocument(
            version=row["object_version"],
            renderer=row["renderer"],
            etag=row["etag"],
            body=row["body"],
            body_gzip=row["body_gzip"],
            body_br=row["body_br"],
            last_modified=row["last_modified"],
            shows=ShownRows(object_id=row["object_id"], story_id=row["story_id"], source_id=row["source_id"]),
        )
    return StoredDocument(
        story_id=row["story_id"],
        status=StoryStatus(row["status"]),
        shown_version=shown_version(row["version"], row["source_version"]),
        document=document,
    )
