"""Look-ups: from the URLs of many pages to what is known of each."""

from typing import Final

from api.errors import TooLarge, UnsupportedMediaType
from api.operations.stories.look_up_urls import look_up_urls
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.operation import NoParameters, Operation, ask
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.bodies import read_body
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import JSON, UNCACHED, Answer, LateAnswer, runtime_of
from api.runtime.quotas import price_of_lookups
from schemas.lookups import Lookups, LookupsRequest
from schemas.wire import encode_json

MAX_BODY_BYTES: Final = 3_145_728  # conventions A30: a thousand URLs of full length, and their escapes
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
    """Find what is known of up to 1,000 pages by their URLs.

    Tracking parameters, http or https, a final slash, AMP and mobile hosts, archives and near-copies on other
    sites do not matter. Nothing is read or queued by asking. Each ten URLs cost as much as a read.
    """
    read_query(request, NoParameters)
    wanted = await read_body(request, LookupsRequest)
    await request.app.state.limits.take_more(caller_of(request.scope), price_of_lookups(len(wanted.urls)))
    found = Lookups(data=await look_up_urls(runtime_of(request), wanted.urls))
    return LateAnswer(
        200,
        [(b"cache-control", UNCACHED), (b"content-type", JSON), *described_headers(request)],
        encode_json(found),
    )


ROUTES = [look_up_many]
