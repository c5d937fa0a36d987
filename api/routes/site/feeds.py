"""Feeds of new stories, of all or of those that pass filters."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.errors import InvalidCursor, NotFound
from api.operations.stories.story_lists import FeedPage, read_feed
from api.rendering.feeds import Feed, atom, json_feed, rss
from api.rendering.jsonld.feeds import data_feed
from api.rendering.plain_text import words_of
from api.rendering.site import Site
from api.routes.http.admission.operation import Operation, read
from api.routes.http.representation.cached_texts import RenderedBody, cached_body
from api.routes.http.representation.pagination import next_cursor, page_start
from api.routes.http.request.query import PageQuery, read_query
from api.routes.http.request.taxonomy_filters import VERTICAL, check_codes
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import LIST, Answer, body_answer, runtime_of
from api.routes.http.response.link_headers import FEEDS, feed_links, link, public_headers
from api.storage.stories.story_lists import StoryFilter
from schemas.enums import HappeningKind, SourceType, SpinType
from schemas.ids import StoryId

Name = Annotated[str, Meta(min_length=1, max_length=100)]

_KEY: Final[Any] = tuple[datetime, StoryId]  # where a page begins
_LIFETIME_S: Final = 10.0  # less than a cache may keep it
_MEDIA_TYPES: Final = dict(FEEDS)


class FeedQuery(PageQuery, kw_only=True, frozen=True):
    """Which stories the feed holds, last added first. A filter that is not given leaves all in."""

    source: Annotated[Name, Meta(description="Id, slug or domain of a source.")] | UnsetType = UNSET
    source_type: SourceType | UnsetType = UNSET
    vertical: Annotated[Name, Meta(description=VERTICAL)] | UnsetType = UNSET
    spin_type: Annotated[SpinType, Meta(description="The primary type.")] | UnsetType = UNSET
    happening: Annotated[HappeningKind, Meta(description="Kind of the event in the news.")] | UnsetType = (
        UNSET
    )
    min_score: Annotated[int, Meta(ge=0, le=100, description="This score or a higher one.")] | UnsetType = (
        UNSET
    )


def _operation(name: str, path: str) -> Operation:
    return Operation(
        id=name,
        tag="crawling",
        answer=None,
        media_type=_MEDIA_TYPES[path],
        query=FeedQuery,
        errors=(InvalidCursor, NotFound),
    )


@read("/feed.atom", _operation("getAtomFeed", "/feed.atom"))
async def get_atom_feed(request: HttpRequest) -> Answer:
    """Get new stories as Atom, with score and types as elements of our own vocabulary."""
    return await _answer(request, atom)


@read("/feed.rss", _operation("getRssFeed", "/feed.rss"))
async def get_rss_feed(request: HttpRequest) -> Answer:
    """Get new stories as RSS 2.0, with score and types as elements of our own vocabulary."""
    return await _answer(request, rss)


@read("/feed.json", _operation("getJsonFeed", "/feed.json"))
async def get_json_feed(request: HttpRequest) -> Answer:
    """Get new stories as JSON Feed 1.1, with score and types in `_unspun`."""
    return await _answer(request, json_feed)


@read("/feed.jsonld", _operation("getDataFeed", "/feed.jsonld"))
async def get_data_feed(request: HttpRequest) -> Answer:
    """Get new stories as a schema.org DataFeed in JSON-LD, with the verdict of each as a Review."""
    return await _answer(request, data_feed)


async def _answer(request: HttpRequest, encode: Callable[[Feed, Site], bytes]) -> Answer:
    query, path = read_query(request, FeedQuery), request.scope["path"]
    check_codes(query, runtime_of(request).taxonomy)
    content_type = f"{_MEDIA_TYPES[path]}; charset=utf-8".encode()
    if not request.scope["query_string"]:  # as most readers ask, every few minutes
        return await cached_body(
            request, path, _LIFETIME_S, lambda: _make(request, query, encode), content_type
        )
    made = await _make(request, query, encode)
    return body_answer(
        request,
        made.body,
        LIST,
        last_modified=made.changed_at,
        dated=False,
        content_type=content_type,
        more=public_headers(runtime_of(request), *made.links),
    )


async def _make(
    request: HttpRequest, query: FeedQuery, encode: Callable[[Feed, Site], bytes]
) -> RenderedBody:
    runtime, path = runtime_of(request), request.scope["path"]
    after = page_start(request, query, _KEY)
    page = await read_feed(runtime, StoryFilter(**query.filters()), after=after, limit=query.limit + 1)
    following = next_cursor(request, query, page.keys, key=lambda key: key)
    here, first = runtime.base_url + path, query.with_cursor(None)
    given = None if query.cursor is UNSET else query.cursor
    feed = Feed(
        about=_about(query, page, runtime.site),
        filters=_filters(query),
        page=f"{runtime.site.at('sources', page.source.id)}.html" if page.source else f"{runtime.base_url}/",
        self=_with(here, query.with_cursor(given)),
        first=_with(here, first),
        next=_with(here, query.with_cursor(following)) if following else None,
        stories=page.stories[: query.limit],
    )
    kind = _MEDIA_TYPES[path]
    others = [one for one in feed_links(runtime.base_url, _filters(query)) if f'"{kind}"' not in one]
    links = [link(feed.self, "self", kind), link(feed.first, "first", kind), *others]
    if feed.next:
        links.append(link(feed.next, "next", kind))
    return RenderedBody(encode(feed, runtime.site), feed.changed_at if feed.stories else None, links)


def _about(query: FeedQuery, page: FeedPage, site: Site) -> str:
    """Which stories, for people."""
    said = ["new stories"]
    if query.spin_type is not UNSET:
        said.append(f"framed as {site.type_name(query.spin_type)}")
    if page.source is not None:
        said.append(f"of {page.source.name}")
    if query.source_type is not UNSET:
        said.append(f"of the type {words_of(query.source_type)}")
    if query.vertical is not UNSET:
        said.append(f"on {words_of(query.vertical)}")
    if query.happening is not UNSET:
        said.append(f"whose news is {words_of(query.happening)}")
    if query.min_score is not UNSET:
        said.append(f"with a score of {query.min_score} or more")
    return " ".join(said)


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def _filters(query: FeedQuery) -> str:
    """The filters alone, as a query string."""
    given: dict[str, Any] = msgspec.to_builtins(query.filters())
    return urlencode(given)


ROUTES = [get_atom_feed, get_rss_feed, get_json_feed, get_data_feed]
