"""Accounts: who owns keys, analyses and, later, webhook endpoints."""

from datetime import datetime

from api.storage.pool import Connection

# Makes an account unless its id is taken.
INSERT_ACCOUNT = """
INSERT INTO accounts (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING
"""


async def insert_account(connection: Connection, account_id: str, name: str, at: datetime) -> None:
    await connection.execute(INSERT_ACCOUNT, account_id, name, at)
