"""API keys, found by the SHA-256 of the whole key; the key itself is nowhere in the database."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from api.storage.database.pool import Connection
from schemas.keys import Key, Scope

# The account and scopes of a key that is neither revoked nor expired.
SELECT_HOLDER = """
SELECT id, account_id, scopes, networks, expires_at FROM api_keys
WHERE secret_sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
"""

# Whether any valid key with a scope exists: the first start makes one.
SELECT_HAS_SCOPE = """
SELECT EXISTS (
    SELECT FROM api_keys
    WHERE $1 = ANY (scopes) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
)
"""

# Stores a key; one that is stored already stays as it is.
INSERT_KEY = """
INSERT INTO api_keys (id, account_id, name, prefix, secret_sha256, last_four, scopes, networks, replaces,
                      created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (secret_sha256) DO NOTHING RETURNING id
"""

# A key as it is shown, of one account or of any.
SELECT_KEY = """
SELECT id, account_id, name, prefix, last_four, scopes, networks, replaces, created_at, expires_at,
       last_used_at, revoked_at, row_version
FROM api_keys WHERE id = $1 AND ($2::text IS NULL OR account_id = $2)
"""

# The same, held against other changes until the transaction ends.
LOCK_KEY_ROW = """
SELECT id, account_id, name, prefix, last_four, scopes, networks, replaces, created_at, expires_at,
       last_used_at, revoked_at, row_version
FROM api_keys WHERE id = $1 AND ($2::text IS NULL OR account_id = $2) FOR UPDATE
"""

# A page of keys, newest first: those that the caller may see, of one account or all of them.
SELECT_KEYS = """
SELECT id, account_id, name, prefix, last_four, scopes, networks, replaces, created_at, expires_at,
       last_used_at, revoked_at, row_version
FROM api_keys
WHERE ($1::text IS NULL OR account_id = $1) AND ($2::text IS NULL OR account_id = $2)
  AND ($3::text IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""

# The key that took another's place and was not revoked.
SELECT_SUCCESSOR = """
SELECT id FROM api_keys WHERE replaces = $1 AND revoked_at IS NULL
"""

# Lets a key end at a time.
UPDATE_EXPIRY = """
UPDATE api_keys SET expires_at = $2, row_version = row_version + 1 WHERE id = $1
"""

# Revokes a key.
UPDATE_REVOKED = """
UPDATE api_keys SET revoked_at = $2, row_version = row_version + 1 WHERE id = $1
"""

# Notes a key's use, about once a minute, so that a busy key does not cost a write a request.
TOUCH_KEY = """
UPDATE api_keys SET last_used_at = $2
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')
"""


# Which of these keys may still be used.
SELECT_LIVE = """
SELECT id FROM api_keys
WHERE id = ANY($1::text[]) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
"""


class KeyHolder(Struct, kw_only=True, frozen=True):
    """Who calls: the key's id, its account, what it may do, when it ends, and from where it may come if not from
    anywhere.
    """

    key_id: str
    account_id: str
    scopes: frozenset[str]
    expires_at: datetime | None
    networks: tuple[str, ...] = ()

    @property
    def is_admin(self) -> bool:
        return Scope.ADMIN in self.scopes

    @property
    def sees(self) -> str | None:
        """The account whose objects it may see; None for an administrator, who sees all."""
        return None if self.is_admin else self.account_id


class StoredKey(Struct, kw_only=True, frozen=True):
    """A key, and the number of its state, which rises with every change."""

    key: Key
    row_version: int

    @property
    def audited(self) -> Key:
        """What the audit log knows it by: use alone is no change."""
        return replace(self.key, last_used_at=None)


async def find_holder(connection: Connection, secret_sha256: bytes, now: datetime) -> KeyHolder | None:
    row = await connection.fetchrow(SELECT_HOLDER, secret_sha256, now)
    if row is None:
        return None
    return KeyHolder(
        key_id=row["id"],
        account_id=row["account_id"],
        scopes=frozenset(row["scopes"]),
        expires_at=row["expires_at"],
        networks=tuple(row["networks"]),
    )


async def has_scope(connection: Connection, scope: str, now: datetime) -> bool:
    return bool(await connection.fetchval(SELECT_HAS_SCOPE, scope, now))


async def list_live(connection: Connection, key_ids: Collection[str], now: datetime) -> set[str]:
    """Those among the keys that are neither revoked nor expired."""
    return {row["id"] for row in await connection.fetch(SELECT_LIVE, list(key_ids), now)}


async def insert_key(connection: Connection, key: Key, secret_sha256: bytes) -> bool:
    """False where a key of this secret is stored already."""
    made = await connection.fetchval(
        INSERT_KEY,
        key.id,
        key.account_id,
        key.name,
        key.prefix,
        secret_sha256,
        key.last_four,
        list(key.scopes),
        key.networks,
        key.replaces,
        key.created_at,
        key.expires_at,
    )
    return made is not None


async def get_key(connection: Connection, key_id: str, account_id: str | None) -> StoredKey | None:
    """`account_id` None: of any account."""
    return _stored(await connection.fetchrow(SELECT_KEY, key_id, account_id))


async def lock_key_row(connection: Connection, key_id: str, account_id: str | None) -> StoredKey | None:
    """Like `get_key`, and nobody else changes it until the transaction ends."""
    return _stored(await connection.fetchrow(LOCK_KEY_ROW, key_id, account_id))


async def list_keys(
    connection: Connection, *, seen_by: str | None, account_id: str | None, below_id: str | None, limit: int
) -> Sequence[Key]:
    """At most `limit` keys, newest first. `seen_by` is the account that asks, None for an administrator."""
    rows = await connection.fetch(SELECT_KEYS, seen_by, account_id, below_id, limit)
    return [stored.key for row in rows if (stored := _stored(row))]


async def find_successor(connection: Connection, key_id: str) -> str | None:
    found: str | None = await connection.fetchval(SELECT_SUCCESSOR, key_id)
    return found


async def set_expiry(connection: Connection, key_id: str, at: datetime) -> None:
    await connection.execute(UPDATE_EXPIRY, key_id, at)


async def set_revoked(connection: Connection, key_id: str, at: datetime) -> None:
    await connection.execute(UPDATE_REVOKED, key_id, at)


async def touch_key(connection: Connection, key_id: str, at: datetime) -> None:
    """Outside a transaction: a server that only reads refuses it, which must cost no caller the answer."""
    with suppress(asyncpg.ReadOnlySQLTransactionError):
        await connection.execute(TOUCH_KEY, key_id, at)


def _stored(row: Any) -> StoredKey | None:
    if row is None:
        return None
    values = dict(row)
    version = values.pop("row_version")
    return StoredKey(key=Key(**values | {"scopes": [Scope(s) for s in row["scopes"]]}), row_version=version)
