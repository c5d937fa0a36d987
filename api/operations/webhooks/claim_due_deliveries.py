"""Takes deliveries that are due into a worker's hands, with all that it needs to send them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct

from api.operations.webhooks.build_payloads import write_payloads
from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.webhooks.deliveries import Claimed, claim_due
from api.storage.webhooks.delivery_rates import lock_paces, put_back, set_paces
from api.storage.webhooks.webhooks import list_secrets
from api.webhooks.encryption import KeyRing, open_headers
from api.webhooks.pacing import beginnings

_HELD_BY_ANOTHER: Final = timedelta(milliseconds=200)


class Due(Struct, kw_only=True, frozen=True):
    """A delivery that may begin at `begins`. `body` is None where there is nothing to send any more.

    `secrets` is empty where no key of the ring opens what is sealed for the endpoint.
    """

    claimed: Claimed
    body: bytes | None
    secrets: list[str]
    headers: dict[str, str]
    begins: datetime


class Taken(Struct, kw_only=True, frozen=True):
    """`looked_at` counts what was due; `paced` says from when on endpoints with a rate limit take more."""

    looked_at: int
    due: list[Due]
    paced: dict[str, datetime]


async def take_due(runtime: Runtime, *, lease: timedelta, spared: Sequence[str], limit: int) -> Taken:
    """At most `limit`, none of the `spared` endpoints. They are due again after `lease`."""
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        claimed = await claim_due(connection, now, lease=lease, spared=spared, limit=limit)
        if not claimed:
            return Taken(looked_at=0, due=[], paced={})
        ring = key_ring(runtime.settings)
        begins, paced = await _pace(connection, [one for one in claimed if not _waits_for_ping(one)], now)
        taken = [one for one in claimed if one.id in begins]
        sealed = await list_secrets(connection, sorted({one.endpoint_id for one in taken}), now)
        bodies = await write_payloads(connection, taken)
    secrets: defaultdict[str, list[str]] = defaultdict(list)
    for secret in sealed:
        if (opened := _opened(ring, secret.sealed, secret.endpoint_id)) is not None:
            secrets[secret.endpoint_id].append(opened)
    due = [_due(ring, one, bodies, secrets[one.endpoint_id], begins[one.id]) for one in taken]
    return Taken(looked_at=len(claimed), due=due, paced=paced)


def _waits_for_ping(claimed: Claimed) -> bool:
    """An event on its way to an address that has not answered: its job began before the endpoint was changed.

    It is left until the end of its lease.
    """
    return claimed.endpoint_status == "pending" and claimed.event_sequence is not None


def _due(
    ring: KeyRing,
    claimed: Claimed,
    bodies: Mapping[tuple[str, str], bytes],
    secrets: list[str],
    begins: datetime,
) -> Due:
    try:
        headers = open_headers(ring, claimed.headers, claimed.endpoint_id)
    except ValueError:
        headers, secrets = {}, []
    body = None if claimed.endpoint_status == "disabled" else bodies.get((claimed.event_id, claimed.payload))
    return Due(claimed=claimed, body=body, secrets=secrets, headers=headers, begins=begins)


async def _pace(
    connection: Connection, claimed: Sequence[Claimed], now: datetime
) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """When those begin that may begin soon, by its id, and the paces of `Taken`; the rest is put back."""
    begins = {one.id: now for one in claimed if not one.limited}
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for one in claimed:
        if one.limited:
            waiting[one.endpoint_id].append(one.id)
    if not waiting:
        return begins, {}
    later, paced = {}, dict.fromkeys(waiting, now + _HELD_BY_ANOTHER)
    for pace in await lock_paces(connection, sorted(waiting)):
        times, paced[pace.id] = beginnings(len(waiting[pace.id]), pace.rate_limit, pace.paced_until, now)
        begins |= dict(zip(waiting[pace.id], times, strict=False))
        later[pace.id] = paced[pace.id]
    await set_paces(connection, later)
    rest = {
        delivery: paced[endpoint]
        for endpoint, deliveries in waiting.items()
        for delivery in deliveries
        if delivery not in begins
    }
    await put_back(connection, rest)
    return begins, paced


@lru_cache(20_000)
def _opened(ring: KeyRing, sealed: bytes, endpoint_id: str) -> str | None:
    """None where no key of the ring fits.

    Opening costs more than sending; what was opened stays in this process, which sends all day.
    """
    try:
        return ring.open(sealed, endpoint_id)
    except ValueError:
        return None
