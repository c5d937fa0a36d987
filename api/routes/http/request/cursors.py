"""List cursors: opaque to the client and bound to one list and its filters."""

import base64
import binascii
import hashlib
import hmac
from typing import Any, TypeVar

import msgspec

from api.errors import InvalidCursor

K = TypeVar("K")

VERSION = b"\x01"  # changes with the layout; old cursors are then refused
_SEAL_BYTES = 12


class Cursors:
    """Cursors of one service.

    The MAC is keyed with the service's public URL, which all replicas share and which survives restarts. It only
    keeps clients from constructing cursors or using them for another list; a forged cursor reveals nothing that
    a filter would not.
    """

    def __init__(self, base_url: str) -> None:
        self._secret = hashlib.sha256(b"unspun cursor\n" + base_url.encode()).digest()

    def seal(self, list_name: str, filters: dict[str, object], key: Any) -> str:
        """The cursor after the object at `key`, its sort values."""
        payload = VERSION + msgspec.json.encode(key)
        return (
            base64.urlsafe_b64encode(payload + self._seal(payload, list_name, filters)).rstrip(b"=").decode()
        )

    def open(self, cursor: str, list_name: str, filters: dict[str, object], key: type[K]) -> K:
        """The key in a cursor of the same list and filters. Raises InvalidCursor."""
        try:
            raw = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeError):
            raise InvalidCursor("The cursor is damaged.") from None
        payload, seal = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
        if payload[:1] != VERSION:
            raise InvalidCursor("The cursor is damaged or from another version of the service.")
        if not hmac.compare_digest(seal, self._seal(payload, list_name, filters)):
            raise InvalidCursor("The cursor belongs to another list or other filters.")
        try:
            return msgspec.json.decode(payload[1:], type=key)
        except (msgspec.DecodeError, UnicodeError):
            raise InvalidCursor("The cursor is damaged.") from None

    def _seal(self, payload: bytes, list_name: str, filters: dict[str, object]) -> bytes:
        bound = msgspec.json.encode([list_name, filters], order="sorted")
        return hmac.digest(self._secret, payload + b"\n" + bound, "sha256")[:_SEAL_BYTES]
