"""Subscribers in a history: endpoints that fail and recover, and senders that die during a delivery."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec
from standardwebhooks.webhooks import Webhook

from api.errors import Conflict
from api.fetching.client import GuardedClient
from api.jobs.webhook_sender import WebhookSender
from api.operations.webhooks.endpoints import (
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    lock_account_endpoint,
    remove_endpoint,
    rotate_secret,
)
from api.operations.webhooks.recover_events import recover_events
from api.runtime.fetch_policy import delivery_policy
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Actor, Origin
from api.storage.webhooks.webhooks import StoredEndpoint
from schemas.events import Event, EventType
from schemas.webhooks import EndpointCreation, EndpointStatus, Recovery, SecretRotation
from tests.kit.servers.receiver import Received, Receiver, Reply
from tests.kit.worlds.history import Died, MortalClock

T = TypeVar("T")
HOST: Final = "hooks.brightwater.example"
COURIERS: Final = 2
_OVER: Final = 90_000.0  # seconds, longer than any delay between two attempts
_ORIGIN: Final = Origin(actor=Actor.SERVICE)

STATUSES = "SELECT id, status FROM webhook_endpoints"
# Events only: the log contains no pings.
DELIVERIES = "SELECT endpoint_id, event_id, status FROM deliveries WHERE event_sequence IS NOT NULL"
OPEN = """
SELECT (SELECT count(*) FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
        WHERE d.status = 'pending' AND e.status <> 'disabled')
     + (SELECT count(*) FROM fan_outs)
     + (SELECT count(*) FROM webhook_endpoints WHERE status = 'active' AND missed_after IS NOT NULL)
