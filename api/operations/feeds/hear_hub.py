"""What a WebSub hub says to us: whether we asked for what it is about to do, and that a feed has news."""

import hashlib
import hmac
import re
from datetime import timedelta
from typing import Final

from api.errors import Gone, NotFound
from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.feeds import hub_subscriptions

CONFIRMED_WITHIN: Final = timedelta(days=1)  # of our request
SHORTEST_S: Final = 3_600  # of a lease, and so of the time until it is asked again
MAX_S: Final = 365 * 24 * 3_600
RENEWED_AT: Final = 0.8  # of a lease
AGAIN_AFTER_DENIAL: Final = timedelta(days=7)
NOTICES_EACH: Final = timedelta(
    seconds=60
)  # a hub may tell more often, a feed is not asked more often for it

_SIGNATURE = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})")
_NOTHING = "Nothing was asked for here."


async def confirm_subscription(runtime: Runtime, token: str, topic: str, lease_s: int) -> None:
    """The hub may go ahead. Raises NotFound where we did not ask for that, or too long ago."""
    now = runtime.clock.now()
    lease = timedelta(seconds=min(max(lease_s, SHORTEST_S), MAX_S))
    async with runtime.pool.transaction() as connection:
        asked = await hub_subscriptions.confirm(
            connection,
            token,
            topic,
            asked_since=now - CONFIRMED_WITHIN,
            expires_at=now + lease,
            renew_at=now + lease * RENEWED_AT,
        )
    if not asked:
        raise NotFound(_NOTHING)


async def hear_denial(runtime: Runtime, token: str, reason: str) -> None:
    """The hub will not tell, now or any longer. Raises NotFound."""
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        if not await hub_subscriptions.deny(connection, token, reason, now + AGAIN_AFTER_DENIAL):
            raise NotFound(_NOTHING)


async def open_secret(runtime: Runtime, token: str) -> bytes | None:
    """What the notices of a subscription are signed with; None where no key opens it any more. Raises Gone where
    nothing is subscribed to.
    """
    async with runtime.pool.connection() as connection:
        sealed = await hub_subscriptions.get_sealed_secret(connection, token)
    if sealed is None:
        raise Gone("Nothing is subscribed to here any more.")
    try:
        return key_ring(runtime.settings).open(sealed, token).encode()
    except ValueError:  # its key was taken away; whoever asks the hub again reports it
        return None


async def hear_notice(runtime: Runtime, token: str, secret: bytes, body: bytes, signature: str) -> bool:
    """Have the feed polled, where the notice is the hub's; False where it is not, which the hub need not know.

    What the notice holds is not read: the feed is asked itself.
    """
    if not _is_signed(secret, body, signature):
        return False
    async with runtime.pool.transaction() as connection:
        await hub_subscriptions.note_notice(connection, token, runtime.clock.now(), at_most_each=NOTICES_EACH)
    return True


def _is_signed(secret: bytes, body: bytes, signature: str) -> bool:
    parts = _SIGNATURE.fullmatch(signature.strip())
    if parts is None:
        return False
    made = hmac.new(secret, body, getattr(hashlib, parts[1])).hexdigest()
    return hmac.compare_digest(made, parts[2].lower())
