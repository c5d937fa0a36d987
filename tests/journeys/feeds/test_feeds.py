"""Feeds: new entries are analysed once, and sites are polled politely."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.operations.feeds.retry_entries import settle_entries
from api.processes.pool import Processes
from tests.kit.polling import until
from tests.kit.servers.web_server import Reply
from tests.kit.texts.feeds import FEED, HOST, OTHER_HOST, World, feed_reply, rss, running_world

NOW = datetime.now(UTC)
PAGE = f"http://{HOST}/story"


@pytest.fixture
async def world(database_url: str, page_processes: Processes) -> AsyncIterator[World]:
    async with running_world(page_processes, UNSPUN_DATABASE_URL=database_url) as world:
        yield world


def pages(count: int, start: int = 0) -> list[str]:
    return [f"{PAGE}/{number}" for number in range(start, start + count)]


class TestAFeed:
    async def test_does_not_flood_when_it_is_read_first(self, world: World) -> None:
        dates = [NOW - timedelta(minutes=number) for number in range(20)]
        world.site.put(HOST, "/feed.xml", feed_reply(rss(*pages(20), dates=dates)))
        feed_id = await world.add_and_poll()
        assert sorted(await world.jobs()) == sorted(pages(10)), "the ten newest"
        feed = await world.feed(feed_id)
        assert (feed["kind"], feed["last_status"], feed["last_error"]) == ("rss", 200, None)
        assert (feed["entries_seen"], feed["entries_taken"]) == (20, 10)

    async def test_gives_each_entry_once(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", feed_reply(rss(*pages(2))))
        feed_id = await world.add_and_poll()
        tracked = [f"{page}?utm_source=rss&fbclid=x#top" for page in pages(3)]
        world.site.put(HOST, "/feed.xml", feed_reply(rss(*tracked, *pages(3))))
        world.site.put(OTHER_HOST, "/feed.xml", feed_reply(rss(*pages(3))))
        await world.add(f"http://{OTHER_HOST}/feed.xml")
        await world.poll(feed_id)
        assert sorted(await world.jobs()) == pages(3)
        reading = (await world.feed(feed_id))["last_reading"]
        assert (reading["entries"], reading["known"] + reading["taken"]) == (6, 6)

    async def test_takes_nothing_old_and_no_story_that_is_known(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", feed_reply(rss(pages(1)[0])))
        feed_id = await world.add_and_poll()
        await world.api.publish_story(url=f"http://{HOST}/told")
        dates: list[datetime | str] = [
            NOW - timedelta(days=30),
            NOW,
            "the day before",
            NOW + timedelta(days=9),
        ]
        links = [f"{PAGE}/old", f"http://www.{HOST}/told", f"{PAGE}/undated", f"{PAGE}/ahead"]
        world.site.put(HOST, "/feed.xml", feed_reply(rss(*links, dates=dates)))
        await world.poll(feed_id)
        assert set(await world.jobs()) == {pages(1)[0], f"{PAGE}/undated", f"{PAGE}/ahead"}
        reading = (await world.feed(feed_id))["last_reading"]
        assert (reading["taken"], reading["known"], reading["old"], reading["misdated"]) == (2, 1, 1, 1)

    async def test_leaves_what_is_too_much_for_a_later_poll(
        self, database_url: str, page_processes: Processes
    ) -> None:
        few = {"UNSPUN_FEED_ENTRIES_PER_POLL": "3", "UNSPUN_DATABASE_URL": database_url}
        async with running_world(page_processes, **few) as world:
            world.site.put(HOST, "/feed.xml", feed_reply(rss(), ETag='"a"'))
            feed_id = await world.add_and_poll()
            world.site.put(HOST, "/feed.xml", feed_reply(rss(*pages(5)), ETag='"b"'))
            await world.poll(feed_id)
            assert (await world.feed(feed_id))["last_reading"]["left"] == 2
            await world.poll(feed_id)
            assert sorted(await world.jobs()) == pages(5)
            assert (await world.feed(feed_id))["last_reading"]["left"] == 0

    async def test_is_asked_for_changes_alone(self, world: World) -> None:
        asked = world.site.asked.setdefault((HOST, "/feed.xml"), [])

        def answer(_: str) -> Reply:
            if asked[-1].get("if-none-match") == '"one"':
                return Reply(status=304, headers={"ETag": '"one"'})
            return feed_reply(rss(*pages(1)), ETag='"one"', Last_Modified="Tue, 03 Mar 2026 08:00:00 GMT")

        world.site.put(HOST, "/feed.xml", answer)
        feed_id = await world.add_and_poll()
        first = await world.feed(feed_id)
        await world.poll(feed_id)
        assert asked[1]["if-modified-since"] == "Tue, 03 Mar 2026 08:00:00 GMT"
        feed = await world.feed(feed_id)
        assert (feed["last_status"], feed["last_read_at"]) == (304, first["last_read_at"])
        assert feed["interval_s"] > first["interval_s"], "nothing was new"
        world.site.put(HOST, "/feed.xml", feed_reply(rss(*pages(2))))
        await world.poll(feed_id)
        assert (await world.feed(feed_id))["interval_s"] < feed["interval_s"], "something was"

    async def test_follows_its_site_to_a_new_address(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", Reply(status=301, headers={"Location": "/news.xml"}))
        world.site.put(HOST, "/news.xml", feed_reply(rss(*pages(1))))
        feed_id = await world.add_and_poll()
        assert (await world.feed(feed_id))["url"] == f"http://{HOST}/news.xml"
        world.site.put(HOST, "/news.xml", Reply(status=302, headers={"Location": "/tmp.xml"}))
        world.site.put(HOST, "/tmp.xml", feed_reply(rss(*pages(2))))
        await world.poll(feed_id)
        assert (await world.feed(feed_id))["url"] == f"http://{HOST}/news.xml"
        assert len(await world.jobs()) == 2

    async def test_obeys_robots(self, world: World) -> None:
        world.site.put(HOST, "/robots.txt", Reply(b"User-agent: *\nDisallow: /feed", headers={}))
        world.site.put(HOST, "/feed.xml", feed_reply(rss(*pages(1))))
        assert "robots.txt" in (await world.feed(await world.add_and_poll()))["last_error"]
        assert (HOST, "/feed.xml") not in world.site.hits

    async def test_is_shown_with_its_source_until_it_is_removed(self, world: World) -> None:
        feed_id = await world.add()
        source_id = (await world.feed(feed_id))["source_id"]
        assert (await world.api.client.get(f"/v1/sources/{source_id}")).json()["feeds"] == [FEED]
        await world.api.holder.post(f"/v1/feeds/{feed_id}/delete")
        assert (await world.api.holder.get(f"/v1/feeds/{feed_id}")).status_code == 404
        assert (await world.api.client.get(f"/v1/sources/{source_id}")).json()["feeds"] == []


class TestAFailingFeed:
    async def test_is_polled_less_often_and_shows_the_error(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", Reply(status=500))
        feed_id = await world.add()
        waits = []
        for failures in (1, 2, 3):
            await world.poll(feed_id)
            feed = await world.feed(feed_id)
            assert (feed["last_status"], feed["failures"]) == (500, failures)
            assert feed["last_error"] == "The site answered 500."
            waits.append(_wait(feed))
        assert waits[0] < waits[1] < waits[2]
        listed = (await world.api.holder.get("/v1/feeds?failing=true")).json()["data"]
        assert [feed["id"] for feed in listed] == [feed_id]
        world.site.put(HOST, "/feed.xml", feed_reply(rss()))
        await world.poll(feed_id)
        feed = await world.feed(feed_id)
        assert (feed["last_error"], feed["failures"]) == (None, 0)
        assert (await world.api.holder.get("/v1/feeds?failing=true")).json()["data"] == []

    async def test_is_left_alone_as_long_as_its_site_asks(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", Reply(status=429, headers={"Retry-After": "7200"}))
        world.site.put(HOST, "/second.xml", feed_reply(rss()))
        assert _wait(await world.feed(await world.add_and_poll())) >= timedelta(seconds=7_000)
        second = await world.add_and_poll(f"http://{HOST}/second.xml")
        assert (await world.feed(second))["last_polled_at"] is None, "the site asked for it, not the feed"

    async def test_is_not_asked_again_once_it_is_gone(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", Reply(status=410))
        feed_id = await world.add_and_poll()
        feed = await world.feed(feed_id)
        assert (feed["status"], feed["next_poll_at"]) == ("gone", None)
        await world.api.rows("UPDATE feeds SET next_poll_at = now() - interval '1 s'")
        await world.poll()
        assert world.site.hits[HOST, "/feed.xml"] == 1
        await world.poll(feed_id)
        assert world.site.hits[HOST, "/feed.xml"] == 2


def _wait(feed: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(feed["next_poll_at"]) - datetime.fromisoformat(feed["last_polled_at"])


class TestAWorkerThatStops:
    @pytest.mark.slow
    async def test_gives_back_a_feed_that_it_did_not_get_to_ask(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", feed_reply(rss()))
        feed_id = await world.add()
        slow, stop = world.new_poller(60), asyncio.Event()
        await slow.round()
        await slow.idle()
        await world.api.holder.post(f"/v1/feeds/{feed_id}/poll")
        running = asyncio.create_task(slow.run(stop))

        async def taken() -> bool:
            return bool(
                (await world.api.rows("SELECT claims FROM feeds WHERE id = $1", feed_id))[0]["claims"] == 2
            )

        await until(taken)
        stop.set()
        await running
        await world.poll()
        assert len(world.site.asked[HOST, "/feed.xml"]) == 2, "nobody waits for the end of a lease"


class TestAnAnnouncedPage:
    async def _failed(self, world: World, slug: str) -> None:
        """The page's job has failed, and its next visit is due."""
        await world.api.rows(
            "UPDATE analysis_jobs SET status = 'failed', finished_at = now(), error = $1 WHERE status = 'queued'",
            f'{{"type": "http://unspun.test/problems/{slug}"}}',
        )
        await world.api.rows(
            "UPDATE feed_entries SET look_at = now() - interval '1 s' WHERE look_at IS NOT NULL"
        )

    async def test_is_tried_again_three_times_after_a_bad_moment_of_its_site(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", feed_reply(rss(*pages(1))))
        await world.add()
        await world.poll()
        for tries in (2, 3, 4, 4):
            await self._failed(world, "fetch-timeout")
            await settle_entries(world.api.runtime)
            assert await world.jobs() == pages(1) * tries
        assert await settle_entries(world.api.runtime) == 0, "given up"

    async def test_is_not_tried_again_where_that_cannot_help(self, world: World) -> None:
        world.site.put(HOST, "/feed.xml", feed_reply(rss(*pages(1))))
        await world.add()
        await world.poll()
        await self._failed(world, "robots-disallowed")
        await settle_entries(world.api.runtime)
        assert await world.jobs() == pages(1)
