"""Creates a key, for an existing or a new account.

The answer to a repeated `POST /v1/keys` omits the secret: to repeat it, the secret would have to be stored for
a day or derived from the request, and a leaked administrator's key would then lead to every key made with it. A
client that lost the answer revokes the key and creates another.
"""

from datetime import datetime

from msgspec.structs import asdict

from api.clock import Clock
from api.errors import InvalidRequest
from api.operations.keys.key_format import checked_networks, key_digest, key_prefix, new_key
from api.storage.database.pool import Connection
from api.storage.keys.accounts import has_account, insert_account
from api.storage.keys.keys import insert_key
from api.storage.log.audit_log import Origin, append_audit
from schemas.keys import Key, KeyCreation, NewKey, Scope
from schemas.problems import FieldError


async def create_key(
    connection: Connection, clock: Clock, creation: KeyCreation, *, account_id: str, origin: Origin
) -> NewKey:
    """The new key with its secret, in the caller's transaction; `account_id` is the default account.

    Raises InvalidRequest for two accounts, an unknown one, an expiry in the past, or an invalid network.
    """
    now = clock.now()
    if creation.account_id is not None and creation.account_name is not None:
        raise _refusal("account_name", "one_of", "Give account_id or account_name, not both.")
    check_expiry(creation.expires_at, now)
    owner = creation.account_id or account_id
    if creation.account_name is not None:
        owner = clock.new_id("acc")
        await insert_account(connection, owner, creation.account_name, now)
    elif not await has_account(connection, owner):
        raise _refusal("account_id", "unknown", "There is no such account.")
    return await store_new_key(
        connection,
        clock,
        account_id=owner,
        name=creation.name,
        scopes=sorted(set(creation.scopes)),
        networks=checked_networks(creation.networks),
        replaces=None,
        expires_at=creation.expires_at,
        origin=origin,
    )


async def store_new_key(
    connection: Connection,
    clock: Clock,
    *,
    account_id: str,
    name: str,
    scopes: list[Scope],
    networks: list[str],
    replaces: str | None,
    expires_at: datetime | None,
    origin: Origin,
) -> NewKey:
    """A key with these properties and its audit entry."""
    secret, now = new_key(), clock.now()
    key = Key(
        id=clock.new_id("key"),
        account_id=account_id,
        name=name,
        prefix=key_prefix(secret),
        last_four=secret[-4:],
        scopes=scopes,
        networks=networks,
        replaces=replaces,
        created_at=now,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    await insert_key(connection, key, key_digest(secret))
    await append_audit(connection, origin, "key.created", key.id, before=None, after=key, at=now)
    return NewKey(**asdict(key), secret=secret)


def check_expiry(expires_at: datetime | None, now: datetime) -> None:
    """Raises InvalidRequest for a time in the past."""
    if expires_at is not None and expires_at <= now:
        raise _refusal("expires_at", "too_small", "The time is in the past.")


def _refusal(name: str, code: str, detail: str) -> InvalidRequest:
    error = FieldError(pointer=f"#/{name}", parameter=None, code=code, detail=detail)
    return InvalidRequest(f"#/{name}: {detail}", errors=[error])
