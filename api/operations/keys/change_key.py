"""Rotates and revokes API keys. A rotated key works beside its successor for a while.

An administrator may change any key, others only the key that they call with; otherwise a weak key could rotate
a strong one and inherit its rights. A revoked key stops working within five seconds (`authenticate.KEPT_S`).
"""

from collections.abc import Container
from datetime import datetime, timedelta

from msgspec.structs import replace

from api.clock import Clock
from api.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from api.operations.keys.create_key import check_expiry, store_new_key
from api.storage.database.pool import Connection, Pool
from api.storage.keys.keys import (
    KeyHolder,
    StoredKey,
    find_successor,
    get_key,
    lock_key_row,
    set_expiry,
    set_revoked,
)
from api.storage.log.audit_log import Origin, append_audit
from schemas.keys import KeyRotation, NewKey


async def lock_account_key(
    connection: Connection, key_id: str, seen_by: str | None, versions: Container[int] | None
) -> StoredKey:
    """The key, locked until the transaction ends.

    `seen_by` is the calling account, None for an administrator. Raises NotFound, also for another account's
    key; PreconditionFailed if its version is not in `versions`.
    """
    found = await lock_key_row(connection, key_id, seen_by)
    if found is None:
        raise NotFound("There is no such key.")
    if versions is not None and found.row_version not in versions:
        raise PreconditionFailed("The key has changed since it was read. Read it again.")
    return found


async def check_key_change(
    pool: Pool, holder: KeyHolder, key_id: str, *, expires_at: datetime | None = None
) -> None:
    """Raises NotFound for another account's key; Forbidden for another key of the account, or a new expiry."""
    if holder.is_admin:
        return
    if key_id != holder.key_id:
        async with pool.connection() as connection:
            found = await get_key(connection, key_id, holder.account_id)
        if found is None:
            raise NotFound("There is no such key.")
        raise _forbidden("A key can rotate or revoke only itself; other keys need the scope admin.")
    if expires_at is not None:
        raise _forbidden("An expiry other than the old key's needs the scope admin.")


def _forbidden(detail: str) -> Forbidden:
    return Forbidden(
        detail,
        headers={"WWW-Authenticate": 'Bearer realm="api", error="insufficient_scope", scope="admin"'},
    )


async def revoke_key(
    connection: Connection,
    clock: Clock,
    key_id: str,
    *,
    seen_by: str | None,
    origin: Origin,
    versions: Container[int] | None = None,
) -> StoredKey:
    """The revoked key, in the caller's transaction. Idempotent.

    Raises what `lock_account_key` raises.
    """
    old = await lock_account_key(connection, key_id, seen_by, versions)
    if old.key.revoked_at is not None:
        return old
    now = clock.now()
    await set_revoked(connection, key_id, now)
    changed = StoredKey(key=replace(old.key, revoked_at=now), row_version=old.row_version + 1)
    await append_audit(
        connection, origin, "key.revoked", key_id, before=old.audited, after=changed.audited, at=now
    )
    return changed


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
    """The new key with its secret, in the caller's transaction.

    Raises what `lock_account_key` raises; Conflict if the key has ended or has a successor; InvalidRequest for
    an expiry in the past.
    """
    old = await lock_account_key(connection, key_id, seen_by, versions)
    now = clock.now()
    if old.key.revoked_at is not None or (old.key.expires_at is not None and old.key.expires_at <= now):
        raise Conflict("The key is revoked or expired; create a new one.")
    successor = await find_successor(connection, key_id)
    if successor is not None:
        raise Conflict(f"The key was already replaced by {successor}. Revoke that one to rotate again.")
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
