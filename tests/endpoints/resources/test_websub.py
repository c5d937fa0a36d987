"""WebSub: hubs that feeds announce are asked, confirm by a challenge, and tell of news under a signature."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from api.fetching.client import GuardedClient
from api.operations.feeds.ask_hubs import ask_hubs
from api.operations.feeds.websub import PATH
from api.processes import Processes
from api.runtime.fetch_policy import fetch_policy
from api.runtime.key_ring import key_ring
from tests.kit.servers.receiver import Receiver, Reply
from tests.kit.texts.feeds import FEED, HOST, World, feed_reply, rss, running_world
from tests.kit.texts.problems import check_problem

HUB = "hub.quillfeather.example"
LINKS = (
    f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="http://{HUB}/hub"/>'
    f'<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="{FEED}"/>'
)


@pytest.fixture(scope="module")
async def processes() -> AsyncIterator[Processes]:
    pool = Processes(size=1, memory_mb=800, cpu_s=30)
    yield pool
    pool.close()


@pytest.fixture
async def hub() -> AsyncIterator[Receiver]:
    """Takes what it is asked, as a hub does."""
    async with Receiver() as receiver:
        receiver.replies["/hub"] = Reply(202)
        yield receiver


@pytest.fixture
async def world(database_url: str, processes: Processes, hub: Receiver) -> AsyncIterator[World]:
    more = {HUB: hub.port}
    async with running_world(processes, more_hosts=more, UNSPUN_DATABASE_URL=database_url) as world:
        world.site.put(HOST, "/feed.xml", feed_reply(rss(more=LINKS)))
        yield world


async def _ask(world: World) -> int:
    client = GuardedClient(fetch_policy(world.api.runtime.settings).for_deliveries())
    try:
        return await ask_hubs(world.api.runtime, client)
    finally:
        await client.aclose()


async def _asked(world: World, hub: Receiver) -> tuple[str, dict[str, str]]:
    """The feed's id, and what the hub was asked for it."""
    feed_id = await world.add()
    await world.poll()
    assert await _ask(world) == 1
    form = {name: values[0] for name, values in parse_qs(hub.received[-1].body.decode()).items()}
    return feed_id, form


async def _verify(world: World, form: dict[str, str], **changes: str) -> Any:
    query = {
        "hub.mode": "subscribe",
        "hub.topic": form["hub.topic"],
        "hub.challenge": "c-17",
        "hub.lease_seconds": "864000",
        "hub.extra": "the hub's own",
    }
    path = form["hub.callback"].removeprefix("http://unspun.test")
    query |= {f"hub.{name}": value for name, value in changes.items()}
    return await world.api.client.get(path, params=query)


class TestAHub:
    async def test_is_asked_once_and_confirms(self, world: World, hub: Receiver) -> None:
        feed_id, form = await _asked(world, hub)
        assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", FEED)
        assert form["hub.callback"].startswith("http://unspun.test/websub/")
        assert (await world.feed(feed_id))["push"]["status"] == "pending"
        answer = await _verify(world, form)
        assert (answer.status_code, answer.text) == (200, "c-17")
        assert answer.headers["content-type"].startswith("text/plain")
        push = (await world.feed(feed_id))["push"]
        assert (push["status"], push["hub"], push["last_error"]) == ("active", f"http://{HUB}/hub", None)
        assert await _ask(world) == 0, "not before most of the lease is over"
        await world.api.rows("UPDATE hub_subscriptions SET try_at = now() - interval '1 s'")
        assert await _ask(world) == 1

    async def test_is_told_nothing_that_was_not_asked(self, world: World, hub: Receiver) -> None:
        _, form = await _asked(world, hub)
        elsewhere = form | {"hub.callback": "http://unspun.test/websub/other"}
        for answer in (
            await _verify(world, form, topic="http://other.example/feed"),
            await _verify(world, form, mode="unsubscribe"),
            await _verify(world, form, challenge="<script>alert(1)</script> x"),
            await _verify(world, elsewhere),
        ):
            check_problem(answer, 404, "not-found")
        check_problem(await _verify(world, form, lease_seconds="-1"), 400, "invalid-request")
        await world.api.rows("UPDATE hub_subscriptions SET asked_at = now() - interval '2 days'")
        check_problem(await _verify(world, form), 404, "not-found")

    async def test_that_fails_is_reported_and_asked_less_and_less(self, world: World, hub: Receiver) -> None:
        hub.replies["/hub"] = Reply(400, body=b"no such\ntopic")
        feed_id, _ = await _asked(world, hub)
        assert (await world.feed(feed_id))["push"]["last_error"] == "The hub answered 400. no such topic"
        waits = []
        for _ in range(3):
            query = "SELECT extract(epoch FROM try_at - asked_at)::int AS s FROM hub_subscriptions"
            (row,) = await world.api.rows(query)
            waits.append(row["s"])
            await world.api.rows("UPDATE hub_subscriptions SET try_at = now() - interval '1 s'")
            await _ask(world)
        assert waits == [3_600, 7_200, 14_400]

    @pytest.mark.parametrize(
        "hub_url", ["http://10.0.0.8/hub", "http://169.254.169.254/", "ftp://hub.example/"]
    )
    async def test_is_not_asked_where_nothing_may_be_fetched(self, world: World, hub_url: str) -> None:
        world.site.put(HOST, "/feed.xml", feed_reply(rss(more=LINKS.replace(f"http://{HUB}/hub", hub_url))))
        feed_id = await world.add()
        await world.poll()
        feed = await world.feed(feed_id)
        assert (feed["push"], feed["last_error"]) == (None, None)
        assert await _ask(world) == 0

    async def test_may_deny(self, world: World, hub: Receiver) -> None:
        feed_id, form = await _asked(world, hub)
        assert (await _verify(world, form, mode="denied", reason="no room")).status_code == 200
        push = (await world.feed(feed_id))["push"]
        assert (push["status"], push["last_error"]) == ("denied", "The hub denies it: no room")

    async def test_is_forgotten_with_the_feeds_word_for_it(self, world: World, hub: Receiver) -> None:
        feed_id, form = await _asked(world, hub)
        world.site.put(HOST, "/feed.xml", feed_reply(rss()))
        await world.poll(feed_id)
        assert (await world.feed(feed_id))["push"] is None
        answer = await world.api.client.post(form["hub.callback"].removeprefix("http://unspun.test"))
        check_problem(answer, 410, "gone")

    async def test_may_stand_in_the_headers(self, world: World, hub: Receiver) -> None:
        link = f'<http://{HUB}/hub>; rel="hub", <{FEED}?all>; rel=self'
        world.site.put(HOST, "/feed.xml", feed_reply(rss(), Link=link))
        _, form = await _asked(world, hub)
        assert form["hub.topic"] == f"{FEED}?all"


