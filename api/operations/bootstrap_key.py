"""The first key: without one, nobody could make another."""

import hashlib
import secrets
import string
import zlib

from api.clock import Clock
from api.storage.accounts import insert_account
from api.storage.keys import has_scope, insert_key
from api.storage.locks import lock_key
from api.storage.pool import Connection

DEFAULT_ACCOUNT = "acc_" + "0" * 26  # the same in every process, so that two at once make one account
SCOPES = ("admin", "analyses:write", "analyses:fresh", "stories:read", "webhooks:manage")

_NAME_ALPHABET = string.digits + string.ascii_lowercase
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


async def ensure_admin_key(connection: Connection, clock: Clock, configured: str | None) -> str | None:
    """Make sure that an administrator's key exists, inside the caller's transaction.

    A configured key is stored, as its SHA-256; None is returned. Without one, and where no administrator's key
    exists, a new key is made and returned, to be shown once.
    """
    await lock_key(connection, "bootstrap admin key")
    if configured is None and await has_scope(connection, "admin"):
        return None
    key = new_key() if configured is None else configured
    await insert_account(connection, DEFAULT_ACCOUNT, "default", clock.now())
    await insert_key(
        connection,
        key_id=clock.new_id("key"),
        account_id=DEFAULT_ACCOUNT,
        name="bootstrap",
        secret_sha256=key_digest(key),
        last_four=key[-4:],
        scopes=list(SCOPES),
        at=clock.now(),
    )
    return key if configured is None else None


def key_digest(key: str) -> bytes:
    """Under which a key is stored and found. Keys have 178 bits of entropy, so a slow hash adds nothing."""
    return hashlib.sha256(key.encode()).digest()


def new_key() -> str:
    """`unspun_live_`, 8 characters that name the key, 30 random ones, and their CRC-32 in base 62 (A52).

    The form is that of GitHub's tokens: scanners for leaked secrets know it offline.
    """
    name = "".join(secrets.choice(_NAME_ALPHABET) for _ in range(8))
    random = "".join(secrets.choice(_BASE62) for _ in range(30))
    return f"unspun_live_{name}_{random}{_in_base62(zlib.crc32(random.encode()))}"


def _in_base62(number: int) -> str:
    """Six digits: 62^6 is more than 2^32."""
    digits = ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits
