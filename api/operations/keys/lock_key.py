"""A key that is about to be changed: visible to who asks, in the state that they saw, and held."""

from collections.abc import Container

from api.errors import NotFound, PreconditionFailed
from api.storage.database.pool import Connection
from api.storage.keys.keys import StoredKey, lock_key_row


async def held_key(
    connection: Connection, key_id: str, seen_by: str | None, versions: Container[int] | None
) -> StoredKey:
    """The key, locked until the transaction ends.

    `seen_by` is the account that asks, None for an administrator; `versions` the states that it may be in, None
    for any. Raises NotFound, also for another account's key; PreconditionFailed for another state.
    """
    found = await lock_key_row(connection, key_id, seen_by)
    if found is None:
        raise NotFound("There is no such key.")
    if versions is not None and found.row_version not in versions:
        raise PreconditionFailed("The key has changed since it was read. Read it again.")
    return found
