"""Finds the feeds of a site: the URL itself, links in its page, news sitemaps, usual paths."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from msgspec import Struct

from api.errors import ApiError, NotAFeed, SiteRefused
from api.feeds.feed import FeedDocument
from api.feeds.feed_links import FeedLinks, feed_links
from api.feeds.feed_parsing import parse_feed
from api.feeds.sitemap_index import is_of_news, sitemaps_of
from api.fetching.client import GuardedClient
from api.fetching.feed import FetchedFeed, fetch_feed
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.processes.pool import ProcessCrashed, Processes, ProcessTimeout
from api.web.urls import parse_target, url_key
from schemas.source_feeds import FeedKind

MAX_REQUESTS: Final = 20  # URLs of one site
MAX_SITEMAPS: Final = 5
# the defaults of common content management systems
USUAL_PATHS: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
NEWS_SITEMAPS: Final = ("/news-sitemap.xml", "/sitemap-news.xml")


class FoundFeed(Struct, kw_only=True, frozen=True):
    """A feed that was read. `newest` is its latest date."""

    url: str
    kind: FeedKind
    title: str | None
    entries: int
    newest: datetime | None


class Discovery(Struct, kw_only=True, frozen=True):
    """`site_name` is the name in the page, or the title of a feed."""

    site_name: str | None
    feeds: list[FoundFeed]


async def discover_feeds(
    client: GuardedClient, robots: Robots, pace: Pace, processes: Processes, url: str
) -> Discovery:
    """Request at most 20 URLs of the site, within robots.txt and its pace. `client` has the policy for feeds.

    Raises what fetching `url` raises; other failures are ignored.
    """
    crawler = _Crawler(client, robots, pace, processes)
    response = await crawler.fetch(url)
    if response.body is None:
        raise SiteRefused(f"The site answered {response.status}.")
    document = await crawler.read(response)
    if document is not None:
        return Discovery(site_name=document.title, feeds=[_found(url, document)])
    try:
        links = await processes.run(feed_links, response.body, response.charset, response.final_url)
    except (ProcessCrashed, ProcessTimeout) as broken:
        raise NotAFeed("Reading the page takes too much time or memory.") from broken
    return await _of_site(crawler, response, links)


async def _of_site(crawler: "_Crawler", response: FetchedFeed, links: FeedLinks) -> Discovery:
    feeds = await crawler.read_all(links.urls)
    if not feeds:
        usual = [urljoin(response.final_url, path) for path in USUAL_PATHS]
        feeds = await crawler.read_all(usual, most=1)
    feeds += await crawler.read_all(await crawler.news_sitemaps(response.final_url))
    name = links.site_name or next((feed.title for feed in feeds if feed.title), None)
    return Discovery(site_name=name, feeds=feeds)


class _Crawler:
    """Requests URLs of one site, each once, up to a limit."""

    def __init__(self, client: GuardedClient, robots: Robots, pace: Pace, processes: Processes) -> None:
        self._client = client
        self._robots = robots
        self._pace = pace
        self._processes = processes
        self._requested: set[str] = set()

    async def fetch(self, url: str) -> FetchedFeed:
        self._requested.add(url_key(url))
        await self._pace.turn(parse_target(url).host)
        return await fetch_feed(self._client, url, self._robots)

    async def read(self, response: FetchedFeed) -> FeedDocument | None:
        """The feed in a response; returns None if it has none."""
        try:
            return await self._processes.run(parse_feed, response.body, response.charset, response.final_url)
        except (NotAFeed, ProcessCrashed, ProcessTimeout):
            return None

    async def read_all(self, urls: Sequence[str], *, most: int = MAX_REQUESTS) -> list[FoundFeed]:
        """The first `most` feeds among the URLs that were not requested yet."""
        found: list[FoundFeed] = []
        for url in urls:
            if len(found) >= most:
                break
            response = await self._try_fetch(url)
            document = None if response is None else await self.read(response)
            if document is not None:
                found.append(_found(url, document))
        return found

    async def news_sitemaps(self, url: str) -> list[str]:
        """News sitemaps that robots.txt names, directly or in the first sitemap index."""
        named = self._robots.sitemaps(parse_target(url))
        news = [address for address in named if is_of_news(address)]
        for index in [address for address in named if address not in news][:1]:
            response = await self._try_fetch(index)
            if response is not None and response.body is not None:
                with suppress(ProcessCrashed, ProcessTimeout):
                    inner = await self._processes.run(sitemaps_of, response.body, response.charset)
                    news += [address for address in inner if is_of_news(address)]
        return (news or [urljoin(url, path) for path in NEWS_SITEMAPS])[:MAX_SITEMAPS]

    async def _try_fetch(self, url: str) -> FetchedFeed | None:
        """The response for a URL; returns None if it fails, was requested before, or exceeds the limit."""
        try:
            if url_key(url) in self._requested or len(self._requested) >= MAX_REQUESTS:
                return None
            response = await self.fetch(url)
        except ApiError:
            return None
        return response if response.body is not None else None


def _found(url: str, document: FeedDocument) -> FoundFeed:
    dates = [entry.published_at for entry in document.entries if entry.published_at]
    return FoundFeed(
        url=url,
        kind=document.kind,
        title=document.title,
        entries=len(document.entries),
        newest=max(dates, default=None),
    )
