"""A rendered document: the bytes of one form of one object, with what its validators are made of."""

import gzip
import hashlib
from datetime import datetime

import msgspec
from msgspec import Struct

from schemas.score_explanations import ScoreExplanation
from schemas.stories import Story
from schemas.wire import encode_json

# Raised by hand when the same struct is rendered to other bytes.
FORMAT = 1


class RenderedDocument(Struct, kw_only=True, frozen=True):
    """`version` is that of the rows shown, `renderer` the digest of what made the bytes."""

    version: int
    renderer: str
    etag: str
    body: bytes
    body_gzip: bytes
    last_modified: datetime


def renderer_digest(base_url: str) -> str:
    """Names the contract, the format and the settings that go into the bytes; 16 hexadecimal digits."""
    contract = msgspec.json.encode([msgspec.json.schema(kind) for kind in (Story, ScoreExplanation)])
    return hashlib.sha256(b"%d\n%s\n%s" % (FORMAT, base_url.encode(), contract)).hexdigest()[:16]


def render_json(value: Struct, *, version: int, renderer: str, last_modified: datetime) -> RenderedDocument:
    """The JSON form of `value`, plain and gzip. Equal values give equal bytes."""
    return make_document(encode_json(value), version=version, renderer=renderer, last_modified=last_modified)


def make_document(body: bytes, *, version: int, renderer: str, last_modified: datetime) -> RenderedDocument:
    """A document of bytes that are rendered already; `etag` is a digest of them, without quotes."""
    return RenderedDocument(
        version=version,
        renderer=renderer,
        etag=hashlib.sha256(body).hexdigest()[:32],
        body=body,
        # level 6 and no time in the header: equal bodies give equal bytes
        body_gzip=gzip.compress(body, 6, mtime=0),
        last_modified=last_modified,
    )
