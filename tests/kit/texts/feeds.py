"""Invented feeds, and a worker's poller for a test's site."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from api.fetching.client import GuardedClient
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.jobs.feed_poller import Poller
from api.processes.pool import Processes
from api.runtime.fetch_policy import fetch_policy
from api.storage.stories.sources import SourceRecord, upsert_source
from schemas.enums import SourceType
from tests.kit.clients.api_client import Api, running_api
from tests.kit.servers.web_server import Reply, Site

HOST = "news.brightwater.example"
OTHER_HOST = "wire.quillfeather.example"
FEED = f"http://{HOST}/feed.xml"


def rss(*links: str, dates: Iterable[datetime | str] = (), more: str = "") -> str:
    """A feed with these links; as many have dates as given."""
    written = [date if isinstance(date, str) else f"{date:%a, %d %b %Y %H:%M:%S +0000}" for date in dates]
    written += [""] * (len(links) - len(written))
    items = "".join(
        f"<item><link>{escape(link)}</link>{f'<pubDate>{date}</pubDate>' if date else ''}</item>"
        for link, date in zip(links, written, strict=True)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>All</title>{more}{items}</channel></rss>'


def feed_reply(body: str | bytes, **headers: str) -> Reply:
    """A site's response with a feed; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body.encode() if isinstance(body, str) else body
    return Reply(raw, headers={"Content-Type": "application/rss+xml"} | named)


@dataclass
class World:
    """The application, a worker's poller, and a site with two names.

    `new_poller` is another worker's, with this pause between two requests to a host.
    """

    api: Api
    poller: Poller
    site: Site
    new_poller: Callable[[float], Poller]

    async def add(self, url: str = FEED) -> str:
        """The id of a feed, added to the site's source."""
        host = url.split("/")[2]
        clock = self.api.runtime.clock
        record = SourceRecord(slug=host.replace(".", "-"), name=host, type=SourceType.MEDIA, domains=[host])
        async with self.api.runtime.pool.transaction() as connection:
            source_id = await upsert_source(connection, record, clock.new_id("src"), clock.now())
        answer = await self.api.holder.post(f"/v1/sources/{source_id}/feeds", json={"url": url})
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    async def feed(self, feed_id: str) -> dict[str, Any]:
        return (await self.api.holder.get(f"/v1/feeds/{feed_id}")).json()

    async def poll(self, *feed_ids: str) -> None:
        """Poll and store all due feeds, including these."""
        for feed_id in feed_ids:
            await self.api.holder.post(f"/v1/feeds/{feed_id}/poll")
        while await self.poller.round():
            await self.poller.idle()

    async def add_and_poll(self, url: str = FEED) -> str:
        """The id of a new feed, polled once."""
        feed_id = await self.add(url)
        await self.poll()
        return feed_id

    async def jobs(self) -> list[str]:
        return [row["url"] for row in await self.api.rows("SELECT url FROM analysis_jobs ORDER BY id")]


@asynccontextmanager
async def running_world(
    processes: Processes,
    hosts: Sequence[str] = (HOST, OTHER_HOST),
    more_hosts: Mapping[str, int] | None = None,
    **variables: str,
) -> AsyncIterator[World]:
    """`hosts` are the site's; `more_hosts` have their own ports."""
    async with Site() as site:
        ports = dict.fromkeys(hosts, site.port) | dict(more_hosts or {})
        settings = {
            "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
            "UNSPUN_FETCH_HOST_MAP": ",".join(f"{host}=127.0.0.1:{port}" for host, port in ports.items()),
            "UNSPUN_FETCH_DELAY_S": "0",
            **variables,
        }
        async with running_api(**settings) as api:
            client = GuardedClient(fetch_policy(api.runtime.settings).for_feeds())
            clock, robots = api.runtime.clock, Robots(client, api.runtime.clock)

            def new_poller(delay_s: float) -> Poller:
                return Poller(api.runtime, client, robots, Pace(delay_s, clock), processes, lambda: 0.5)

            try:
                yield World(api, new_poller(0), site, new_poller)
            finally:
                await client.aclose()
