"""A rendered document: the bytes of one form of one object, with what its validators are made of."""

import gzip
import hashlib
from datetime import datetime

import brotli
from msgspec import Struct


class Shown(Struct, kw_only=True, frozen=True):
    """Whose rows a document shows: the object, which is the story or a verdict of it, and the story's source."""

    object_id: str
    story_id: str
    source_id: str


class RenderedDocument(Struct, kw_only=True, frozen=True):
    """`version` is that of the rows shown, `renderer` the digest of what made the bytes.

    `shows` is None for what comes with the package.
    """

    version: int
    renderer: str
    etag: str
    body: bytes
    body_gzip: bytes
    body_br: bytes
    last_modified: datetime
    shows: Shown | None


def make_document(
    body: bytes, *, version: int, renderer: str, last_modified: datetime, shows: Shown | None = None
) -> RenderedDocument:
    """A document of bytes that are rendered already; `etag` is a digest of them, without quotes."""
    return RenderedDocument(
        version=version,
        renderer=renderer,
        etag=hashlib.sha256(body).hexdigest()[:32],
        body=body,
        # level 6 and no time in the header: equal bodies give equal bytes
        body_gzip=gzip.compress(body, 6, mtime=0),
        body_br=brotli.compress(body, quality=5),
        last_modified=last_modified,
        shows=shows,
    )
