"""Sitemaps: every scored story's page, in files of a bounded size, and those of the last two days."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from litestar.params import FromPath

from api.errors import NotFound
from api.operations.read_sitemap import Sitemap, read_news_sitemap, read_sitemap, read_sitemap_index
from api.routes.answers import LIST, Answer, HttpRequest, runtime_of
from api.routes.documents import document_answer
from api.routes.held import Held
from api.routes.links import public_headers
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query

_XML: Final = b"application/xml; charset=utf-8"
_MEDIA_TYPE: Final = "application/xml"
# Crawlers come once in hours; what is this old is told by its address and date all the same.
_HELD_S: Final = 60.0
_NEWS_HELD_S: Final = 10.0


@read("/sitemap.xml", Operation(id="getSitemapIndex", tag="crawling", answer=None, media_type=_MEDIA_TYPE))
async def get_sitemap_index(request: HttpRequest) -> Answer:
    """Get the index of all sitemaps."""
    runtime = runtime_of(request)
    return await _answer(request, "sitemap.xml", _HELD_S, lambda: read_sitemap_index(runtime))


@read(
    "/sitemaps/{sitemap:str}",
    Operation(id="getSitemap", tag="crawling", answer=None, media_type=_MEDIA_TYPE, errors=(NotFound,)),
)
async def get_sitemap(request: HttpRequest, sitemap: FromPath[str]) -> Answer:
    """Get one sitemap, as the index names it; each story with the time of its last change."""
    read_query(request, NoParameters)
    runtime = runtime_of(request)
    shard, dot, suffix = sitemap.rpartition(".")
    if not dot or suffix != "xml":
        raise NotFound("There is no such sitemap; /sitemap.xml lists them.")
    return await _answer(request, f"sitemaps/{shard}", _HELD_S, lambda: read_sitemap(runtime, shard))


@read(
    "/news-sitemap.xml", Operation(id="getNewsSitemap", tag="crawling", answer=None, media_type=_MEDIA_TYPE)
)
async def get_news_sitemap(request: HttpRequest) -> Answer:
    """Get the stories of the last two days, newest first, at most 1,000."""
    runtime = runtime_of(request)
    return await _answer(request, "news-sitemap.xml", _NEWS_HELD_S, lambda: read_news_sitemap(runtime))


async def _answer(
    request: HttpRequest, name: str, seconds: float, make: Callable[[], Awaitable[Sitemap]]
) -> Answer:
    read_query(request, NoParameters)
    held: Held = request.app.state.held

    async def made() -> tuple[bytes, datetime | None]:
        found = await make()
        return found.text.encode(), found.changed_at

    document = await held.get(name, seconds, made)
    headers = public_headers(runtime_of(request))
    # what was retracted leaves no date behind, so only the tag counts
    return document_answer(request, document, LIST, content_type=_XML, more=headers, dated=False)


ROUTES = [get_sitemap_index, get_sitemap, get_news_sitemap]
