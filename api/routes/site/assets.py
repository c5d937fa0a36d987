"""The stylesheet of the HTML pages, under a name that changes with its content."""

from typing import Final

from litestar.params import FromPath

from api.errors import NotFound
from api.rendering.html.environment import stylesheet, stylesheet_path
from api.routes.http.admission.operation import read_unlisted
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer
from api.routes.http.response.static_documents import static_answer

_IMMUTABLE: Final = b"public, max-age=31536000, immutable"  # RFC 8246: the file name changes with the content


@read_unlisted("/assets/{file:str}")
async def get_asset(request: HttpRequest, file: FromPath[str]) -> Answer:
    """Get the stylesheet."""
    if f"/assets/{file}" != stylesheet_path():
        raise NotFound("There is no such file.")
    return static_answer(
        request, "stylesheet", stylesheet, content_type=b"text/css; charset=utf-8", policy=_IMMUTABLE
    )


ROUTES = [get_asset]
