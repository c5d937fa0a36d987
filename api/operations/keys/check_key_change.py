"""Who may change a key: an administrator any, whoever else the one that they call with.

More would let a key that may do little replace one that may do much, and so take over what that one may do.
"""

from datetime import datetime

from api.errors import Forbidden, NotFound
from api.storage.database.pool import Pool
from api.storage.keys.keys import KeyHolder, get_key


async def check_key_change(
    pool: Pool, holder: KeyHolder, key_id: str, *, expires_at: datetime | None = None
) -> None:
    """Raises NotFound for another account's key; Forbidden for another one of the account, or for a new end."""
    if holder.is_admin:
        return
    if key_id != holder.key_id:
        async with pool.connection() as connection:
            found = await get_key(connection, key_id, holder.account_id)
        if found is None:
            raise NotFound("There is no such key.")
        raise _forbidden("A key can replace or revoke itself alone; for others it takes the scope admin.")
    if expires_at is not None:
        raise _forbidden("Another end than the old key's takes the scope admin.")


def _forbidden(detail: str) -> Forbidden:
    return Forbidden(
        detail,
        headers={"WWW-Authenticate": 'Bearer realm="api", error="insufficient_scope", scope="admin"'},
    )
