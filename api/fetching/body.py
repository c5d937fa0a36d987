"""The body of an answer, read within bounds and unpacked within bounds."""

import zlib
from collections.abc import AsyncIterable

import httpcore

from api.errors import FetchFailed, PageTooLarge
from api.fetching.policy import FetchPolicy

# Below this a high ratio is no danger, and a short page of one repeated row may reach it honestly.
RATIO_FLOOR = 65_536

# A stream may have several members (RFC 1952 section 2.2). Each costs a copy of what is left of its chunk, and
# an empty one has twenty bytes, so many of them are only there to waste time.
MAX_MEMBERS = 100

_GZIP = zlib.MAX_WBITS | 16


async def read_body(
    response: httpcore.Response, policy: FetchPolicy, *, max_bytes: int | None = None, cut: bool = False
) -> bytes:
    """The whole body, gzip undone. `max_bytes` is the policy's `max_body_bytes` unless given.

    With `cut`, the first `max_bytes` of a longer body are the answer. Otherwise raises PageTooLarge past the
    limit (as sent or unpacked). Raises PageTooLarge past the policy's ratio in any case, and FetchFailed for
    another coding than gzip and for a broken stream.
    """
    limit = policy.max_body_bytes if max_bytes is None else max_bytes
    headers: dict[bytes, bytes] = {}
    for name, value in response.headers:  # a coding that is named twice was applied twice
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
    """The body, or a little more than `limit` bytes of it."""
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > limit:
            break
    return body


async def _unzipped(stream: AsyncIterable[bytes], limit: int, ratio: int) -> bytearray:
    """The unpacked body, or `limit` + 1 bytes of it."""
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
        if received > limit:  # a stream that unpacks to less than it is: only made to waste time
            raise _too_large(limit)
    if received and not unpacker.eof:
        raise FetchFailed("The compressed page is cut short.")
    return body


def _too_large(limit: int) -> PageTooLarge:
    return PageTooLarge(f"The page is larger than {limit} bytes.")
