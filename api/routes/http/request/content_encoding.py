"""Compression of responses, whole or in parts."""

import gzip
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any, Final

import brotli

from api.routes.http.request.headers import BR, GZIP, accepted_codings, header

_MIN_BYTES: Final = 500  # below this the saving is less than a packet
# Brotli 4 takes as long as gzip 5, and lists are 2 to 4 % smaller.
_QUALITY: Final = 4
_LEVEL: Final = 5
_PACK: Final[dict[str, Callable[[bytes], bytes]]] = {
    BR: partial(brotli.compress, quality=_QUALITY),
    GZIP: partial(gzip.compress, compresslevel=_LEVEL, mtime=0),
}
_GZIP_WINDOW: Final = 31  # makes zlib write gzip's header and trailer


def coding_of(scope: Mapping[str, Any], body: bytes | None) -> str | None:
    """The coding for the body, or None. `body` is None if it is sent in parts."""
    if body is not None and len(body) < _MIN_BYTES:
        return None
    return next(iter(accepted_codings(header(scope, b"accept-encoding"))), None)


def packed(body: bytes, coding: str | None) -> bytes:
    return body if coding is None else _PACK[coding](body)


def coding_header(coding: str | None) -> list[tuple[bytes, bytes]]:
    """The Content-Encoding header, if there is a coding."""
    return [] if coding is None else [(b"content-encoding", coding.encode())]


async def packed_parts(parts: AsyncIterator[bytes], coding: str | None) -> AsyncIterator[bytes]:
    """Compresses each part so that it can be decoded at once."""
    pack, end = _packer(coding)
    async for part in parts:
        yield pack(part)
    if last := end():
        yield last


def _packer(coding: str | None) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """A function that compresses the next part, and one that ends the stream."""
    if coding == BR:
        brotlied = brotli.Compressor(quality=_QUALITY)
        return lambda part: brotlied.process(part) + brotlied.flush(), brotlied.finish
    if coding == GZIP:
        gzipped = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
        return lambda part: gzipped.compress(part) + gzipped.flush(zlib.Z_SYNC_FLUSH), gzipped.flush
    return lambda part: part, lambda: b""
