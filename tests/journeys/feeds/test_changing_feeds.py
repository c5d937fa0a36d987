"""Feeds whose ids, entry URLs or own URL change at each poll."""

from collections.abc import AsyncIterator

import pytest

from api.processes.pool import Processes
from tests.kit.servers.web_server import Reply
from tests.kit.texts.feeds import FEED, HOST, OTHER_HOST, World, feed_reply, rss, running_world

OTHER_FEED = f"http://{OTHER_HOST}/feed.xml"


@pytest.fixture
async def world(database_url: str, page_processes: Processes) -> AsyncIterator[World]:
    few = {"UNSPUN_FEED_ENTRIES_PER_DAY": "25", "UNSPUN_FEED_ENTRIES_PER_POLL": "10"}
    async with running_world(page_processes, UNSPUN_DATABASE_URL=database_url, **few) as world:
        yield world


def _with_ids(turn: int, *links: str) -> str:
    items = "".join(
        f"<item><guid isPermaLink='false'>{turn}-{n}</guid><link>{link}</link></item>"
        for n, link in enumerate(links)
    )
    return f"<rss><channel>{items}</channel></rss>"


class TestEntries:
    async def test_with_other_ids_at_each_poll_are_news_once(self, world: World) -> None:
        links = [f"http://{HOST}/story/{n}" for n in range(3)]
        feed_id = None
        for turn in range(4):
            world.site.put(HOST, "/feed.xml", feed_reply(_with_ids(turn, *links)))
            feed_id = feed_id or await world.add()
            await world.poll(feed_id)
            assert sorted(await world.jobs()) == links

    async def test_with_other_addresses_at_each_poll_use_up_their_own_feeds_day_alone(
        self, world: World
    ) -> None:
        restless = await world.add()
        for turn in range(5):
            links = [f"http://{HOST}/story?visit={turn}-{n}" for n in range(10)]
            world.site.put(HOST, "/feed.xml", feed_reply(rss(*links)))
            await world.poll(restless)
        assert len(await world.jobs()) == 25
        world.site.put(OTHER_HOST, "/feed.xml", feed_reply(rss(f"http://{OTHER_HOST}/story")))
        await world.add(OTHER_FEED)
        await world.poll()
        assert (await world.jobs())[25:] == [f"http://{OTHER_HOST}/story"]


class TestAnAddress:
    async def test_that_moved_to_another_site_for_good_is_asked_there(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", Reply(status=308, headers={"Location": OTHER_FEED}))
        world.site.put(OTHER_HOST, "/feed.xml", feed_reply(rss(f"http://{HOST}/story")))
        feed_id = await world.add_and_poll()
        assert (await world.feed(feed_id))["url"] == OTHER_FEED
        asked = world.site.hits[HOST, "/feed.xml"]
        await world.poll(feed_id)
        assert world.site.hits[HOST, "/feed.xml"] == asked
        assert await world.jobs() == [f"http://{HOST}/story"]

    async def test_that_moved_onto_another_feeds_stays_and_repeats_nothing(self, world: World) -> None:
        world.site.put(OTHER_HOST, "/feed.xml", feed_reply(rss(f"http://{OTHER_HOST}/story")))
        other = await world.add_and_poll(OTHER_FEED)
        world.site.put(HOST, "/feed.xml", Reply(status=301, headers={"Location": OTHER_FEED}))
        assert (await world.feed(await world.add_and_poll()))["url"] == FEED
        assert (await world.feed(other))["url"] == OTHER_FEED
        assert await world.jobs() == [f"http://{OTHER_HOST}/story"]

    async def test_that_redirects_to_a_disallowed_path_stays_with_an_error(self, world: World) -> None:
        world.site.put(OTHER_HOST, "/robots.txt", Reply(b"User-agent: *\nDisallow: /", headers={}))
        world.site.put(OTHER_HOST, "/feed.xml", feed_reply(rss(f"http://{HOST}/story")))
        world.site.put(HOST, "/feed.xml", Reply(status=301, headers={"Location": OTHER_FEED}))
        feed = await world.feed(await world.add_and_poll())
        assert (feed["url"], feed["failures"]) == (FEED, 1)
        assert "robots.txt" in feed["last_error"]
        assert (OTHER_HOST, "/feed.xml") not in world.site.hits

    async def test_that_leads_to_an_error_does_not_move(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", Reply(status=301, headers={"Location": OTHER_FEED}))
        world.site.put(OTHER_HOST, "/feed.xml", Reply(status=404))
        feed = await world.feed(await world.add_and_poll())
        assert (feed["url"], feed["last_error"]) == (FEED, "The site answered 404.")
