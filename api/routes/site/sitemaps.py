"""Sitemaps: every scored story's page, in files of a bounded size, and those of the last two days."""

from typing import Final

from litestar.params import FromPath

from api.errors import NotFound
from api.operations.crawling.read_sitemap import read_news_sitemap, read_sitemap, read_sitemap_index
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.representation.cached_texts import cached_text
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of

_XML: Final = b"application/xml; charset=utf-8"
_MEDIA_TYPE: Final = "application/xml"
# Crawlers come once in hours: a minute is no delay to them.
_LIFETIME_S: Final = 60.0
_NEWS_LIFETIME_S: Final = 10.0


@read("/sitemap.xml", Operation(id="getSitemapIndex", tag="crawling", answer=None, media_type=_MEDIA_TYPE))
async def get_sitemap_index(request: HttpRequest) -> Answer:
    """Get the index of all sitemaps."""
    runtime = runtime_of(request)
    return await cached_text(request, "sitemap.xml", _LIFETIME_S, lambda: read_sitemap_index(runtime), _XML)


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
    return await cached_text(
        request, f"sitemaps/{shard}", _LIFETIME_S, lambda: read_sitemap(runtime, shard), _XML
    )


@read(
    "/news-sitemap.xml", Operation(id="getNewsSitemap", tag="crawling", answer=None, media_type=_MEDIA_TYPE)
)
async def get_news_sitemap(request: HttpRequest) -> Answer:
    """Get the stories of the last two days, newest first, at most 1,000."""
    runtime = runtime_of(request)
    return await cached_text(
        request, "news-sitemap.xml", _NEWS_LIFETIME_S, lambda: read_news_sitemap(runtime), _XML
    )


ROUTES = [get_sitemap_index, get_sitemap, get_news_sitemap]
