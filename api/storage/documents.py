"""Documents: the bytes of each representation, rendered once at publication."""

from api.rendering.documents import RenderedDocument
from api.storage.pool import Connection

# Stores an object's form; an older version never overwrites a newer one.
UPSERT_DOCUMENT = """
INSERT INTO documents AS d (object_id, form, object_version, renderer, etag, body, body_gzip, last_modified)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (object_id, form) DO UPDATE
SET object_version = excluded.object_version, renderer = excluded.renderer, etag = excluded.etag,
    body = excluded.body, body_gzip = excluded.body_gzip, last_modified = excluded.last_modified
WHERE d.object_version <= excluded.object_version
"""

# One form of one object.
SELECT_DOCUMENT = """
SELECT object_version, renderer, etag, body, body_gzip, last_modified
FROM documents WHERE object_id = $1 AND form = $2
"""


async def put_document(connection: Connection, object_id: str, form: str, document: RenderedDocument) -> None:
    await connection.execute(
        UPSERT_DOCUMENT,
        object_id,
        form,
        document.version,
        document.renderer,
        document.etag,
        document.body,
        document.body_gzip,
        document.last_modified,
    )


async def get_document(connection: Connection, object_id: str, form: str) -> RenderedDocument | None:
    row = await connection.fetchrow(SELECT_DOCUMENT, object_id, form)
    if row is None:
        return None
    return RenderedDocument(
        version=row["object_version"],
        renderer=row["renderer"],
        etag=row["etag"],
        body=row["body"],
        body_gzip=row["body_gzip"],
        last_modified=row["last_modified"],
    )
