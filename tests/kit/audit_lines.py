"""Reads the audit log, which the service only writes."""

from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection
from api.storage.log.audit_log import Actor

# The lines of an object, oldest first.
_SELECT = """
SELECT number, at, actor, account_id, key_id, action, object_id, before_sha256, after_sha256, address, request_id
FROM audit_log WHERE object_id = $1 ORDER BY number
"""


class AuditLine(Struct, kw_only=True, frozen=True):
    """One action, with digests of the object before and after it, None if it did not exist."""

    number: int
    at: datetime
    actor: Actor
    account_id: str | None
    key_id: str | None
    action: str
    object_id: str
    before_sha256: bytes | None
    after_sha256: bytes | None
    address: str | None
    request_id: str | None


async def list_audit(connection: Connection, object_id: str) -> list[AuditLine]:
    rows = await connection.fetch(_SELECT, object_id)
    return [AuditLine(**dict(row) | {"actor": Actor(row["actor"])}) for row in rows]
