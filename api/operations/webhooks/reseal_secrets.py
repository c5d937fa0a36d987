"""Re-encrypts all secrets with the first key of the ring, so that older keys can be removed."""

from msgspec import Struct

from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Origin, append_audit
from api.storage.webhooks.encrypted_columns import replace_sealed
from api.webhooks.encryption import KeyRing


class SealedSecrets(Struct, kw_only=True, frozen=True):
    """Numbers of secrets that the first key opens (`current`), another key (`older`), none (`lost`).

    A secret not yet bound to its owner counts as older.
    """

    current: int
    older: int
    lost: int


async def reseal_secrets(connection: Connection, runtime: Runtime, *, origin: Origin) -> SealedSecrets:
    """The numbers before, in the caller's transaction. Raises Unavailable without a ring, SettingsError."""
    before = await sort_secrets(connection, key_ring(runtime.settings), reseal=True)
    await append_audit(
        connection,
        origin,
        "webhook_keys.changed",
        "webhook_keys",
        before=before,
        after=None,
        at=runtime.clock.now(),
    )
    return before


async def sort_secrets(connection: Connection, ring: KeyRing, *, reseal: bool) -> SealedSecrets:
    """Count secrets; with `reseal`, re-encrypt those of older keys with the first."""
    current = older = lost = 0

    def renew(sealed: bytes, owner: str) -> bytes | None:
        nonlocal current, older, lost
        if ring.is_current(sealed, owner):
            current += 1
            return None
        try:
            new = ring.reseal(sealed, owner)
        except ValueError:
            lost += 1
            return None
        older += 1
        return new if reseal else None

    await replace_sealed(connection, renew)
    return SealedSecrets(current=current, older=older, lost=lost)
