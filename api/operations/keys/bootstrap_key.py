"""Creates the first administrator's key."""

from api.clock import Clock
from api.operations.keys.key_format import key_digest, key_prefix, new_key
from api.storage.database.locks import lock_key
from api.storage.database.pool import Connection
from api.storage.keys.accounts import insert_account
from api.storage.keys.keys import has_scope, insert_key
from api.storage.log.audit_log import Actor, Origin, append_audit
from schemas.keys import Key, Scope

DEFAULT_ACCOUNT = "acc_" + "0" * 26  # a constant, so that two processes create one account


async def ensure_admin_key(connection: Connection, clock: Clock, configured: str | None) -> str | None:
    """Make sure that an administrator's key exists, in the caller's transaction.

    Stores the digest of a configured key and returns None. Otherwise creates a key if there is none, and
    returns it, to be shown once.
    """
    await lock_key(connection, "bootstrap admin key")
    now = clock.now()
    if configured is None and await has_scope(connection, Scope.ADMIN, now):
        return None
    secret = new_key() if configured is None else configured
    await insert_account(connection, DEFAULT_ACCOUNT, "default", now)
    key = Key(
        id=clock.new_id("key"),
        account_id=DEFAULT_ACCOUNT,
        name="bootstrap",
        prefix=key_prefix(secret),
        last_four=secret[-4:],
        scopes=list(Scope),
        networks=[],
        replaces=None,
        created_at=now,
        expires_at=None,
        last_used_at=None,
        revoked_at=None,
    )
    if await insert_key(connection, key, key_digest(secret)):
        origin = Origin(actor=Actor.SERVICE)
        await append_audit(connection, origin, "key.created", key.id, before=None, after=key, at=now)
    return secret if configured is None else None
