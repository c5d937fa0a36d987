"""WebSub and the tools' cards have ended: callers get 410, and feeds with a hub are polled like others."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from api.processes.pool import Processes
from api.runtime.key_ring import key_ring
from api.worker import run
from tests.kit.clients.api_client import Api
from tests.kit.polling import until
from tests.kit.servers.receiver import Receiver
from tests.kit.texts.feeds import FEED, HOST, World, feed_reply, rss, running_world
from tests.kit.texts.problems import check_problem

PATH = "/websub/a-secret-of-the-hub"
HUB = "hub.quillfeather.example"
LINK = f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="http://{HUB}/hub"/>'
FIRST, SECOND = f"http://{HOST}/first", f"http://{HOST}/second"


class TestACard:
    @pytest.mark.parametrize(
        "path", ["/mcp/server-card", "/.well-known/mcp/server-card.json", "/.well-known/ai-catalog.json"]
    )
    async def test_has_ended(self, quiet_api: Api, path: str) -> None:
        check_problem(await quiet_api.client.get(path), 410, "ended")


class TestTheCallback:
    @pytest.mark.parametrize("mode", ["subscribe", "unsubscribe", "denied"])
    async def test_confirms_nothing(self, quiet_api: Api, mode: str) -> None:
        query = {
            "hub.mode": mode,
            "hub.topic": "t",
            "hub.challenge": "no-echo",
            "hub.lease_seconds": "864000",
        }
        answer = await quiet_api.client.get(PATH, params=query)
        check_problem(answer, 410, "ended")
        assert "no-echo" not in answer.text

    async def test_does_not_even_receive_a_notice(self, quiet_api: Api) -> None:
        async def unread() -> AsyncIterator[bytes]:
            raise AssertionError("the body was read")
            yield b""

        check_problem(await quiet_api.client.post(PATH, content=unread()), 410, "ended")


@pytest.fixture
async def hub() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
async def world(database_url: str, page_processes: Processes, hub: Receiver) -> AsyncIterator[World]:
    async with running_world(
        page_processes, more_hosts={HUB: hub.port}, UNSPUN_DATABASE_URL=database_url
    ) as world:
        yield world


class TestAFeedWithAHub:
    @pytest.mark.parametrize("place", ["document", "header"])
    async def test_is_polled_and_no_hub_asked(self, world: World, hub: Receiver, place: str) -> None:
        more = LINK if place == "document" else ""
        headers = {} if place == "document" else {"Link": f'<http://{HUB}/hub>; rel="hub"'}
        world.site.put(HOST, "/feed.xml", feed_reply(rss(FIRST, more=more), **headers))
        feed_id = await world.add()
        await world.poll()
        world.site.put(HOST, "/feed.xml", feed_reply(rss(SECOND, FIRST, more=more), **headers))
        await world.poll(feed_id)
        assert await world.jobs() == [FIRST, SECOND]
        feed = await world.feed(feed_id)
        assert (feed["last_status"], feed["last_error"]) == (200, None)
        assert "push" not in feed
        assert hub.received == []
        assert await world.api.rows("SELECT FROM hub_subscriptions") == []

    async def test_that_was_subscribed_to_before_is_asked_by_no_worker(
        self, world: World, hub: Receiver
    ) -> None:
        world.site.put(HOST, "/feed.xml", feed_reply(rss(more=LINK)))
        settings, feed_id = world.api.runtime.settings, await world.add()
        await world.api.rows(
            """INSERT INTO hub_subscriptions (token, feed_id, hub, topic, sealed, status, try_at, created_at)
               VALUES ('a-secret-of-the-hub', $1, $2, $3, $4, 'active', now(), now())""",
            feed_id,
            f"http://{HUB}/hub",
            FEED,
            key_ring(settings).seal("s", "a-secret-of-the-hub"),
        )

        async def polled() -> bool:
            return (await world.feed(feed_id))["last_status"] == 200

        stop = asyncio.Event()
        working = asyncio.create_task(run(settings, stop=stop))
        await until(polled, 30)
        stop.set()
        await working  # and so the half-minute tasks ran once
        assert hub.received == []
