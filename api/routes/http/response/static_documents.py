"""Answers from the contents of the package: taxonomy, problem explanations, OpenAPI document, assets."""

import asyncio
from collections.abc import Callable, Iterable

from api.cache.response_cache import Built
from api.rendering.documents import RenderedDocument, make_document
from api.rendering.forms import Form
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import JSON, STATIC, VARY, Answer, runtime_of, text_headers
from api.routes.http.response.link_headers import public_headers
from api.routes.http.response.prepared_responses import document_answer


def static_answer(
    request: HttpRequest,
    name: str,
    make: Callable[[], bytes],
    *,
    content_type: bytes = JSON,
    links: Iterable[str] = (),
    more: Iterable[tuple[bytes, bytes]] = (),
    vary: bytes = VARY,
    policy: bytes = STATIC,
    form: Form | None = None,
    forms: tuple[Form, ...] = (),
) -> Answer:
    """The bytes of `make`, built and compressed once a process.

    `name` identifies them; the number of names must be bounded by the package. `links` are added to those of
    every public answer; `form` and `forms` as in `document_answer`.
    """
    document = static_document(request, name, make)
    own = [*more, *text_headers(content_type, document.body)]
    return document_answer(
        request,
        document,
        policy,
        content_type=content_type,
        more=[*public_headers(runtime_of(request), *links), *own],
        vary=vary,
        form=form,
        forms=forms,
        unchanging=True,
    )


async def static_answer_in_thread(
    request: HttpRequest, name: str, make: Callable[[], bytes], *, content_type: bytes = JSON
) -> Answer:
    """`static_answer` for bytes that take long to build: built in a thread, which does not block the loop."""

    async def build() -> Built[RenderedDocument]:
        return _built(await asyncio.to_thread(_document, request, make))

    await runtime_of(request).static.get_or_build(name, build)
    return static_answer(request, name, make, content_type=content_type)


def static_document(request: HttpRequest, name: str, make: Callable[[], bytes]) -> RenderedDocument:
    """The bytes of `make` as a document, built once a process."""
    static = runtime_of(request).static
    document = static.get(name)
    if document is None:
        document, size, _ = _built(_document(request, make))
        static.put(name, document, size)
    return document


def _document(request: HttpRequest, make: Callable[[], bytes]) -> RenderedDocument:
    return make_document(make(), version=0, renderer="", last_modified=request.app.state.began)


def _built(document: RenderedDocument) -> Built[RenderedDocument]:
    return Built(document, len(document.body) + len(document.body_gzip) + len(document.body_br))
