"""What comes with the package: the taxonomy, the explanations of problems, the contract and its page."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from api.rendering.documents import RenderedDocument, make_document
from api.rendering.forms import Form
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import JSON, SHIPPED, VARY, Answer, runtime_of, text_headers
from api.routes.http.response.link_headers import public_headers
from api.routes.http.response.prepared_responses import document_answer


def shipped_answer(
    request: HttpRequest,
    name: str,
    make: Callable[[], bytes],
    *,
    content_type: bytes = JSON,
    links: Iterable[str] = (),
    more: Iterable[tuple[bytes, bytes]] = (),
    vary: bytes = VARY,
    policy: bytes = SHIPPED,
    form: Form | None = None,
    forms: tuple[Form, ...] = (),
) -> Answer:
    """The bytes that `make` gives, made and compressed once a process, and unchanged since it began.

    `name` tells them apart; there must be no more names than there are things in the package. `links` are its
    own, beside those of all that is public; `form` and `forms` are as in `document_answer`.
    """
    document = shipped_document(request, name, make)
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


async def shipped_in_thread(
    request: HttpRequest, name: str, make: Callable[[], bytes], *, content_type: bytes = JSON
) -> Answer:
    """The same of what takes long to make: others are answered meanwhile."""
    state, runtime = request.app.state, runtime_of(request)

    async def made() -> None:
        document = partial(make_document, version=0, renderer="", last_modified=state.began)
        state.shipped[name] = await asyncio.to_thread(lambda: document(make()))

    if name not in state.shipped:
        await runtime.flights.fly(("shipped", name), made)
    return shipped_answer(request, name, make, content_type=content_type)


def shipped_document(request: HttpRequest, name: str, make: Callable[[], bytes]) -> RenderedDocument:
    """The same as a document."""
    state = request.app.state
    held: dict[str, RenderedDocument] = state.shipped
    if name not in held:
        held[name] = make_document(make(), version=0, renderer="", last_modified=state.began)
    return held[name]
