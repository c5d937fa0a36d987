"""Look-ups: what the service knows about URLs."""

from typing import Annotated, Final

from msgspec import Meta, Raw, Struct

from api.errors import TooLarge, UnsupportedMediaType, UrlNotAllowed
from api.operations.stories.lookups import look_up_url, look_up_urls
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.operation import NoParameters, Operation, ask, read
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.bodies import read_body
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import (
    JSON,
    OBJECT,
    UNCACHED,
    Answer,
    LateAnswer,
    body_answer,
    runtime_of,
)
from api.runtime.quotas import price_of_lookups
from schemas.lookups import Lookup, Lookups, LookupsRequest
from schemas.wire import encode_json

MAX_BODY_BYTES: Final = 3_145_728  # a thousand URLs of maximum length with escapes
_EXAMPLES = {
    "two pages": {
        "urls": [
            "https://news.brightwater.example/2026/turbine?utm_source=x",
            "http://m.quillon.example/amp/2026/robots",
        ]
    }
}


@ask(
    "/lookups",
    Operation(
        id="lookUpMany",
        tag="stories",
        answer=Lookups,
        body=LookupsRequest,
        examples=_EXAMPLES,
        errors=(TooLarge, UnsupportedMediaType),
    ),
    max_body_bytes=MAX_BODY_BYTES,
)
async def look_up_many(request: HttpRequest) -> Answer:
    """Look up to 1,000 pages by URL.

    Tracking parameters, the scheme, a trailing slash, AMP and mobile hosts, archives and near-copies on other
    sites do not matter. Nothing is fetched or queued. Every ten URLs cost as much as one read.
    """
    read_query(request, NoParameters)
    body = await read_body(request, LookupsRequest, takes_nul=True)
    await request.app.state.limits.take_more(caller_of(request.scope), price_of_lookups(len(body.urls)))
    found = Lookups(data=await look_up_urls(runtime_of(request), body.urls))
    return LateAnswer(
        200,
        [(b"cache-control", UNCACHED), (b"content-type", JSON), *described_headers(request)],
        encode_json(found),
    )


class LookupQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The page to look up."""

    url: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2_048,
            description="URL of the page. Tracking parameters are ignored.",
        ),
    ]


@read(
    "/lookup",
    Operation(id="lookUp", tag="stories", answer=Lookup, query=LookupQuery, errors=(UrlNotAllowed,)),
)
async def look_up(request: HttpRequest) -> Answer:
    """Find what is known of a page by its URL.

    `state` is `known` if there is a verdict; else `problem` says why not. `alias` says how the URL relates to the
    story: its canonical URL, a submitted URL, a redirect, or a near-copy on another site. Nothing is fetched or
    queued.
    """
    query, runtime = read_query(request, LookupQuery), runtime_of(request)
    found = await look_up_url(runtime, query.url)
    lookup = Lookup(
        url=query.url,
        normalized_url=found.normalized_url,
        state=found.state,
        alias=found.alias,
        story=None if found.story is None else Raw(found.story.body),  # type: ignore[arg-type]  # rendered already
        problem=found.problem,
    )
    if found.story is None:  # the next look-up may find one
        return body_answer(
            request, encode_json(lookup), UNCACHED, last_modified=None, more=described_headers(request)
        )
    # another story may come to own the URL without a trace in its dates, so only the tag counts
    return body_answer(
        request,
        encode_json(lookup),
        OBJECT,
        last_modified=found.story.last_modified,
        dated=False,
        more=described_headers(request),
    )


ROUTES = [look_up, look_up_many]
