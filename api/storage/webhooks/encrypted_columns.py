"""All columns encrypted with the key ring, for key rotation."""

from collections.abc import Callable
from typing import Final

from api.storage.database.pool import Connection

# The secrets of webhook endpoints.
SELECT_SEALED_SECRETS = """
SELECT number::text AS id, endpoint_id AS owner, sealed FROM webhook_secrets ORDER BY number
"""

# Re-encrypts them, unless they were replaced.
UPDATE_SEALED_SECRETS = """
UPDATE webhook_secrets s SET sealed = n.sealed
FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS n (id, old, sealed)
WHERE s.number = n.id::bigint AND s.sealed = n.old
"""

# The custom headers of webhook endpoints.
SELECT_SEALED_HEADERS = """
SELECT id, id || ' headers' AS owner, headers AS sealed FROM webhook_endpoints
WHERE headers IS NOT NULL ORDER BY id
"""

# Re-encrypts them, unless they were replaced.
UPDATE_SEALED_HEADERS = """
UPDATE webhook_endpoints e SET headers = n.sealed
FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS n (id, old, sealed)
WHERE e.id = n.id AND e.headers = n.old
"""

_COLUMNS: Final = (
    (SELECT_SEALED_SECRETS, UPDATE_SEALED_SECRETS),
    (SELECT_SEALED_HEADERS, UPDATE_SEALED_HEADERS),
)


async def replace_sealed(connection: Connection, renew: Callable[[bytes, str], bytes | None]) -> None:
    """Replace each value by `renew(value, owner)`, unless that is None."""
    for select, update in _COLUMNS:
        renewed = [
            (row["id"], row["sealed"], new)
            for row in await connection.fetch(select)
            if (new := renew(row["sealed"], row["owner"])) is not None
        ]
        if renewed:
            await connection.execute(update, *map(list, zip(*renewed, strict=True)))
