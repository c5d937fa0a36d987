"""What a language model should know of the service, and all of it in one file."""

from collections.abc import Awaitable
from typing import Any, Final

from api.operations.crawling.read_llms import LlmsFile, read_llms_full, read_llms_txt
from api.rendering.llms import Call
from api.routes.http.admission.operation import Operation, read
from api.routes.http.representation.cached_texts import cached_text
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import MARKDOWN, Answer, runtime_of
from api.routes.openapi.openapi import openapi_document

_MEDIA_TYPE: Final = "text/markdown"
_LIFETIME_S: Final = 10.0
_FULL_LIFETIME_S: Final = 60.0


@read("/llms.txt", Operation(id="getLlms", tag="crawling", answer=None, media_type=_MEDIA_TYPE))
async def get_llms(request: HttpRequest) -> Answer:
    """Get what this service is and where everything is, in Markdown."""
    runtime = runtime_of(request)
    return await cached_text(request, "llms.txt", _LIFETIME_S, lambda: read_llms_txt(runtime), MARKDOWN)


@read("/llms-full.txt", Operation(id="getLlmsFull", tag="crawling", answer=None, media_type=_MEDIA_TYPE))
async def get_llms_full(request: HttpRequest) -> Answer:
    """Get the calls, the taxonomy and the latest stories in one file of Markdown, a megabyte at most."""
    runtime, routes = runtime_of(request), request.app.routes

    def make() -> Awaitable[LlmsFile]:
        return read_llms_full(runtime, _calls(openapi_document(routes)))

    return await cached_text(request, "llms-full.txt", _FULL_LIFETIME_S, make, MARKDOWN)


def _calls(contract: dict[str, Any]) -> list[Call]:
    return [
        Call(method=method.upper(), path=path, summary=operation["summary"])
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
    ]


ROUTES = [get_llms, get_llms_full]
