"""Feeds of sources and the state of polling them. For administrators."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from litestar.params import FromPath
from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import Conflict, Forbidden, InvalidCursor, NotFound, Unauthorized, UrlNotAllowed
from api.operations.feeds.source_feeds import NO_FEED, add_feed, poll_now, remove_feed
from api.operations.stories.story_lists import known_source
from api.routes.http.admission.authentication import origin_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.representation.pagination import page_answer, page_start
from api.routes.http.request.bodies import read_body, read_no_body
from api.routes.http.request.query import PageQuery, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import PRIVATE, Answer, private_answer, runtime_of
from api.storage.database.pool import Connection
from api.storage.feeds import source_feeds
from schemas.ids import FeedId
from schemas.keys import Scope
from schemas.lists import Page
from schemas.source_feeds import Feed, FeedCreation, RemovedFeed


class FeedQuery(PageQuery, kw_only=True, frozen=True):
    """Filters of the feed list."""

    source: Annotated[str, Meta(description="Id, slug or domain of a source.")] | UnsetType = UNSET
    failing: Annotated[bool, Meta(description="Whether the last poll failed.")] | UnsetType = UNSET


@write(
    "/sources/{source:str}/feeds",
    Operation(
        id="addFeed",
        tag="feeds",
        answer=Feed,
        body=FeedCreation,
        examples={"a feed": {"url": "https://news.brightwater.example/feed.xml"}},
        scope=Scope.ADMIN,
        errors=(Unauthorized, Forbidden, NotFound, UrlNotAllowed, Conflict),
    ),
)
async def post_feed(request: HttpRequest, source: FromPath[str]) -> Answer:
    """Add a feed to a source, by id or slug: RSS, Atom, JSON Feed or a news sitemap.

    It is polled at once, then as often as it changes; new entries become analyses. `GET /v1/feeds/{feed}` shows
    any errors. Adding a feed again changes nothing.
    """
    read_query(request, NoParameters)
    creation = await read_body(request, FeedCreation)
    runtime, policy = runtime_of(request), request.app.state.fetch_policy

    async def add(connection: Connection) -> Feed:
        return await add_feed(connection, runtime, policy, source, creation.url, origin=origin_of(request))

    return (await once(request, creation, add, partial(private_answer, 200))).answer


@read(
    "/feeds",
    Operation(
        id="listFeeds",
        tag="feeds",
        answer=Page[Feed],
        query=FeedQuery,
        scope=Scope.ADMIN,
        errors=(InvalidCursor, Unauthorized, Forbidden),
    ),
)
async def get_feeds(request: HttpRequest) -> Answer:
    """List the polled feeds, oldest first; `failing=true` selects those whose last poll failed."""
    query = read_query(request, FeedQuery)
    after = page_start(request, query, FeedId)
    async with runtime_of(request).pool.connection() as connection:
        source_id = None if query.source is UNSET else await known_source(connection, query.source)
        found = await source_feeds.list_feeds(
            connection,
            source_id=source_id,
            failing=None if query.failing is UNSET else query.failing,
            after=after,
            limit=query.limit + 1,
        )
    return page_answer(
        request,
        query,
        found,
        key=lambda feed: feed.id,
        show=lambda feed: feed,
        changed_at=lambda feed: feed.updated_at,
        policy=PRIVATE,
    )


@read(
    "/feeds/{feed:str}",
    Operation(
        id="getFeed",
        tag="feeds",
        answer=Feed,
        scope=Scope.ADMIN,
        errors=(Unauthorized, Forbidden, NotFound),
        conditional=False,
    ),
)
async def get_feed(request: HttpRequest, feed: FromPath[str]) -> Answer:
    """Get a feed, the result of its last poll, and the time of the next."""
    read_query(request, NoParameters)
    async with runtime_of(request).pool.connection() as connection:
        found = await source_feeds.get_feed(connection, feed)
    if found is None:
        raise NotFound(NO_FEED)
    return private_answer(200, found)


def _change(name: str, answer: type[Struct]) -> Operation:
    """Runs a change of a feed: parameters, body and idempotency."""
    return Operation(
        id=name, tag="feeds", answer=answer, scope=Scope.ADMIN, errors=(Unauthorized, Forbidden, NotFound)
    )


@write("/feeds/{feed:str}/poll", _change("pollFeed", Feed))
async def post_poll(request: HttpRequest, feed: FromPath[str]) -> Answer:
    """Poll a feed now, even if its status is `gone`."""
    return await _changed(request, feed, poll_now)


@write("/feeds/{feed:str}/delete", _change("deleteFeed", RemovedFeed))
async def post_removal(request: HttpRequest, feed: FromPath[str]) -> Answer:
    """Remove a feed. It is no longer polled; its stories stay."""
    return await _changed(request, feed, remove_feed)


async def _changed(request: HttpRequest, feed_id: str, act: Callable[..., Awaitable[Struct]]) -> Answer:
    """Applies `act`, an operation on one feed."""
    read_query(request, NoParameters)
    await read_no_body(request)
    runtime, origin = runtime_of(request), origin_of(request)

    async def change(connection: Connection) -> Struct:
        return await act(connection, runtime, feed_id, origin=origin)

    return (await once(request, None, change, partial(private_answer, 200))).answer


ROUTES = [post_feed, get_feeds, get_feed, post_poll, post_removal]
