"""Responses to requests with an Idempotency-Key, written in the transaction of the request's effect."""

from datetime import datetime

import msgspec
from msgspec import Struct

from api.storage.database.pool import Connection

# Locks a request's digest until the transaction ends; false if another transaction holds it.
TRY_LOCK_REQUEST = """
SELECT pg_try_advisory_xact_lock($1)
"""

# A stored response.
SELECT_RECORD = """
SELECT fingerprint, status, headers, body FROM idempotency_records WHERE digest = $1
"""

# Stores a response.
INSERT_RECORD = """
INSERT INTO idempotency_records (digest, account_id, fingerprint, status, headers, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

# Replaces a stored response.
UPDATE_RECORD = """
UPDATE idempotency_records SET status = $2, headers = $3, body = $4 WHERE digest = $1
"""

# Deletes old responses, up to a limit; concurrent sweeps take different rows.
DELETE_OLD_RECORDS = """
DELETE FROM idempotency_records WHERE digest IN (
    SELECT r.digest FROM idempotency_records r WHERE r.created_at < $1
    ORDER BY r.created_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
RETURNING digest
"""


class RequestIdentity(Struct, kw_only=True, frozen=True):
    """`digest` names the request (account, method, path, key), `fingerprint` its body; both are SHA-256."""

    account_id: str
    digest: bytes
    fingerprint: bytes


class StoredAnswer(Struct, kw_only=True, frozen=True):
    """A response without per-response headers such as the date."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class IdempotencyRecord(Struct, kw_only=True, frozen=True):
    fingerprint: bytes
    answer: StoredAnswer


async def try_lock_request(connection: Connection, digest: bytes) -> bool:
    """Whether this transaction alone handles the request."""
    number = int.from_bytes(digest[:8], "big", signed=True)  # advisory locks are 64 bits wide
    return bool(await connection.fetchval(TRY_LOCK_REQUEST, number))


async def find_record(connection: Connection, digest: bytes) -> IdempotencyRecord | None:
    row = await connection.fetchrow(SELECT_RECORD, digest)
    if row is None:
        return None
    headers = msgspec.json.decode(row["headers"], type=list[tuple[str, str]])
    answer = StoredAnswer(status=row["status"], headers=headers, body=row["body"])
    return IdempotencyRecord(fingerprint=row["fingerprint"], answer=answer)


async def insert_record(
    connection: Connection, request: RequestIdentity, answer: StoredAnswer, at: datetime
) -> None:
    await connection.execute(
        INSERT_RECORD,
        request.digest,
        request.account_id,
        request.fingerprint,
        answer.status,
        _headers(answer),
        answer.body,
        at,
    )


async def update_record(connection: Connection, digest: bytes, answer: StoredAnswer) -> None:
    await connection.execute(UPDATE_RECORD, digest, answer.status, _headers(answer), answer.body)


async def delete_old_records(connection: Connection, before: datetime, limit: int) -> int:
    """The number deleted."""
    return len(await connection.fetch(DELETE_OLD_RECORDS, before, limit))


def _headers(answer: StoredAnswer) -> str:
    return msgspec.json.encode(answer.headers).decode()
