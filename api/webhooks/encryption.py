"""Encryption of secrets with a key ring (Fernet): the first key encrypts, all decrypt.

Each secret has a key derived from its owner by HKDF-Expand (RFC 5869 section 2.3), so that someone who can
write rows cannot give an endpoint another's secret. Older secrets without derivation are readable until `unspun
webhooks reseal` has run.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SEPARATOR: Final = "."  # not in base64
_SECRET_BYTES: Final = 32  # Standard Webhooks: 24 to 64


class KeyRing:
    """The keys of the setting. To rotate: prepend a key, reseal, remove the old key."""

    def __init__(self, keys: str) -> None:
        """Raises ValueError if a key is not 32 bytes in URL-safe base64."""
        parts = keys.split(SEPARATOR)
        self._unbound = [Fernet(key) for key in parts]
        self._keys = [base64.urlsafe_b64decode(key) for key in parts]

    def seal(self, secret: str, owner: str) -> bytes:
        """Encrypt for an `owner`, such as an endpoint's id; `open` requires the same."""
        return _bound(self._keys[0], owner).encrypt(secret.encode())

    def open(self, sealed: bytes, owner: str) -> str:
        """Decrypt. Raises ValueError if no key fits or the owner differs."""
        bound = (_bound(key, owner) for key in self._keys)
        try:
            return MultiFernet([*bound, *self._unbound]).decrypt(sealed).decode()
        except InvalidToken:
            raise ValueError("the secret was sealed with a key that is not in the ring") from None

    def is_current(self, sealed: bytes, owner: str) -> bool:
        """Whether the first key, derived for the owner, decrypts it."""
        try:
            _bound(self._keys[0], owner).decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def reseal(self, sealed: bytes, owner: str) -> bytes:
        """Re-encrypt with the first key. Raises ValueError if no key fits."""
        return self.seal(self.open(sealed, owner), owner)


def _bound(key: bytes, owner: str) -> Fernet:
    derived = HKDFExpand(SHA256(), 32, b"unspun seal " + owner.encode()).derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))


def owner_of_headers(endpoint_id: str) -> str:
    """The owner of an endpoint's headers, distinct from its secrets' owner."""
    return f"{endpoint_id} headers"


def seal_headers(ring: KeyRing, headers: Mapping[str, str], endpoint_id: str) -> bytes | None:
    """None without headers."""
    if not headers:
        return None
    return ring.seal(msgspec.json.encode(dict(headers)).decode(), owner_of_headers(endpoint_id))


def open_headers(ring: KeyRing, sealed: bytes | None, endpoint_id: str) -> dict[str, str]:
    """Raises ValueError if no key fits."""
    if sealed is None:
        return {}
    return msgspec.json.decode(ring.open(sealed, owner_of_headers(endpoint_id)), type=dict[str, str])


def new_ring_key() -> str:
    return Fernet.generate_key().decode()


def new_secret(random: Callable[[int], bytes]) -> str:
    """A signing secret in the format of Standard Webhooks."""
    return "whsec_" + base64.b64encode(random(_SECRET_BYTES)).decode()
