"""Secrets at rest: sealed with the first key of a ring, opened with any of it (Fernet, by `cryptography`).

Each is sealed with a key of its owner alone, derived by HKDF-Expand (RFC 5869 section 2.3) from the ring's. So
whoever can write rows, but has no key, cannot give an endpoint the secret of another. What was sealed before this
was so is opened by the ring's keys themselves, until `unspun webhooks reseal` has been run.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SEPARATOR: Final = "."  # no character of a key's base64
_SECRET_BYTES: Final = 32  # Standard Webhooks: 24 to 64


class KeyRing:
    """The keys of a setting: to replace one, put the new one in front, reseal, and take the old one away."""

    def __init__(self, keys: str) -> None:
        """Raises ValueError for a key that is not 32 bytes in URL-safe base64."""
        parts = keys.split(SEPARATOR)
        self._unbound = [Fernet(key) for key in parts]
        self._keys = [base64.urlsafe_b64decode(key) for key in parts]

    def seal(self, secret: str, owner: str) -> bytes:
        """`owner` is whose secret it is, the id of an endpoint for one; `open` needs the same."""
        return _bound(self._keys[0], owner).encrypt(secret.encode())

    def open(self, sealed: bytes, owner: str) -> str:
        """Raises ValueError where no key of the ring fits, or it was sealed for another owner."""
        bound = (_bound(key, owner) for key in self._keys)
        try:
            return MultiFernet([*bound, *self._unbound]).decrypt(sealed).decode()
        except InvalidToken:
            raise ValueError("the secret was sealed with a key that is not in the ring") from None

    def is_current(self, sealed: bytes, owner: str) -> bool:
        """Whether the first key opens it, bound to its owner."""
        try:
            _bound(self._keys[0], owner).decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def reseal(self, sealed: bytes, owner: str) -> bytes:
        """The same, sealed with the first key. Raises ValueError where no key of the ring fits."""
        return self.seal(self.open(sealed, owner), owner)


def _bound(key: bytes, owner: str) -> Fernet:
    derived = HKDFExpand(SHA256(), 32, b"unspun seal " + owner.encode()).derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))


def owner_of_headers(endpoint_id: str) -> str:
    """As whose secret an endpoint's headers are sealed: no secret can take their place."""
    return f"{endpoint_id} headers"


def seal_headers(ring: KeyRing, headers: Mapping[str, str], endpoint_id: str) -> bytes | None:
    """None where there are none."""
    if not headers:
        return None
    return ring.seal(msgspec.json.encode(dict(headers)).decode(), owner_of_headers(endpoint_id))


def open_headers(ring: KeyRing, sealed: bytes | None, endpoint_id: str) -> dict[str, str]:
    """Raises ValueError where no key of the ring fits."""
    if sealed is None:
        return {}
    return msgspec.json.decode(ring.open(sealed, owner_of_headers(endpoint_id)), type=dict[str, str])


def new_ring_key() -> str:
    """A key for the ring."""
    return Fernet.generate_key().decode()


def new_secret(random: Callable[[int], bytes]) -> str:
    """An endpoint's secret, as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(random(_SECRET_BYTES)).decode()
