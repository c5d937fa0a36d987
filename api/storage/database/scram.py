"""Passwords in PostgreSQL's stored form, so that they appear in no statement or server log."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

_ITERATIONS: Final = 4096  # PostgreSQL's own default (scram_iterations)
_SALT_BYTES: Final = 16


def scram_verifier(password: str) -> str:
    """The SCRAM-SHA-256 verifier (RFC 5803, RFC 7677). Raises ValueError for a password beyond ASCII.

    Other characters would require the same normalisation (RFC 4013) in every client.
    """
    if not password.isascii() or not password.isprintable():
        raise ValueError("the password of a database user must consist of printable ASCII characters")
    salt = secrets.token_bytes(_SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    stored = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
    keys = f"{_base64(stored)}:{_base64(_hmac(salted, b'Server Key'))}"
    return f"SCRAM-SHA-256${_ITERATIONS}:{_base64(salt)}${keys}"


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
