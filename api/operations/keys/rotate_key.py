"""Replaces a key: a new one with the same rights, and some time in which both work."""

from collections.abc import Container
from datetime import timedelta

from msgspec.structs import replace

from api.clock import Clock
from api.errors import Conflict
from api.operations.keys.create_key import check_expiry, store_new_key
from api.operations.keys.lock_key import held_key
from api.storage.database.pool import Connection
from api.storage.keys.keys import find_successor, set_expiry
from api.storage.log.audit_log import Origin, append_audit
from schemas.keys import KeyRotation, NewKey


async def rotate_key(
    connection: Connection,
    clock: Clock,
    key_id: str,
    rotation: KeyRotation,
    *,
    seen_by: str | None,
    origin: Origin,
    versions: Container[int] | None = None,
) -> NewKey:
    """The new key with its secret, inside the caller's transaction.

    Raises what `held_key` raises; Conflict for a key that is over, or has a successor already; InvalidRequest
    for an end that is over already.
    """
    old = await held_key(connection, key_id, seen_by, versions)
    now = clock.now()
    if old.key.revoked_at is not None or (old.key.expires_at is not None and old.key.expires_at <= now):
        raise Conflict("The key is revoked or has expired: make a new one.")
    successor = await find_successor(connection, key_id)
    if successor is not None:
        raise Conflict(f"The key was replaced by {successor} already. Revoke that one to replace it again.")
    check_expiry(rotation.expires_at, now)
    new = await store_new_key(
        connection,
        clock,
        account_id=old.key.account_id,
        name=old.key.name,
        scopes=old.key.scopes,
        networks=old.key.networks,
        replaces=key_id,
        expires_at=rotation.expires_at or old.key.expires_at,
        origin=origin,
    )
    end = now + timedelta(seconds=rotation.overlap_s)
    end = min(end, old.key.expires_at or end)
    await set_expiry(connection, key_id, end)
    changed = replace(old.audited, expires_at=end)
    await append_audit(connection, origin, "key.rotated", key_id, before=old.audited, after=changed, at=now)
    return new
