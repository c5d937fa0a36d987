"""Secrets at rest: sealed with the first key of a ring, opened with any of it (Fernet, by `cryptography`)."""

import base64
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SEPARATOR: Final = "."  # no character of a key's base64
_SECRET_BYTES: Final = 32  # conventions W3


class KeyRing:
    """The keys of a setting: to replace one, put the new one in front, reseal, and take the old one away."""

    def __init__(self, keys: str) -> None:
        """Raises ValueError for a key that is not 32 bytes in URL-safe base64."""
        ring = [Fernet(key) for key in keys.split(SEPARATOR)]
        self._first, self._ring = ring[0], MultiFernet(ring)

    def seal(self, secret: str) -> bytes:
        return self._ring.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Raises ValueError where no key of the ring fits."""
        try:
            return self._ring.decrypt(sealed).decode()
        except InvalidToken:
            raise ValueError("the secret was sealed with a key that is not in the ring") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the first key opens it."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def reseal(self, sealed: bytes) -> bytes:
        """The same, sealed with the first key. Raises ValueError where no key of the ring fits."""
        return self.seal(self.open(sealed))


def seal_headers(ring: KeyRing, headers: Mapping[str, str]) -> bytes | None:
    """None where there are none."""
    return ring.seal(msgspec.json.encode(dict(headers)).decode()) if headers else None


def open_headers(ring: KeyRing, sealed: bytes | None) -> dict[str, str]:
    """Raises ValueError where no key of the ring fits."""
    return {} if sealed is None else msgspec.json.decode(ring.open(sealed), type=dict[str, str])


def new_ring_key() -> str:
    """A key for the ring."""
    return Fernet.generate_key().decode()


def new_secret(random: Callable[[int], bytes]) -> str:
    """An endpoint's secret, as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(random(_SECRET_BYTES)).decode()
