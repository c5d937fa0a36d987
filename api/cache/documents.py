"""Rendered documents in Valkey: written only by the same or a newer version of the object."""

from collections.abc import Sequence

import msgspec

from api.cache.connection import Cache, Script
from api.rendering.documents import RenderedDocument

TTL_S = 60  # how long a document may be stale where its invalidation was lost

# KEYS[1] the document; ARGV: version, packed document, seconds to live. The version stands in front of the
# packed bytes as 16 digits, so that the comparison needs no decoding.
_PUT = Script("""
local held = redis.call('GETRANGE', KEYS[1], 0, 15)
if held ~= '' and held > ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'EX', ARGV[3])
return 1
""")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(RenderedDocument).decode


async def get_cached(cache: Cache, object_id: str, form: str, renderer: str) -> RenderedDocument | None:
    """The document, None where it is not held, was made by another renderer, or Valkey is away."""
    packed = await cache.call("GET", _key(object_id, form))
    if packed is None:
        return None
    try:
        document = _decode(packed[16:])
    except msgspec.DecodeError:  # written by another release with other fields
        return None
    return document if document.renderer == renderer else None


async def put_cached(cache: Cache, object_id: str, form: str, document: RenderedDocument) -> None:
    """Hold the document unless a newer version is held."""
    await cache.run(_PUT, [_key(object_id, form)], [f"{document.version:016d}", _encode(document), TTL_S])


async def forget_cached(cache: Cache, names: Sequence[tuple[str, str]]) -> None:
    """Hold these documents, each an object and a form, no more."""
    if names:
        await cache.call("DEL", *(_key(object_id, form) for object_id, form in names))


def _key(object_id: str, form: str) -> str:
    return f"doc:{object_id}:{form}"
