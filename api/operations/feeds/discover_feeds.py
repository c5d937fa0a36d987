"""Finds the feeds of a site: at the address itself, named by its page, sitemaps of news, usual places."""

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
from api.processes import ProcessCrashed, Processes, ProcessTimeout
from api.web.urls import parse_target, url_key
from schemas.source_feeds import FeedKind

MAX_ASKED: Final = 20  # addresses of one site
MAX_SITEMAPS: Final = 5
# where the programs that most sites are made with have their feeds
USUAL_PATHS: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
NEWS_SITEMAPS: Final = ("/news-sitemap.xml", "/sitemap-news.xml")


class FoundFeed(Struct, kw_only=True, frozen=True):
    """A feed that was read. `newest` is the latest date in it."""

    url: str
    kind: FeedKind
    title: str | None
    entries: int
    newest: datetime | None


class Discovery(Struct, kw_only=True, frozen=True):
    """`site_name` is what the page calls its site, or the feed itself."""

    site_name: str | None
    feeds: list[FoundFeed]


async def discover_feeds(
    client: GuardedClient, robots: Robots, pace: Pace, processes: Processes, url: str
) -> Discovery:
    """Ask the site, politely: twenty addresses at most, robots.txt obeyed. `client` has the policy for feeds.

    Raises what asking for `url` itself raises; what else fails is no feed.
    """
    looker = _Looker(client, robots, pace, processes)
    got = await looker.ask(url)
    if got.body is None:
        raise SiteRefused(f"The site answered {got.status}.")
    document = await looker.read(got)
    if document is not None:
        return Discovery(site_name=document.title, feeds=[_found(url, document)])
    try:
        links = await processes.run(feed_links, got.body, got.charset, got.final_url)
    except (ProcessCrashed, ProcessTimeout) as broken:
        raise NotAFeed("The page takes too long, or too much memory, to read.") from broken
    return await _of_site(looker, got, links)


async def _of_site(looker: "_Looker", got: FetchedFeed, links: FeedLinks) -> Discovery:
    feeds = await looker.read_all(links.urls)
    if not feeds:
        usual = [urljoin(got.final_url, path) for path in USUAL_PATHS]
        feeds = await looker.read_all(usual, most=1)
    feeds += await looker.read_all(await looker.news_sitemaps(got.final_url))
    name = links.site_name or next((feed.title for feed in feeds if feed.title), None)
    return Discovery(site_name=name, feeds=feeds)


class _Looker:
    """Asks for addresses of one site, each once, and for so many in all."""

    def __init__(self, client: GuardedClient, robots: Robots, pace: Pace, processes: Processes) -> None:
        self._client = client
        self._robots = robots
        self._pace = pace
        self._processes = processes
        self._asked: set[str] = set()

    async def ask(self, url: str) -> FetchedFeed:
        self._asked.add(url_key(url))
        await self._pace.turn(parse_target(url).host)
        return await fetch_feed(self._client, url, self._robots)

    async def read(self, got: FetchedFeed) -> FeedDocument | None:
        """The feed in an answer, None where it holds none."""
        try:
            return await self._processes.run(parse_feed, got.body, got.charset, got.final_url)
        except (NotAFeed, ProcessCrashed, ProcessTimeout):
            return None

    async def read_all(self, urls: Sequence[str], *, most: int = MAX_ASKED) -> list[FoundFeed]:
        """Those of the addresses that are feeds, and were not asked for yet; the first `most`."""
        found: list[FoundFeed] = []
        for url in urls:
            if len(found) >= most:
                break
            got = await self._quietly(url)
            document = None if got is None else await self.read(got)
            if document is not None:
                found.append(_found(url, document))
        return found

    async def news_sitemaps(self, url: str) -> list[str]:
        """Sitemaps that robots.txt names, or an index among them, and that have news in their name."""
        named = self._robots.sitemaps(parse_target(url))
        news = [address for address in named if is_of_news(address)]
        for index in [address for address in named if address not in news][:1]:
            got = await self._quietly(index)
            if got is not None and got.body is not None:
                with suppress(ProcessCrashed, ProcessTimeout):
                    inner = await self._processes.run(sitemaps_of, got.body, got.charset)
                    news += [address for address in inner if is_of_news(address)]
        return (news or [urljoin(url, path) for path in NEWS_SITEMAPS])[:MAX_SITEMAPS]

    async def _quietly(self, url: str) -> FetchedFeed | None:
        """The document at an address; None where there is none, where it was asked for, or enough were."""
        try:
            if url_key(url) in self._asked or len(self._asked) >= MAX_ASKED:
                return None
            got = await self.ask(url)
        except ApiError:
            return None
        return got if got.body is not None else None


def _found(url: str, document: FeedDocument) -> FoundFeed:
    dates = [entry.published_at for entry in document.entries if entry.published_at]
    return FoundFeed(
        url=url,
        kind=document.kind,
        title=document.title,
        entries=len(document.entries),
        newest=max(dates, default=None),
    )
