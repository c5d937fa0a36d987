"""Rendered documents: the bytes of an object in one form, with the data for cache validators."""

import gzip
import hashlib
from datetime import datetime

import brotli
from msgspec import Struct


class ShownRows(Struct, kw_only=True, frozen=True):
    """The rows shown by a document: the object (story or verdict), the story, and its source."""

    object_id: str
    story_id: str
    source_id: str


class RenderedDocument(Struct, kw_only=True, frozen=True):
    """`version` is that of the rows, `renderer` the renderer's digest; `shows` is None for packaged content."""

    version: int
    renderer: str
    etag: str
    body: bytes
    body_gzip: bytes
    body_br: bytes
    last_modified: datetime
    shows: ShownRows | None


def make_document(
    body: bytes, *, version: int, renderer: str, last_modified: datetime, shows: ShownRows | None = None
) -> RenderedDocument:
    """Make a document of rendered bytes; `etag` is their digest, without quotes."""
    return RenderedDocument(
        version=version,
        renderer=renderer,
        etag=hashlib.sha256(body).hexdigest()[:32],
        body=body,
        # no time in the header: equal bodies give equal bytes
        body_gzip=gzip.compress(body, 6, mtime=0),
        body_br=brotli.compress(body, quality=5),
        last_modified=last_modified,
        shows=shows,
    )
