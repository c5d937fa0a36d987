"""Single delivery attempts: their times, headers, and reactions to unusual receivers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.fetching.client import GuardedClient
from api.jobs.webhook_sender import WebhookSender
from api.runtime.fetch_policy import delivery_policy
from api.settings import Settings
from tests.kit.servers.fakes import StillClock
from tests.kit.servers.receiver import Reply
from tests.kit.worlds.delivery_world import HOST, World, running_world

SILENT = "silent.brightwater.example"
DUE_S = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)  # as Standard Webhooks recommends


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime.now(UTC).replace(microsecond=250_000))


@pytest.fixture
async def still(database_url: str, clock: StillClock) -> AsyncIterator[World]:
    """A clock that only the test advances."""
    async with running_world(clock=clock, UNSPUN_DATABASE_URL=database_url) as world:
        yield world


async def _hurry(world: World, **seconds: float) -> GuardedClient:
    """A sender with shorter timeouts."""
    client = GuardedClient(replace(delivery_policy(world.api.runtime.settings), **seconds))  # type: ignore[arg-type]
    world.sender = WebhookSender(world.api.runtime, client, lambda: 0.5, width=1_000)
    return client


class TestAttempts:
    async def test_keep_the_events_id_and_have_a_time_of_their_own(
        self, still: World, clock: StillClock
    ) -> None:
        created = await still.endpoint()
        still.receiver.replies["/hook"] = Reply(500)
        await still.emit_and_deliver()
        clock.advance(5)
        still.receiver.replies["/hook"] = Reply(204)
        await still.deliver()
        first, second = still.receiver.of("/hook")
        assert first.headers["webhook-id"] == second.headers["webhook-id"] == first.event.id
        assert "." not in first.headers["webhook-id"]
        times = [one.headers["webhook-timestamp"] for one in (first, second)]
        assert int(times[1]) - int(times[0]) == 5
        assert first.body == second.body, "the event's own time stays"
        assert first.event.timestamp.timestamp() == pytest.approx(int(times[0]), abs=1)
        attempts = (await still.api.holder.get(f"/v1/webhooks/{created['id']}/attempts?limit=2")).json()[
            "data"
        ]
        logged = [datetime.fromisoformat(one["attempted_at"]).timestamp() for one in reversed(attempts)]
        assert [str(int(at)) for at in logged] == times

    async def test_are_worth_nothing_with_another_time_or_id(self, world: World) -> None:
        created = await world.endpoint()
        await world.emit_and_deliver()
        (received,) = world.receiver.of("/hook")
        received.verify(created["secret"])
        later = str(int(received.headers["webhook-timestamp"]) + 1)
        for change in ({"webhook-timestamp": later}, {"webhook-id": "evt_" + "3" * 26}):
            with pytest.raises(WebhookVerificationError):
                Webhook(created["secret"]).verify(received.body, received.headers | change)

    async def test_come_when_the_schedule_says(self, still: World, clock: StillClock) -> None:
        await still.endpoint()
        still.receiver.replies["/hook"] = Reply(500)
        await still.emit()
        for number, seconds in enumerate(DUE_S, 1):
            still.sender._breakers.clear()
            still.sender._blocked.clear()
            if seconds:
                clock.advance(seconds - 1)
                await still.deliver()
                assert len(still.receiver.of("/hook")) == number - 1
                clock.advance(1)
            await still.deliver()
            assert len(still.receiver.of("/hook")) == number
        clock.advance(10 * 86_400)
        await still.deliver()
        assert await still.deliveries() == [("failed", 10)]
        assert len(still.receiver.of("/hook")) == 10


ODD = {
    "early hints": (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 X\r\n\r\n", True),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", True),
    "no length": (b"HTTP/1.0 200 OK\r\n\r\ntaken", True),
    "299": (b"HTTP/1.1 299 Odd\r\nContent-Length: 0\r\n\r\n", True),
    "latin": (b"HTTP/1.1 200 d\xe9j\xe0\r\nX-A: \xe9\xff\r\nContent-Length: 2\r\n\r\n\xe9\xff", True),
    "304": (b"HTTP/1.1 304 Not Modified\r\n\r\n", False),
    "401": (b"HTTP/1.1 401 X\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", False),
    "199": (b"HTTP/1.1 199 X\r\n\r\n", False),
    "999": (b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", False),
    "no status": (b"HTTP/1.1 OK\r\n\r\n", False),
    "two status lines": (b"HTTP/1.1 500 X\r\nHTTP/1.1 200 OK\r\n\r\n", False),
    "smtp": (b"220 mail.example ESMTP\r\n", False),
    "nul": (b"HTTP/1.1 200 OK\r\nX-A: a\x00b\r\n\r\n", False),
    "nothing": (b"\r\n", False),
    "large head": (b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n", False),
    "many headers": (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 20_000 + b"\r\n", False),
    "short body": (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab", False),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", False),
    "bad chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", False),
    "no archive": (b"HTTP/1.1 500 X\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab", False),
}


class TestAnOddReceiver:
    async def test_gets_what_its_answer_deserves_and_harms_no_other(self, world: World) -> None:
        for name in ODD:
            await world.endpoint(f"/{name.replace(' ', '-')}")
        await world.endpoint("/well")
        for name, (raw, _) in ODD.items():
            world.receiver.replies[f"/{name.replace(' ', '-')}"] = Reply(raw=raw)
        await world.emit_and_deliver()
        assert len(world.receiver.of("/well")) == 1
        rows = await world.api.rows(
            """SELECT e.url, d.status, a.status_code, a.error, a.answer
               FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
               JOIN delivery_attempts a ON a.delivery_id = d.id WHERE d.event_type <> 'webhook.ping'"""
        )
        came = {row["url"].rpartition("/")[2].replace("-", " "): row for row in rows}
        judged = {name: came[name]["status"] == "succeeded" for name in ODD}
        assert judged == {name: well for name, (_, well) in ODD.items()}
        assert all(row["status_code"] is not None or row["error"] for row in rows), "each says why"
        assert {row["status"] for row in rows} == {"succeeded", "pending"}, "each is tried again"

    @pytest.mark.parametrize("asked", ["9" * 400, "\u00e9", "1 Dec 99999999999 00:00:00 GMT"])
    async def test_cannot_put_off_an_attempt_beyond_twice_its_delay(self, world: World, asked: str) -> None:
        await world.endpoint()
        world.receiver.replies["/hook"] = Reply(500, {"Retry-After": asked.encode().decode("latin-1")})
        await world.emit_and_deliver()
        (row,) = await world.api.rows(
            "SELECT next_attempt_at - now() AS wait FROM deliveries WHERE status = 'pending'"
        )
        assert timedelta(seconds=3) < row["wait"] < timedelta(seconds=11)

    async def test_with_429_gets_the_next_attempt_when_it_says(self, still: World, clock: StillClock) -> None:
        await still.endpoint()
        still.receiver.replies["/hook"] = Reply(429, {"Retry-After": "8"})
        await still.emit_and_deliver()
        still.receiver.replies["/hook"] = Reply(204)
        clock.advance(7)
        await still.deliver()
        assert await still.deliveries() == [("pending", 1)]
        clock.advance(1)
        await still.deliver()
        assert await still.deliveries() == [("succeeded", 2)]

    @pytest.mark.parametrize(("said", "state"), [("Abort-Message", "failed"), ("abort", "pending")])
    async def test_ends_a_message_by_the_right_word_alone(self, world: World, said: str, state: str) -> None:
        await world.endpoint()
        world.receiver.replies["/hook"] = Reply(500, {"Webhook-Delivery": said})
        await world.emit_and_deliver()
        assert await world.deliveries() == [(state, 1)]

    async def test_with_a_success_status_counts_as_success(self, world: World) -> None:
        await world.endpoint()
        world.receiver.replies["/hook"] = Reply(
            200, {"Webhook-Delivery": "abort-message", "Retry-After": "60"}
        )
        await world.emit_and_deliver()
        assert await world.deliveries() == [("succeeded", 1)]


class TestASilentReceiver:
    def test_has_fifteen_seconds_in_all_and_five_to_take_the_connection(self) -> None:
        policy = delivery_policy(Settings.from_environment({}))
        assert (policy.total_seconds, policy.connect_seconds) == (15, 5)
        assert (policy.max_body_bytes, policy.max_redirects) == (65_536, 0)

    @pytest.mark.parametrize(
        "reply",
        [Reply(hang=True), Reply(drip=True), Reply(200, {"Content-Length": "9"}, after=asyncio.Event())],
        ids=["hang", "drip", "late"],
    )
    async def test_is_left_after_its_time_and_for_a_minute(self, world: World, reply: Reply) -> None:
        await world.endpoint()
        client = await _hurry(world, total_seconds=0.3)
        world.receiver.replies["/hook"] = reply
        await world.emit_and_deliver()
        await _check_left_for_a_minute(world, "Site timed out", 300)
        await client.aclose()

    async def test_that_accepts_no_connection_is_paused_for_a_minute(self, database_url: str) -> None:
        with _deaf() as port:
            hosts = f"{HOST}=127.0.0.1:1,{SILENT}=127.0.0.1:{port}"
            async with running_world(
                UNSPUN_DATABASE_URL=database_url, UNSPUN_FETCH_HOST_MAP=hosts, UNSPUN_DELIVERY_DELAYS_S="1"
            ) as world:
                client = await _hurry(world, connect_seconds=0.2, refusal_seconds=0)
                for host in (HOST, SILENT):
                    await world.api.holder.post("/v1/webhooks", json={"url": f"http://{host}/"})
                await world.deliver()
                rows = await world.api.rows(
                    "SELECT next_attempt_at - now() AS wait FROM deliveries ORDER BY endpoint_id"
                )
                closed, silent = (row["wait"] for row in rows)
                assert closed < timedelta(seconds=2)
                assert timedelta(seconds=50) < silent <= timedelta(seconds=60)
                await client.aclose()


async def _check_left_for_a_minute(world: World, error: str, least_ms: int) -> None:
    (row,) = await world.api.rows(
        """SELECT d.next_attempt_at - now() AS wait, a.error, a.status_code, a.latency_ms
           FROM deliveries d JOIN delivery_attempts a ON a.delivery_id = d.id WHERE d.status = 'pending'"""
    )
    assert timedelta(seconds=50) < row["wait"] <= timedelta(seconds=60)
    assert (row["error"], row["status_code"]) == (error, None)
    assert least_ms <= row["latency_ms"] < least_ms + 3_000


@contextmanager
def _deaf() -> Iterator[int]:
    """A port with a full backlog, so connections time out."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
            waiting.append(client)
        try:
            yield port
        finally:
            for client in waiting:
                client.close()
