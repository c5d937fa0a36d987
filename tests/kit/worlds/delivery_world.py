"""A service with a worker's sender and a receiver; a test triggers the deliveries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from api.clock import Clock
from api.fetching.client import GuardedClient
from api.jobs.webhook_sender import WebhookSender
from api.runtime.fetch_policy import delivery_policy
from api.storage.keys.accounts import insert_account
from api.storage.log.events import NewEvent, append_events
from schemas.events import EventType
from tests.kit.clients.api_client import Api, running_api
from tests.kit.servers.receiver import Receiver
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish

HOST = "hooks.brightwater.example"
OTHER = "acc_" + "2" * 26


class World:
    def __init__(self, api: Api, sender: WebhookSender, receiver: Receiver) -> None:
        self.api = api
        self.sender = sender
        self.receiver = receiver

    async def endpoint(self, path: str = "/hook", **more: Any) -> dict[str, Any]:
        """An endpoint that has answered its ping."""
        answer = await self.api.holder.post("/v1/webhooks", json={"url": f"http://{HOST}{path}", **more})
        assert answer.status_code == 201, answer.text
        await self.deliver()
        return answer.json()

    async def deliver(self) -> None:
        """Send everything due, and store the results."""
        while await self.sender.round():
            await self.sender.idle()
        await self.sender.idle()

    async def story(self, number: int = 1, **assessment: Any) -> None:
        article = make_article(url=f"http://news.brightwater.example/{number}")
        await publish(self.api.runtime, make_edition(article, make_assessment(article, **assessment)))

    async def emit(self, count: int = 1, account_id: str | None = None) -> None:
        clock = self.api.runtime.clock
        events = [
            NewEvent(
                id=clock.new_id("evt"),
                type=EventType.ANALYSIS_FAILED if account_id else EventType.STORY_PUBLISHED,
                account_id=account_id,
                story_id=None,
                data={"number": number},
            )
            for number in range(count)
        ]
        async with self.api.runtime.pool.transaction() as connection:
            if account_id:
                await insert_account(connection, account_id, "test", clock.now())
            await append_events(connection, events, clock.now())

    async def emit_and_deliver(self, count: int = 1, account_id: str | None = None) -> None:
        await self.emit(count, account_id)
        await self.deliver()

    async def retry(self) -> None:
        await self.let_be_due()
        await self.deliver()

    async def let_be_due(self) -> None:
        await self.api.rows(
            "UPDATE deliveries SET next_attempt_at = now() - interval '1 s' WHERE status = 'pending'"
        )

    async def deliveries(self) -> list[tuple[str, int]]:
        rows = await self.api.rows(
            "SELECT status, attempts FROM deliveries WHERE event_type <> 'webhook.ping' ORDER BY id"
        )
        return [(row["status"], row["attempts"]) for row in rows]


@asynccontextmanager
async def running_world(*, clock: Clock | None = None, **variables: str) -> AsyncIterator[World]:
    async with Receiver() as receiver:
        settings = {
            "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
            "UNSPUN_FETCH_HOST_MAP": f"{HOST}=127.0.0.1:{receiver.port}",
            "UNSPUN_MAX_ENDPOINTS": "1000",
            **variables,
        }
        async with running_api(clock=clock, **settings) as api:
            client = GuardedClient(delivery_policy(api.runtime.settings))
            try:
                yield World(api, WebhookSender(api.runtime, client, lambda: 0.5, width=1_000), receiver)
            finally:
                await client.aclose()