class TestANotice:
    async def _told(self, world: World, form: dict[str, str], body: bytes, signature: str) -> int:
        headers = {"X-Hub-Signature": signature, "Content-Type": "application/rss+xml"}
        path = form["hub.callback"].removeprefix("http://unspun.test")
        return (await world.api.client.post(path, content=body, headers=headers)).status_code

    @pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
    async def test_has_the_feed_polled_and_is_not_read(
        self, world: World, hub: Receiver, method: str
    ) -> None:
        feed_id, form = await _asked(world, hub)
        await _verify(world, form)
        await world.api.rows("UPDATE feeds SET last_polled_at = now() - interval '1 hour'")
        body = rss("http://made-up.example/story").encode()
        signature = hmac.new(form["hub.secret"].encode(), body, getattr(hashlib, method)).hexdigest()
        world.site.put(HOST, "/feed.xml", feed_reply(rss(f"http://{HOST}/story", more=LINKS)))
        asked = world.site.hits[HOST, "/feed.xml"]
        assert await self._told(world, form, body, f"{method}={signature}") == 200
        await world.poll()
        assert world.site.hits[HOST, "/feed.xml"] == asked + 1
        assert await world.jobs() == [f"http://{HOST}/story"]
        assert (await world.feed(feed_id))["push"]["last_notice_at"] is not None
        await self._told(world, form, body, f"{method}={signature}")
        await world.poll()
        assert world.site.hits[HOST, "/feed.xml"] == asked + 1, "not more often than once a minute"

    async def test_without_the_hubs_signature_has_no_effect(self, world: World, hub: Receiver) -> None:
        feed_id, form = await _asked(world, hub)
        await world.api.rows("UPDATE feeds SET last_polled_at = now() - interval '1 hour'")
        right = hmac.new(form["hub.secret"].encode(), b"x", hashlib.sha256).hexdigest()
        before = await world.feed(feed_id)
        for body, signature in (
            (b"x", ""),
            (b"x", "sha256=" + "0" * 64),
            (b"y", f"sha256={right}"),
            (b"x", f"md5={right}"),
            (b"x", f"sha1={right}"),
            (b"x", right),
        ):
            assert await self._told(world, form, body, signature) == 200, "nobody is told"
        assert await world.feed(feed_id) == before

    async def test_to_an_address_that_nobody_gave_out_is_not_even_received(self, world: World) -> None:
        async def unread() -> AsyncIterator[bytes]:
            raise AssertionError("the body was read")
            yield b""

        answer = await world.api.client.post(f"{PATH}/{'a' * 40}", content=unread())
        check_problem(answer, 410, "gone")


class TestNoHub:
    @pytest.mark.parametrize(
        "variables",
        [
            {"UNSPUN_BASE_URL": "http://127.0.0.1:8000"},
            {"UNSPUN_BASE_URL": "http://localhost"},
            {"UNSPUN_BASE_URL": "https://10.0.0.8"},
            {"UNSPUN_WEBSUB": "false"},
            {"UNSPUN_WEBHOOK_KEYS": ""},
        ],
    )
    async def test_is_asked_where_it_could_not_answer(
        self, database_url: str, processes: Processes, variables: dict[str, str]
    ) -> None:
        async with running_world(processes, UNSPUN_DATABASE_URL=database_url, **variables) as world:
            world.site.put(HOST, "/feed.xml", feed_reply(rss(more=LINKS)))
            feed_id = await world.add()
            await world.poll()
            assert (await world.feed(feed_id))["push"] is None
            assert await _ask(world) == 0

    async def test_has_its_secret_in_the_database(self, world: World, hub: Receiver) -> None:
        _, form = await _asked(world, hub)
        (row,) = await world.api.rows("SELECT token, sealed FROM hub_subscriptions")
        assert form["hub.secret"].encode() not in row["sealed"]
        assert key_ring(world.api.runtime.settings).open(row["sealed"], row["token"]) == form["hub.secret"]
