"""Revokes a key: from within five seconds on (`authenticate.KEPT_S`) nobody is let in with it."""

from collections.abc import Container

from msgspec.structs import replace

from api.clock import Clock
from api.operations.keys.lock_key import held_key
from api.storage.database.pool import Connection
from api.storage.keys.keys import StoredKey, set_revoked
from api.storage.log.audit_log import Origin, append_audit


async def revoke_key(
    connection: Connection,
    clock: Clock,
    key_id: str,
    *,
    seen_by: str | None,
    origin: Origin,
    versions: Container[int] | None = None,
) -> StoredKey:
    """The revoked key, inside the caller's transaction; one that was revoked already stays as it is.

    Raises what `held_key` raises.
    """
    old = await held_key(connection, key_id, seen_by, versions)
    if old.key.revoked_at is not None:
        return old
    now = clock.now()
    await set_revoked(connection, key_id, now)
    changed = StoredKey(key=replace(old.key, revoked_at=now), row_version=old.row_version + 1)
    await append_audit(
        connection, origin, "key.revoked", key_id, before=old.audited, after=changed.audited, at=now
    )
    return changed
