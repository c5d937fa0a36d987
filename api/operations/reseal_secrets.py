"""Seals all secrets with the first key of the ring, so that the other keys can be taken away."""

from msgspec import Struct

from api.operations.key_ring import key_ring
from api.operations.runtime import Runtime
from api.storage.audit_log import Origin, append_audit
from api.storage.pool import Connection
from api.storage.sealed import replace_sealed


class Resealing(Struct, kw_only=True, frozen=True):
    """`resealed` have the first key now, `current` had it before; `lost` no key of the ring opens."""

    resealed: int
    current: int
    lost: int


async def reseal_secrets(connection: Connection, runtime: Runtime, *, origin: Origin) -> Resealing:
    """In the caller's transaction. Raises Unavailable without a ring, SettingsError."""
    ring, current, lost = key_ring(runtime.settings), 0, 0

    def renew(sealed: bytes) -> bytes | None:
        nonlocal current, lost
        if ring.is_current(sealed):
            current += 1
            return None
        try:
            return ring.reseal(sealed)
        except ValueError:
            lost += 1
            return None

    resealed = await replace_sealed(connection, renew)
    done = Resealing(resealed=resealed, current=current, lost=lost)
    await append_audit(
        connection,
        origin,
        "webhook_keys.changed",
        "webhook_keys",
        before=None,
        after=done,
        at=runtime.clock.now(),
    )
    return done
