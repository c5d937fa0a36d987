"""The IndexNow key file, which proves that notifications come from this host."""

from typing import Final

from litestar.handlers import HTTPRouteHandler

from api.routes.http.admission.operation import NoParameters, read_unlisted
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.static_documents import static_answer

_TEXT: Final = b"text/plain; charset=utf-8"


def key_routes(key: str) -> list[HTTPRouteHandler]:
    """The route of the key file; empty without a key. The key is public."""
    return [read_unlisted(f"/{key}.txt")(get_search_key)] if key else []


async def get_search_key(request: HttpRequest) -> Answer:
    """Get the key."""
    read_query(request, NoParameters)
    key = runtime_of(request).settings.indexnow_key
    return static_answer(request, "search-key", key.encode, content_type=_TEXT)
