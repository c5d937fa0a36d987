"""The audit log: who did what to which object. A trigger makes it append-only.

Call `append_audit` in the transaction of the action. Names of actions are `noun.participle`, such as
`key.created`.
"""

import hashlib
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.wire import encode_json

# Adds a line.
INSERT_AUDIT = """
INSERT INTO audit_log (at, actor, account_id, key_id, action, object_id, before_sha256, after_sha256, address,
                       request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


class Actor(StrEnum):
    """The way an action arrived: a request with a key, an operator's command, the service itself."""

    KEY = "key"
    COMMAND_LINE = "command_line"
    SERVICE = "service"


class Origin(Struct, kw_only=True, frozen=True):
    """The actor. Account and key are the request's; `address` is its peer's."""

    actor: Actor
    account_id: str | None = None
    key_id: str | None = None
    address: str | None = None
    request_id: str | None = None


async def append_audit(
    connection: Connection,
    origin: Origin,
    action: str,
    object_id: str,
    *,
    before: Struct | None,
    after: Struct | None,
    at: datetime,
) -> None:
    await connection.execute(
        INSERT_AUDIT,
        at,
        origin.actor.value,
        origin.account_id,
        origin.key_id,
        action,
        object_id,
        object_sha256(before),
        object_sha256(after),
        origin.address,
        origin.request_id,
    )


def object_sha256(value: Struct | None) -> bytes | None:
    """The digest of an object's public JSON."""
    return None if value is None else hashlib.sha256(encode_json(value)).digest()
