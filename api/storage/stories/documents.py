"""Documents: the bytes of each representation, rendered at publication.

A document contains a story and its source; its version is the story's times a million plus the source's. A
corrected source thus makes its stories' documents stale without writing to them.
"""

from collections.abc import Iterable

import asyncpg
from msgspec import Struct

from api.rendering.documents import RenderedDocument, ShownRows
from api.storage.database.pool import Connection
from schemas.enums import StoryStatus

# Stores a representation, unless a newer version is stored.
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

# A story's representation with the current versions of its rows, to check that it is up to date.
SELECT_STORY_DOCUMENT = """
SELECT s.id AS object_id, s.id AS story_id, s.source_id, s.status, s.row_version AS version,
       o.row_version AS source_version, d.object_version, d.renderer, d.etag, d.body, d.body_gzip, d.body_br,
       d.last_modified
FROM stories s JOIN sources o ON o.id = s.source_id
     LEFT JOIN documents d ON d.object_id = s.id AND d.form = $2
WHERE s.id = $1
"""

# The same for a verdict, whose own version never changes.
SELECT_VERDICT_DOCUMENT = """
SELECT v.id AS object_id, s.id AS story_id, s.source_id, s.status, v.version, o.row_version AS source_version,
       d.object_version, d.renderer, d.etag, d.body, d.body_gzip, d.body_br, d.last_modified
FROM verdicts v JOIN stories s ON s.id = v.story_id JOIN sources o ON o.id = s.source_id
     LEFT JOIN documents d ON d.object_id = v.id AND d.form = $2
WHERE v.id = $1
"""

_VERSION_FACTOR = 1_000_000  # more versions than any source will have


class StoredDocument(Struct, kw_only=True, frozen=True):
    """An object's document, if stored, its story, and the version that it must have."""

    story_id: str
    status: StoryStatus
    shown_version: int
    document: RenderedDocument | None


def shown_version(version: int, source_version: int) -> int:
    """The version of a document; the object's version counts first, so that a new source with a lower version
    is no step back.
    """
    return version * _VERSION_FACTOR + source_version


def versions_of(shown_version: int) -> tuple[int, int]:
    """The object's and the source's version in `shown_version`."""
    return divmod(shown_version, _VERSION_FACTOR)


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
    """None if there is no such story."""
    return _stored(await connection.fetchrow(SELECT_STORY_DOCUMENT, story_id, form))


async def get_verdict_document(connection: Connection, verdict_id: str, form: str) -> StoredDocument | None:
    """None if there is no such verdict; the status is its story's."""
    return _stored(await connection.fetchrow(SELECT_VERDICT_DOCUMENT, verdict_id, form))


def _stored(row: asyncpg.Record | None) -> StoredDocument | None:
    if row is None:
        return None
    document = None
    if row["body_br"] is not None:  # an earlier release stored no Brotli, with another renderer
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
