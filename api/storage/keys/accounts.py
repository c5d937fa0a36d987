"""Accounts: owners of keys, analyses and webhook endpoints."""

from datetime import datetime

from api.storage.database.pool import Connection

# Creates an account unless it exists.
INSERT_ACCOUNT = """
INSERT INTO accounts (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING
"""

# Whether an account exists.
SELECT_ACCOUNT_EXISTS = """
SELECT EXISTS (SELECT FROM accounts WHERE id = $1)
"""


async def insert_account(connection: Connection, account_id: str, name: str, at: datetime) -> None:
    await connection.execute(INSERT_ACCOUNT, account_id, name, at)


async def has_account(connection: Connection, account_id: str) -> bool:
    return bool(await connection.fetchval(SELECT_ACCOUNT_EXISTS, account_id))
