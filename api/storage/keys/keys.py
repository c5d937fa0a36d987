"""API keys, found by SHA-256; the keys themselves are not stored."""

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

# Whether a valid key with a scope exists; the first start creates one.
SELECT_HAS_SCOPE = """
SELECT EXISTS (
    SELECT FROM api_keys
    WHERE $1 = ANY (scopes) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
)
"""

# Stores a key unless it exists.
INSERT_KEY = """
INSERT INTO api_keys (id, account_id, name, prefix, secret_sha256, last_four, scopes, networks, replaces,
                      created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (secret_sha256) DO NOTHING RETURNING id
"""

# A key of one account, or of any.
SELECT_KEY = """
SELECT id, account_id, name, prefix, last_four, scopes, networks, replaces, created_at, expires_at,
       last_used_at, revoked_at, row_version
FROM api_keys WHERE id = $1 AND ($2::text IS NULL OR account_id = $2)
"""

# The same, locked for update.
LOCK_KEY_ROW = """
SELECT id, account_id, name, prefix, last_four, scopes, networks, replaces, created_at, expires_at,
       last_used_at, revoked_at, row_version
FROM api_keys WHERE id = $1 AND ($2::text IS NULL OR account_id = $2) FOR UPDATE
"""

# A page of visible keys, newest first, of one account or all.
SELECT_KEYS = """
SELECT id, account_id, name, prefix, last_four, scopes, networks, replaces, created_at, expires_at,
       last_used_at, revoked_at, row_version
FROM api_keys
WHERE ($1::text IS NULL OR account_id = $1) AND ($2::text IS NULL OR account_id = $2)
  AND ($3::text IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""

# The key that replaces another and is not revoked.
SELECT_SUCCESSOR = """
SELECT id FROM api_keys WHERE replaces = $1 AND revoked_at IS NULL
"""

# Sets a key's expiry.
UPDATE_EXPIRY = """
UPDATE api_keys SET expires_at = $2, row_version = row_version + 1 WHERE id = $1
"""

# Revokes a key.
UPDATE_REVOKED = """
UPDATE api_keys SET revoked_at = $2, row_version = row_version + 1 WHERE id = $1
"""

# Records a key's use, at most once a minute, to bound writes.
TOUCH_KEY = """
UPDATE api_keys SET last_used_at = $2
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')
"""


# The valid keys among these.
SELECT_LIVE = """
SELECT id FROM api_keys
WHERE id = ANY($1::text[]) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
"""


class KeyHolder(Struct, kw_only=True, frozen=True):
    """The caller: key, account, permissions, expiry and allowed networks (empty: any)."""

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
    """A key and its state number, which rises with every change."""

    key: Key
    row_version: int

    @property
    def audited(self) -> Key:
        """The key for the audit log, in which use is no change."""
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
    """The keys that are neither revoked nor expired."""
    return {row["id"] for row in await connection.fetch(SELECT_LIVE, list(key_ids), now)}


async def insert_key(connection: Connection, key: Key, secret_sha256: bytes) -> bool:
    """False if a key with this secret exists."""
    created = await connection.fetchval(
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
    return created is not None


async def get_key(connection: Connection, key_id: str, account_id: str | None) -> StoredKey | None:
    """`account_id` None: any account."""
    return _stored(await connection.fetchrow(SELECT_KEY, key_id, account_id))


async def lock_key_row(connection: Connection, key_id: str, account_id: str | None) -> StoredKey | None:
    """Like `get_key`, locked for update."""
    return _stored(await connection.fetchrow(LOCK_KEY_ROW, key_id, account_id))


async def list_keys(
    connection: Connection, *, seen_by: str | None, account_id: str | None, below_id: str | None, limit: int
) -> Sequence[Key]:
    """At most `limit` keys, newest first. `seen_by`: the requesting account; None: an administrator."""
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
    """Runs outside a transaction: a read-only server refuses it, which must not fail the request."""
    with suppress(asyncpg.ReadOnlySQLTransactionError):
        await connection.execute(TOUCH_KEY, key_id, at)


def _stored(row: Any) -> StoredKey | None:
    if row is None:
        return None
    values = dict(row)
    version = values.pop("row_version")
    return StoredKey(key=Key(**values | {"scopes": [Scope(s) for s in row["scopes"]]}), row_version=version)
