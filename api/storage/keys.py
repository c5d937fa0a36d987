"""API keys, found by the SHA-256 of the whole key; the key itself is nowhere in the database."""

from datetime import datetime

from msgspec import Struct

from api.storage.pool import Connection

# The account and scopes of a key that is neither revoked nor expired.
SELECT_KEY = """
SELECT id, account_id, scopes FROM api_keys
WHERE secret_sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
"""

# Whether any key with a scope exists: the first start makes one.
SELECT_HAS_SCOPE = """
SELECT EXISTS (SELECT FROM api_keys WHERE $1 = ANY (scopes) AND revoked_at IS NULL)
"""

# Stores a key; one that is stored already stays as it is.
INSERT_KEY = """
INSERT INTO api_keys (id, account_id, name, secret_sha256, last_four, scopes, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (secret_sha256) DO NOTHING
"""


class KeyHolder(Struct, kw_only=True, frozen=True):
    """Who calls: the key's id, its account, and what it may do."""

    key_id: str
    account_id: str
    scopes: frozenset[str]


async def find_key(connection: Connection, secret_sha256: bytes, now: datetime) -> KeyHolder | None:
    row = await connection.fetchrow(SELECT_KEY, secret_sha256, now)
    if row is None:
        return None
    return KeyHolder(key_id=row["id"], account_id=row["account_id"], scopes=frozenset(row["scopes"]))


async def has_scope(connection: Connection, scope: str) -> bool:
    return bool(await connection.fetchval(SELECT_HAS_SCOPE, scope))


async def insert_key(
    connection: Connection,
    *,
    key_id: str,
    account_id: str,
    name: str,
    secret_sha256: bytes,
    last_four: str,
    scopes: list[str],
    at: datetime,
) -> None:
    await connection.execute(INSERT_KEY, key_id, account_id, name, secret_sha256, last_four, scopes, at)
