"""Look-up: from the URL of a page to its story."""

from typing import Annotated

from msgspec import Meta, Raw, Struct

from api.errors import Gone, NotFound, UrlNotAllowed
from api.operations.stories.look_up_url import look_up_url
from api.routes.http.admission.operation import Operation, read
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import OBJECT, Answer, body_answer, runtime_of
from schemas.stories import Lookup
from schemas.wire import encode_json


class LookupQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The page that is asked about."""

    url: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2_048,
            description="Any spelling of it: tracking parameters do not matter.",
        ),
    ]


@read(
    "/lookup",
    Operation(
        id="lookUp", tag="stories", answer=Lookup, query=LookupQuery, errors=(NotFound, Gone, UrlNotAllowed)
    ),
)
async def look_up(request: HttpRequest) -> Answer:
    """Find the story of a page by its URL.

    `alias` says how the URL names the story: as its canonical address, as one that was submitted or led there,
    or as a near-copy on another site.
    """
    query, runtime = read_query(request, LookupQuery), runtime_of(request)
    found = await look_up_url(runtime, query.url)
    lookup = Lookup(
        url=query.url,
        normalized_url=found.normalized_url,
        alias=found.alias,
        story=Raw(found.story.body),  # type: ignore[arg-type]  # rendered already
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


ROUTES = [look_up]
