"""The format of keys, and the networks from which a key may be used.

A checksum lets clients find typing errors offline, and scanners find leaked keys.
"""

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final

from api.errors import InvalidRequest, NetworkRefused
from api.storage.keys.keys import KeyHolder
from schemas.keys import KEY_PATTERN
from schemas.problems import FieldError

_NAME_ALPHABET: Final = string.digits + string.ascii_lowercase
_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECK_DIGITS: Final = 6
_FORM: Final = re.compile(KEY_PATTERN)


def new_key() -> str:
    """`unspun_live_`, 8 characters of public name, 30 random ones, and their CRC-32 in base 62.

    The format resembles GitHub's tokens, which secret scanners recognise offline.
    """
    name = "".join(secrets.choice(_NAME_ALPHABET) for _ in range(8))
    random = "".join(secrets.choice(_BASE62) for _ in range(30))
    return f"unspun_live_{name}_{random}{_checksum(random)}"


def is_well_formed(key: str) -> bool:
    """Whether the format and checksum are right; a typing error passes once in 4 billion times."""
    if not _FORM.fullmatch(key):
        return False
    random = key.rpartition("_")[2]
    return _checksum(random[:-_CHECK_DIGITS]) == random[-_CHECK_DIGITS:]


def key_prefix(key: str) -> str | None:
    """The public part of a key, for lists and log lines."""
    return key.rpartition("_")[0] if is_well_formed(key) else None


def key_digest(key: str) -> bytes:
    """The digest under which a key is stored. Keys have 178 bits of entropy, so a slow hash adds nothing."""
    return hashlib.sha256(key.encode()).digest()


def _checksum(random: str) -> str:
    """Six digits, since 62^6 > 2^32."""
    number, digits = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK_DIGITS):
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits


_CACHE_SIZE = 50_000  # cached results, some megabytes


def checked_networks(given: Sequence[str]) -> list[str]:
    """Distinct networks in normal form. Raises InvalidRequest if one is invalid or has host bits set."""
    networks = []
    for place, text in enumerate(given):
        try:
            networks.append(str(ip_network(text.strip())))
        except ValueError:
            detail = "It is not a network such as 192.0.2.0/24 or 2001:db8::/32."
            error = FieldError(pointer=f"#/networks/{place}", parameter=None, code="invalid", detail=detail)
            raise InvalidRequest(f"{error.pointer}: {detail}", errors=[error]) from None
    return sorted(set(networks))


def check_network(holder: KeyHolder, address: str) -> None:
    """Raises NetworkRefused if the key is bound to networks that do not contain the address."""
    if holder.networks and not _is_within(address, holder.networks):
        raise NetworkRefused("The key is limited to certain networks, and the request came from another one.")


@lru_cache(_CACHE_SIZE)
def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return any(number in ip_network(network) for network in networks)
