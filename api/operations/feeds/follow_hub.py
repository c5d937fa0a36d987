"""Keeps the subscription of a feed to what its last document says: which hub tells of its news."""

import base64
import os
from collections.abc import Sequence
from typing import Final

from api.errors import ApiError
from api.fetching.policy import FetchPolicy
from api.operations.feeds.websub import callback_base
from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.feeds import hub_subscriptions
from api.web.urls import parse_target
from api.webhooks.encryption import new_secret

_TOKEN_BYTES: Final = 24


async def follow_hub(
    connection: Connection,
    runtime: Runtime,
    policy: FetchPolicy,
    feed_id: str,
    hubs: Sequence[str],
    topic: str,
) -> None:
    """In the caller's transaction. The first hub that may be asked counts; without any, none is.

    Hubs are asked over https alone, except where loopback is allowed: what they sign with goes there.
    """
    if callback_base(runtime.settings) is None:
        return
    held = await hub_subscriptions.find_subscribed(connection, feed_id)
    hub = next((hub for hub in hubs if _may_be_asked(policy, hub)), None)
    if hub is None:
        if held is not None:
            await hub_subscriptions.drop_subscription(connection, feed_id)
        return
    if held == (hub, topic):
        return
    token = base64.urlsafe_b64encode(os.urandom(_TOKEN_BYTES)).decode()
    await hub_subscriptions.set_subscription(
        connection,
        token=token,
        feed_id=feed_id,
        hub=hub,
        topic=topic,
        sealed=key_ring(runtime.settings).seal(new_secret(os.urandom), token),
        at=runtime.clock.now(),
    )


def _may_be_asked(policy: FetchPolicy, hub: str) -> bool:
    try:
        policy.for_deliveries().refuse(parse_target(hub))
    except ApiError:
        return False
    return True
