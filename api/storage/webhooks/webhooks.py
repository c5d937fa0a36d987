"""Webhook endpoints and their encrypted secrets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.events import EventType
from schemas.webhooks import DisabledReason, Endpoint, EndpointStatus, Payload

# Locks an account, to enforce the limit of endpoints.
LOCK_ACCOUNT = """
SELECT id FROM accounts WHERE id = $1 FOR UPDATE
"""

# An account's number of endpoints.
COUNT_ENDPOINTS = """
SELECT count(*) FROM webhook_endpoints WHERE account_id = $1
"""

# Creates an endpoint.
INSERT_ENDPOINT = """
INSERT INTO webhook_endpoints (id, account_id, url, description, event_types, predicate, payload, rate_limit,
                               header_names, status, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
"""

# One endpoint of an account.
SELECT_ENDPOINT = """
SELECT id, account_id, url, description, event_types, predicate, payload, rate_limit, header_names, status,
       disabled_reason, failing_since, lost_through, created_at, updated_at, row_version
FROM webhook_endpoints WHERE id = $1 AND account_id = $2
"""

# The same, locked against changes. A stronger lock would cause a deadlock with workers that create or return
# its deliveries.
LOCK_ENDPOINT = """
SELECT id, account_id, url, description, event_types, predicate, payload, rate_limit, header_names, status,
       disabled_reason, failing_since, lost_through, created_at, updated_at, row_version
FROM webhook_endpoints WHERE id = $1 AND account_id = $2 FOR NO KEY UPDATE
"""

# The state numbers of existing endpoints.
SELECT_VERSIONS = """
SELECT id, row_version FROM webhook_endpoints WHERE id = ANY($1::text[])
"""

# A page of an account's endpoints, newest first.
SELECT_ENDPOINTS = """
SELECT id, account_id, url, description, event_types, predicate, payload, rate_limit, header_names, status,
       disabled_reason, failing_since, lost_through, created_at, updated_at, row_version
FROM webhook_endpoints WHERE account_id = $1 AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""

# Stores the owner's changes and clears failures.
UPDATE_ENDPOINT = """
UPDATE webhook_endpoints
SET url = $2, description = $3, event_types = $4, predicate = $5, payload = $6, rate_limit = $7,
    header_names = $8, status = $9, disabled_reason = $10,
    first_failure_at = NULL, last_failure_at = NULL, failing_since = NULL, breaker_until = NULL,
    paced_until = NULL, row_version = row_version + 1, updated_at = $11
WHERE id = $1
"""

# The encrypted custom headers.
SELECT_HEADERS = """
SELECT headers FROM webhook_endpoints WHERE id = $1
"""

# Replaces the encrypted custom headers.
UPDATE_HEADERS = """
UPDATE webhook_endpoints SET headers = $2 WHERE id = $1
"""

# Deletes an endpoint with its secrets, deliveries and attempts.
DELETE_ENDPOINT = """
DELETE FROM webhook_endpoints WHERE id = $1
"""

# Adds an encrypted secret as the current one.
INSERT_SEALED = """
INSERT INTO webhook_secrets (endpoint_id, sealed, created_at) VALUES ($1, $2, $3)
"""

# Sets the current secret's expiry.
EXPIRE_SEALED = """
UPDATE webhook_secrets SET expires_at = $2 WHERE endpoint_id = $1 AND expires_at IS NULL
"""

# Deletes an endpoint's expired secrets.
DELETE_EXPIRED_SEALED = """
DELETE FROM webhook_secrets WHERE endpoint_id = $1 AND expires_at <= $2
"""

# The valid secrets of endpoints, newest first.
SELECT_SEALED = """
SELECT endpoint_id, sealed, created_at FROM webhook_secrets
WHERE endpoint_id = ANY($1::text[]) AND (expires_at IS NULL OR expires_at > $2) ORDER BY endpoint_id, number DESC
"""


class StoredEndpoint(Struct, kw_only=True, frozen=True):
    """An endpoint and its state number, which rises with every change by its owner."""

    endpoint: Endpoint
    row_version: int


class SealedSecret(Struct, kw_only=True, frozen=True):
    endpoint_id: str
    sealed: bytes
    created_at: datetime


async def count_endpoints(connection: Connection, account_id: str) -> int:
    """Locks the account against new endpoints until the transaction ends."""
    await connection.execute(LOCK_ACCOUNT, account_id)
    count: int = await connection.fetchval(COUNT_ENDPOINTS, account_id)
    return count


async def insert_endpoint(connection: Connection, endpoint: Endpoint) -> None:
    await connection.execute(
        INSERT_ENDPOINT,
        endpoint.id,
        endpoint.account_id,
        endpoint.url,
        endpoint.description,
        list(endpoint.event_types),
        endpoint.predicate,
        endpoint.payload,
        endpoint.rate_limit,
        endpoint.header_names,
        endpoint.status,
        endpoint.created_at,
    )


async def get_endpoint(connection: Connection, endpoint_id: str, account_id: str) -> StoredEndpoint | None:
    return _stored(await connection.fetchrow(SELECT_ENDPOINT, endpoint_id, account_id))


async def lock_endpoint(connection: Connection, endpoint_id: str, account_id: str) -> StoredEndpoint | None:
    return _stored(await connection.fetchrow(LOCK_ENDPOINT, endpoint_id, account_id))


async def endpoint_versions(connection: Connection, endpoint_ids: Sequence[str]) -> dict[str, int]:
    """The state numbers, by id."""
    rows = await connection.fetch(SELECT_VERSIONS, list(endpoint_ids))
    return {row["id"]: row["row_version"] for row in rows}


async def list_endpoints(
    connection: Connection, account_id: str, *, below_id: str | None, limit: int
) -> list[Endpoint]:
    rows = await connection.fetch(SELECT_ENDPOINTS, account_id, below_id, limit)
    return [stored.endpoint for row in rows if (stored := _stored(row))]


async def update_endpoint(connection: Connection, endpoint: Endpoint) -> None:
    await connection.execute(
        UPDATE_ENDPOINT,
        endpoint.id,
        endpoint.url,
        endpoint.description,
        list(endpoint.event_types),
        endpoint.predicate,
        endpoint.payload,
        endpoint.rate_limit,
        endpoint.header_names,
        endpoint.status,
        endpoint.disabled_reason,
        endpoint.updated_at,
    )


async def get_headers(connection: Connection, endpoint_id: str) -> bytes | None:
    """The encrypted headers; None without headers."""
    sealed: bytes | None = await connection.fetchval(SELECT_HEADERS, endpoint_id)
    return sealed


async def replace_headers(connection: Connection, endpoint_id: str, sealed: bytes | None) -> None:
    await connection.execute(UPDATE_HEADERS, endpoint_id, sealed)


async def delete_endpoint(connection: Connection, endpoint_id: str) -> None:
    await connection.execute(DELETE_ENDPOINT, endpoint_id)


async def replace_secret(
    connection: Connection, endpoint_id: str, sealed: bytes, *, at: datetime, old_ends_at: datetime
) -> None:
    """The new secret signs from now on, the previous one until `old_ends_at`."""
    await connection.execute(EXPIRE_SEALED, endpoint_id, old_ends_at)
    await connection.execute(DELETE_EXPIRED_SEALED, endpoint_id, at)
    await connection.execute(INSERT_SEALED, endpoint_id, sealed, at)


async def list_secrets(
    connection: Connection, endpoint_ids: Sequence[str], at: datetime
) -> list[SealedSecret]:
    """The valid secrets, newest of each endpoint first."""
    rows = await connection.fetch(SELECT_SEALED, list(endpoint_ids), at)
    return [SealedSecret(**dict(row)) for row in rows]


def _stored(row: Any) -> StoredEndpoint | None:
    if row is None:
        return None
    values = dict(row)
    version, reason = values.pop("row_version"), values.pop("disabled_reason")
    return StoredEndpoint(
        endpoint=Endpoint(
            **values
            | {
                "event_types": [EventType(name) for name in values["event_types"]],
                "payload": Payload(values["payload"]),
                "status": EndpointStatus(values["status"]),
            },
            disabled_reason=None if reason is None else DisabledReason(reason),
        ),
        row_version=version,
    )
