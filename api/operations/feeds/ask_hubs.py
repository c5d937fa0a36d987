"""Asks WebSub hubs for the news of feeds: for the first time, after a failure, and before a subscription ends."""

import asyncio
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from api.errors import ApiError
from api.fetching.body import read_body
from api.fetching.client import GuardedClient
from api.operations.feeds.websub import callback_base
from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.feeds import hub_subscriptions
from api.storage.feeds.hub_subscriptions import DueHub
from api.web.urls import parse_target

BATCH: Final = 20
AGAIN_AFTER: Final = timedelta(hours=1)  # within which a hub that took the request should have confirmed it
WANTED_LEASE_S: Final = 10 * 24 * 3600  # what hubs give by default; they may give another
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


async def ask_hubs(runtime: Runtime, client: GuardedClient) -> int:
    """How many were asked; may run in many workers at once. `client` has the policy for deliveries."""
    base = callback_base(runtime.settings)
    if base is None:
        return 0
    async with runtime.pool.transaction() as connection:
        due = await hub_subscriptions.claim_due_hubs(
            connection, runtime.clock.now(), limit=BATCH, again_after=AGAIN_AFTER
        )
    await asyncio.gather(*(_ask(runtime, client, base, one) for one in due))
    return len(due)


async def _ask(runtime: Runtime, client: GuardedClient, base: str, due: DueHub) -> None:
    ring = key_ring(runtime.settings)
    try:
        form = urlencode(
            {
                "hub.mode": "subscribe",
                "hub.topic": due.topic,
                "hub.callback": f"{base}/{due.token}",
                "hub.lease_seconds": WANTED_LEASE_S,
                "hub.secret": ring.open(due.sealed, due.token),
            }
        )
        error = await _send(client, due.hub, form.encode())
    except ValueError:  # its secret was sealed with a key that was taken away
        error = "The secret can no longer be opened; remove the feed and add it again."
    if error is not None:  # else the hub confirms by a request of its own
        async with runtime.pool.transaction() as connection:
            await hub_subscriptions.record_error(connection, due.token, error)


async def _send(client: GuardedClient, hub: str, form: bytes) -> str | None:
    """What went wrong, None where the hub took it."""
    try:
        async with client.send(parse_target(hub), method="POST", headers=_FORM, body=form) as response:
            said = await read_body(response, client.policy, max_bytes=200, cut=True)
            if 200 <= response.status < 300:
                return None
            words = " ".join(said.decode("utf-8", "replace").replace("\x00", "").split())
            return f"The hub answered {response.status}. {words}".strip()
    except ApiError as refused:
        return refused.detail
