"""Rendered documents in Valkey; an older version never overwrites a newer one."""

from collections.abc import Sequence

import msgspec

from api.cache.connection import Cache, Script
from api.rendering.documents import RenderedDocument

TTL_S = 60  # limits staleness after a lost invalidation

# KEYS[1]: the document; ARGV: version, packed document, TTL. The version is a prefix of 16 digits, so the
# comparison needs no decoding.
_PUT = Script("""
local stored = redis.call('GETRANGE', KEYS[1], 0, 15)
if stored ~= '' and stored > ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'EX', ARGV[3])
return 1
""")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(RenderedDocument).decode


async def get_cached(cache: Cache, object_id: str, form: str, renderer: str) -> RenderedDocument | None:
    """The document; None if it is not cached, another renderer made it, or Valkey is unavailable."""
    packed = await cache.call("GET", _key(object_id, form))
    if packed is None:
        return None
    try:
        document = _decode(packed[16:])
    except msgspec.DecodeError:  # written by another release with other fields
        return None
    return document if document.renderer == renderer else None


async def put_cached(cache: Cache, object_id: str, form: str, document: RenderedDocument) -> None:
    """Cache the document unless a newer version is cached."""
    await cache.run(_PUT, [_key(object_id, form)], [f"{document.version:016d}", _encode(document), TTL_S])


async def forget_cached(cache: Cache, names: Sequence[tuple[str, str]]) -> None:
    """Delete documents, named by (object id, form)."""
    if names:
        await cache.call("DEL", *(_key(object_id, form) for object_id, form in names))


def _key(object_id: str, form: str) -> str:
    return f"doc:{object_id}:{form}"