"""


@dataclass(eq=False)
class Hook:
    """One subscriber's endpoint.

    `secrets` are the active ones, with their ends; `late`: a delivery was in flight at the last rotation.
    `made_at` and `active_from` are numbers of events. `broken`: it was disabled, or an event was given up; it
    recovers missed events on request.
    """

    id: str
    account: str
    types: frozenset[str]
    secrets: list[tuple[str, datetime | None]]
    made_at: int
    reply: Reply = field(default_factory=Reply)
    active_from: int | None = None
    late: bool = False
    broken: bool = False
    asked: bool = False
    gone: bool = False
    got: list[tuple[Event, bool]] = field(default_factory=list)
    looked_at: int = 0

    def wants(self, event: Mapping[str, Any]) -> bool:
        """Whether it may see an event, and subscribed to its type."""
        return event["account_id"] in (None, self.account) and (not self.types or event["type"] in self.types)

    @property
    def taken(self) -> set[str]:
        return {event.id for event, taken in self.got if taken}


class Post:
    """A receiver, two workers' senders and the endpoints; `faults` lists violations.

    `tally` counts what happened, to see that enough did.
    """

    def __init__(self, runtime: Runtime, clock: MortalClock, receiver: Receiver, tally: Counter[str]) -> None:
        self._tally = tally
        self._runtime, self._time, self._receiver = runtime, clock.time, receiver
        self._policy = delivery_policy(runtime.settings)
        self._couriers = [self._new_courier() for _ in range(COURIERS)]
        self._stalled: set[int] = set()
        self.hooks: list[Hook] = []
        self.faults: list[str] = []

    async def close(self) -> None:
        for _, _, client in self._couriers:
            await client.aclose()
        await self._receiver.__aexit__()

    # What subscribers do -----------------------------------------------------------------------------

    async def subscribe(self, account: str, types: frozenset[EventType], made_at: int) -> Hook:
        path = f"/hook/{len(self.hooks)}"
        creation = EndpointCreation(url=f"http://{HOST}{path}", event_types=sorted(types))
        async with self._runtime.pool.transaction() as connection:
            created = await create_endpoint(
                connection, self._runtime, self._policy, creation, account_id=account, origin=_ORIGIN
            )
        assert created.secret is not None
        hook = Hook(created.id, account, frozenset(types), [(created.secret, None)], made_at)
        self._receiver.replies[path] = lambda received: self._answer(hook, received)
        self.hooks.append(hook)
        return hook

    async def unsubscribe(self, hook: Hook) -> None:
        await self._change(hook, remove_endpoint)
        hook.gone = True

    async def switch(self, hook: Hook, *, on: bool) -> None:
        await self._change(hook, enable_endpoint if on else disable_endpoint)
        hook.broken = hook.broken or not on

    async def rotate(self, hook: Hook, overlap_s: int) -> None:
        rotation = SecretRotation(overlap_s=overlap_s)

        async def act(
            connection: Connection, runtime: Runtime, held: StoredEndpoint, origin: Origin
        ) -> str | None:
            return (await rotate_secret(connection, runtime, held, rotation, origin)).secret

        with suppress(Conflict):  # ten old ones still sign
            secret = await self._change(hook, act)
            ends = self._time.now() + timedelta(seconds=overlap_s)
            hook.secrets = [(secret, None), *((old, until or ends) for old, until in hook.secrets)]
            hook.late = bool(self._stalled)

    async def recover(self, hook: Hook) -> None:
        """Request all missed events, from the beginning of the log."""

        async def act(
            connection: Connection, runtime: Runtime, held: StoredEndpoint, _: Origin
        ) -> EndpointStatus:
            if held.endpoint.status is EndpointStatus.ACTIVE:
                await recover_events(connection, runtime, held, Recovery(after="0"))
            return held.endpoint.status

        hook.asked = await self._change(hook, act) is EndpointStatus.ACTIVE or hook.asked

    async def _change(
        self, hook: Hook, act: Callable[[Connection, Runtime, StoredEndpoint, Origin], Awaitable[T]]
    ) -> T:
        async with self._runtime.pool.transaction() as connection:
            held = await lock_account_endpoint(connection, hook.id, hook.account)
            return await act(connection, self._runtime, held, _ORIGIN)

    def _answer(self, hook: Hook, received: Received) -> Reply:
        """Refuses requests that are not signed with the newest secret."""
        event = received.event
        if received.headers["webhook-id"] != event.id:
            self.faults.append(f"{hook.id} got {event.id} as {received.headers['webhook-id']}")
        moment = datetime.fromtimestamp(int(received.headers["webhook-timestamp"]), UTC)
        said = set(received.headers["webhook-signature"].split(" "))
        live = [secret for secret, until in hook.secrets if until is None or until > moment]
        signed = [
            Webhook(secret).sign(event.id, moment, received.body.decode()) for secret in live
        ]  # newest first
        if said != set(signed) and not hook.late:
            self.faults.append(f"{hook.id} got {event.id} with other signatures than those of its secrets")
        reply = hook.reply if signed[0] in said else Reply(401)
        hook.got.append((event, reply.good))
        self._tally["deliveries taken" if reply.good else "deliveries refused"] += 1
        return reply

    # What workers do ---------------------------------------------------------------------------------

    async def deliver(self, number: int, dies: int | None) -> None:
        """A worker sends everything due, unless it dies at a reading of the clock and another starts."""
        sender, clock, client = self._couriers[number]
        clock.looks_left = dies
        try:
            while await sender.round():
                await sender.idle()
            await sender.idle()
        except Died:
            pass
        self._stalled.discard(number)
        if clock.looks_left == 0:
            self._tally["couriers dead"] += 1
            await client.aclose()
            self._couriers[number] = self._new_courier()
        clock.looks_left = None
        if not self._stalled:
            for hook in self.hooks:
                hook.late = False

    async def stall(self, number: int) -> None:
        """A worker sends due deliveries and stalls; others may claim them before it stores the results."""
        sender, _, _ = self._couriers[number]
        await sender.round()
        self._stalled.add(number)

    async def settle(self) -> None:
        """With all receivers working, everything is delivered, including given-up events on request."""
        for hook in self.hooks:
            hook.reply = Reply()
        await self._until_nothing_is_open()
        left = [hook for hook in self.hooks if not hook.gone]
        for hook in left:
            await self.switch(hook, on=True)
        await self._until_nothing_is_open()
        await self.look()
        for hook in left:
            if hook.broken:
                await self.recover(hook)
        await self._until_nothing_is_open()

    async def _until_nothing_is_open(self) -> None:
        for _ in range(20):
            for number in range(COURIERS):
                await self.deliver(number, None)
            if not await self._count_open():
                return
            self._time.advance(_OVER)
        raise AssertionError(f"{await self._count_open()} things stay open")

    async def _count_open(self) -> int:
        async with self._runtime.pool.connection() as connection:
            return int(await connection.fetchval(OPEN))

    def _new_courier(self) -> tuple[WebhookSender, MortalClock, GuardedClient]:
        clock, client = MortalClock(self._time), GuardedClient(self._policy)
        return (
            WebhookSender(replace(self._runtime, clock=clock), client, lambda: 0.5, width=50),
            clock,
            client,
        )

    # What must hold ----------------------------------------------------------------------------------

    async def look(self) -> None:
        """Deliveries that are stored as such were received; record who is active, and who was not always."""
        async with self._runtime.pool.connection() as connection:
            statuses = dict(map(tuple, await connection.fetch(STATUSES)))
            deliveries = await connection.fetch(DELIVERIES)
            last = await connection.fetchval("SELECT n FROM event_counter")
        by_id = {hook.id: hook for hook in self.hooks}
        for hook in self.hooks:
            active = statuses.get(hook.id) == EndpointStatus.ACTIVE
            if active and hook.active_from is None:
                hook.active_from = last
            hook.broken = hook.broken or not (active or hook.active_from is None)
        for endpoint_id, event_id, status in deliveries:
            hook = by_id[endpoint_id]
            hook.broken = hook.broken or status in ("failed", "cancelled")
            if status == "succeeded" and event_id not in hook.taken:
                self.faults.append(
                    f"{event_id} is said to be delivered to {endpoint_id}, which never took it"
                )

    def check(self, events: list[Any]) -> None:
        """Nobody received an event outside the log, or one of others."""
        log = {event["id"]: event for event in events}
        for hook in self.hooks:
            for event, _ in hook.got[hook.looked_at :]:
                if event.type is EventType.WEBHOOK_PING:
                    assert event.data == {"endpoint_id": hook.id}
                    continue
                row = log[event.id]
                assert (event.sequence, event.type, event.account_id) == (
                    row["sequence"],
                    row["type"],
                    row["account_id"],
                )
                assert event.data == msgspec.json.decode(row["data"])
                assert hook.wants(row), f"{event.type} is not for {hook.id}"
                assert event.sequence > hook.made_at or hook.asked, f"{hook.id} was not there yet"
            hook.looked_at = len(hook.got)
        assert self.faults == []

    def check_all_came(self, events: list[Any]) -> None:
        for hook in self.hooks:
            if hook.gone:
                continue
            assert hook.active_from is not None, "its ping is answered by now"
            due = {row["id"] for row in events if row["sequence"] > hook.active_from and hook.wants(row)}
            assert due <= hook.taken, f"{hook.id} missed {len(due - hook.taken)} of {len(due)} events"
