"""Sitemaps: stories in shards of bounded size, by the time of first publication here.

A shard is a month, or a day or an hour if more than 5,000 stories fall into it. Numbered shards would shift
after a retraction; a time window keeps its URL, a crawler misses no story, and no table has to store limits.
The index counts windows in a covering index and is cached for a minute, like llms-full.txt; a retraction clears
both within two seconds.
"""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from msgspec import Struct

from api.errors import NotFound
from api.rendering.guide import guide_pages, guide_path
from api.rendering.sitemaps import (
    MAX_NEWS,
    MAX_URLS,
    NewsEntry,
    SitemapEntry,
    news_sitemap,
    sitemap,
    sitemap_index,
)
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.stories import sitemaps
from api.storage.stories.sitemaps import WindowCount

SHARD: Final = 5_000  # stories, a tenth of the maximum, to keep requests short
_GROWN: Final = 2 * SHARD  # the most entries that a shard may grow to
NEWS_AGE: Final = timedelta(days=2)
PAGES, SOURCES = "pages", "sources"  # shards beside those of stories
_LENGTHS: Final = ("month", "day", "hour", "minute", "second")
_FORMATS: Final = dict(
    zip(_LENGTHS, ("%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H", "%Y-%m-%dT%H-%M", "%Y-%m-%dT%H-%M-%S"), strict=True)
)
_SPANS: Final = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
_BEGINNING, _END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_NAME: Final = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}(?:-[0-9]{2}){0,2})?)?")
_NO_SITEMAP: Final = "There is no such sitemap; /sitemap.xml lists them."


class Sitemap(Struct, kw_only=True, frozen=True):
    """The XML, and when its entries last changed; None if unknown."""

    text: str
    changed_at: datetime | None


async def read_sitemap_index(runtime: Runtime) -> Sitemap:
    """Every shard. Raises Unavailable."""
    async with runtime.pool.connection() as connection:
        shards = await _shards(connection, "month", _BEGINNING, _END)
        with_sources = await sitemaps.list_sources_with_stories(connection, 1)
    entries = [SitemapEntry(url=_address(runtime, PAGES))]
    entries += [SitemapEntry(url=_address(runtime, SOURCES))] if with_sources else []
    entries += [
        SitemapEntry(url=_address(runtime, name), changed_at=shard.changed_at) for name, shard in shards
    ]
    return Sitemap(
        text=sitemap_index(entries[:MAX_URLS]),
        changed_at=max((shard.changed_at for _, shard in shards), default=None),
    )


async def read_sitemap(runtime: Runtime, name: str) -> Sitemap:
    """One shard by name. Raises NotFound, Unavailable."""
    base_url = runtime.base_url
    if name == PAGES:
        types = [f"/v1/taxonomy/{entry.type}" for entry in runtime.taxonomy.types]
        tactics = [
            f"/v1/taxonomy/{entry.type}/{tactic.code}"
            for entry in runtime.taxonomy.types
            for tactic in entry.tactics
        ]
        taxonomy = [f"{path}.html" for path in ["/v1/taxonomy", *types, *tactics]]
        guide = [f"{guide_path(name)}.html" for name in guide_pages()]
        paths = ["/", *taxonomy, "/ns.html", "/docs", *guide]
        return Sitemap(text=sitemap(SitemapEntry(url=base_url + path) for path in paths), changed_at=None)
    if name == SOURCES:
        async with runtime.pool.connection() as connection:
            found = await sitemaps.list_sources_with_stories(connection, MAX_URLS)
        text = sitemap(
            SitemapEntry(url=f"{runtime.site.at('sources', source_id)}.html") for source_id in found
        )
        return Sitemap(text=text, changed_at=None)
    since, until = _window(name)
    shortest = until - since == _SPANS[_LENGTHS[-1]]
    async with runtime.pool.connection() as connection:
        stories = await sitemaps.list_window(connection, since, until, MAX_URLS if shortest else _GROWN + 1)
    # a window with more stories is cut into shorter ones, down to a second
    if not stories or (len(stories) > _GROWN and not shortest):
        raise NotFound(_NO_SITEMAP)
    entries = [
        SitemapEntry(url=f"{base_url}/v1/stories/{story.id}.html", changed_at=story.changed_at)
        for story in stories
    ]
    text = await asyncio.to_thread(sitemap, entries)
    return Sitemap(text=text, changed_at=max(story.changed_at for story in stories))


async def read_news_sitemap(runtime: Runtime) -> Sitemap:
    """The stories of the last two days. Raises Unavailable."""
    async with runtime.pool.connection() as connection:
        found = await sitemaps.list_news(connection, runtime.clock.now() - NEWS_AGE, MAX_NEWS)
    entries = [
        NewsEntry(
            url=f"{runtime.base_url}/v1/stories/{story.id}.html",
            title=story.title,
            published_at=story.created_at,
        )
        for story in found
    ]
    # the pages are in English, whatever the language of the story
    text = news_sitemap(entries, publication="Unspun", language="en")
    return Sitemap(text=text, changed_at=max((story.updated_at for story in found), default=None))


async def _shards(
    connection: Connection, length: str, since: datetime, until: datetime
) -> list[tuple[str, WindowCount]]:
    """By name: windows of this length, those that hold too many replaced by shorter ones."""
    shards: list[tuple[str, WindowCount]] = []
    shorter = dict(pairwise(_LENGTHS)).get(length)
    for window in await sitemaps.count_windows(connection, length, since, until):
        if window.stories > SHARD and shorter:
            shards += await _shards(connection, shorter, window.began, _end(length, window.began))
        else:
            shards.append((f"{window.began.astimezone(UTC):{_FORMATS[length]}}", window))
    return shards


def _window(name: str) -> tuple[datetime, datetime]:
    """The window that a shard's name means. Raises NotFound."""
    if not _NAME.fullmatch(name):
        raise NotFound(_NO_SITEMAP)
    length = _LENGTHS[name.count("-") + name.count("T") - 1]
    try:
        began = datetime.strptime(name, _FORMATS[length]).replace(tzinfo=UTC)
        return began, _end(length, began)
    except (ValueError, OverflowError):
        raise NotFound(_NO_SITEMAP) from None


def _end(length: str, began: datetime) -> datetime:
    if length == "month":
        return (began.replace(day=1) + timedelta(days=32)).replace(day=1)
    return began + _SPANS[length]


def _address(runtime: Runtime, name: str) -> str:
    return f"{runtime.base_url}/sitemaps/{name}.xml"
