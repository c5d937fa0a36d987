"""The form of a key (conventions A52), which can be checked without asking anybody."""

import hashlib
import re
import secrets
import string
import zlib
from typing import Final

from schemas.keys import KEY_PATTERN

_NAME_ALPHABET: Final = string.digits + string.ascii_lowercase
_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECK_DIGITS: Final = 6
_FORM: Final = re.compile(KEY_PATTERN)


def new_key() -> str:
    """`unspun_live_`, 8 characters that name the key, 30 random ones, and their CRC-32 in base 62.

    The form is that of GitHub's tokens: scanners for leaked secrets know it offline.
    """
    name = "".join(secrets.choice(_NAME_ALPHABET) for _ in range(8))
    random = "".join(secrets.choice(_BASE62) for _ in range(30))
    return f"unspun_live_{name}_{random}{_checksum(random)}"


def is_well_formed(key: str) -> bool:
    """Whether `key` could be one of ours: a mistyped one is not, but for one in 4 billion."""
    if not _FORM.fullmatch(key):
        return False
    random = key.rpartition("_")[2]
    return _checksum(random[:-_CHECK_DIGITS]) == random[-_CHECK_DIGITS:]


def key_prefix(key: str) -> str | None:
    """The public part of a key of our form, which names it in lists and log lines."""
    return key.rpartition("_")[0] if is_well_formed(key) else None


def key_digest(key: str) -> bytes:
    """Under which a key is stored and found. Keys have 178 bits of entropy, so a slow hash adds nothing."""
    return hashlib.sha256(key.encode()).digest()


def _checksum(random: str) -> str:
    """Six digits: 62^6 is more than 2^32."""
    number, digits = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK_DIGITS):
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits
