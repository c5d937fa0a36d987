"""Cursors: where a list goes on, opaque to the client and bound to the list that gave them."""

import base64
import binascii
import hashlib
import hmac
from typing import Any, TypeVar

import msgspec

from api.errors import InvalidCursor

K = TypeVar("K")

VERSION = b"\x01"  # another layout takes another number, and old cursors are refused by name
_SEAL_BYTES = 12


class Cursors:
    """Those of one service.

    The seal is keyed with the service's public address, which all replicas share and which outlives restarts. It
    keeps clients from building on what is inside and cursors from being used for another list; who forges one
    gains nothing that a filter would not give, since a cursor only says where to begin.
    """

    def __init__(self, base_url: str) -> None:
        self._secret = hashlib.sha256(b"unspun cursor\n" + base_url.encode()).digest()

    def seal(self, list_name: str, filters: dict[str, object], key: Any) -> str:
        """The cursor behind the object at `key`, the values that order the list."""
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
            raise InvalidCursor("The cursor is damaged, or of another version of the service.")
        if not hmac.compare_digest(seal, self._seal(payload, list_name, filters)):
            raise InvalidCursor("The cursor belongs to another list or to other filters.")
        try:
            return msgspec.json.decode(payload[1:], type=key)
        except (msgspec.DecodeError, UnicodeError):
            raise InvalidCursor("The cursor is damaged.") from None

    def _seal(self, payload: bytes, list_name: str, filters: dict[str, object]) -> bytes:
        bound = msgspec.json.encode([list_name, filters], order="sorted")
        return hmac.digest(self._secret, payload + b"\n" + bound, "sha256")[:_SEAL_BYTES]
