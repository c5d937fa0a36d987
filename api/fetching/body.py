"""Bounded reading and decompression of response bodies."""

import zlib
from collections.abc import AsyncIterable

import httpcore

from api.errors import FetchFailed, PageTooLarge
from api.fetching.policy import FetchPolicy

# Below this size, any ratio is allowed: a short repetitive page may have a high one.
RATIO_FLOOR = 65_536

# Gzip members of a stream (RFC 1952 section 2.2). Each copies the rest of its chunk, and an empty one has
# twenty bytes, so many of them are an attack.
MAX_MEMBERS = 100

_GZIP = zlib.MAX_WBITS | 16


async def read_body(
    response: httpcore.Response, policy: FetchPolicy, *, max_bytes: int | None = None, cut: bool = False
) -> bytes:
    """The body, decompressed. `max_bytes` defaults to the policy's `max_body_bytes`.

    With `cut`, returns the first `max_bytes` of a longer body; otherwise raises PageTooLarge beyond the limit,
    compressed or not. Also raises PageTooLarge beyond the policy's ratio, and FetchFailed for other codings
    than gzip and for a broken stream.
    """
    limit = policy.max_body_bytes if max_bytes is None else max_bytes
    headers: dict[bytes, bytes] = {}
    for name, value in response.headers:  # repeated codings were applied in sequence
        earlier = headers.get(name.lower())
        headers[name.lower()] = value if earlier is None else earlier + b", " + value
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length[:20]) > limit and not cut:
        raise _too_large(limit)
    coding = headers.get(b"content-encoding", b"").strip().lower()
    if coding in (b"", b"identity"):
        body = await _plain(response.aiter_stream(), limit)
    elif coding in (b"gzip", b"x-gzip"):
        body = await _unzipped(response.aiter_stream(), limit, policy.max_ratio)
    else:
        raise FetchFailed("The site sent the page in a coding that was not asked for.")
    if len(body) > limit and not cut:
        raise _too_large(limit)
    return bytes(body[:limit])


async def _plain(stream: AsyncIterable[bytes], limit: int) -> bytearray:
    """The body, or slightly more than `limit` bytes of it."""
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > limit:
            break
    return body


async def _unzipped(stream: AsyncIterable[bytes], limit: int, ratio: int) -> bytearray:
    """The decompressed body, or `limit` + 1 bytes of it."""
    body = bytearray()
    received, members = 0, 1
    unpacker = zlib.decompressobj(_GZIP)
    async for chunk in stream:
        received += len(chunk)
        while chunk:
            if unpacker.eof:
                members += 1
                if members > MAX_MEMBERS:
                    raise FetchFailed("The compressed page is in too many parts.")
                unpacker = zlib.decompressobj(_GZIP)
            try:
                body += unpacker.decompress(chunk, limit + 1 - len(body))
            except zlib.error as error:
                raise FetchFailed("The compressed page is damaged.") from error
            if len(body) > max(RATIO_FLOOR, received * ratio):
                raise PageTooLarge(f"The page unpacks to more than {ratio} times what was sent.")
            if len(body) > limit:
                return body
            chunk = unpacker.unconsumed_tail or unpacker.unused_data
        if received > limit:  # a stream larger than its content is an attack
            raise _too_large(limit)
    if received and not unpacker.eof:
        raise FetchFailed("The compressed page is cut short.")
    return body


def _too_large(limit: int) -> PageTooLarge:
    return PageTooLarge(f"The page is larger than {limit} bytes.")
