"""An object in the requested format, with links to its other formats."""

from datetime import datetime
from typing import Any

from api.rendering.documents import RenderedDocument
from api.rendering.forms import OBJECT_FORMS, Form
from api.routes.http.request.negotiation import VARY
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import OBJECT, Answer, body_answer, runtime_of, text_headers
from api.routes.http.response.link_headers import object_headers
from api.routes.http.response.prepared_responses import document_answer
from api.routes.http.response.sparse_fields import Shape, expanded, part_of, plain
from schemas.wire import encode_json


def object_answer(
    request: HttpRequest,
    kind: str,
    object_id: str | None,
    form: Form,
    document: RenderedDocument,
    *,
    policy: bytes = OBJECT,
    unchanging: bool = False,
) -> Answer:
    """A rendered document; `kind` is the collection, `object_id` None for the whole collection.

    `unchanging` as in `document_answer`.
    """
    more = _more(request, kind, object_id, form, document.body)
    return document_answer(
        request,
        document,
        policy,
        content_type=form.content_type,
        more=more,
        vary=VARY,
        form=form,
        forms=OBJECT_FORMS,
        unchanging=unchanging,
    )


def object_body_answer(
    request: HttpRequest,
    kind: str,
    object_id: str | None,
    form: Form,
    body: bytes,
    *,
    last_modified: datetime,
    policy: bytes = OBJECT,
    dated: bool = True,
) -> Answer:
    """A body made for this request; `dated` as in `body_answer`."""
    return body_answer(
        request,
        body,
        policy,
        last_modified=last_modified,
        dated=dated,
        content_type=form.content_type,
        more=_more(request, kind, object_id, form, body),
        vary=VARY,
    )


async def shaped_answer(
    request: HttpRequest,
    kind: str,
    object_id: str | None,
    shape: Shape | None,
    value: Any,
    *,
    last_modified: datetime,
    policy: bytes = OBJECT,
) -> Answer:
    """An object as JSON in the requested shape.

    If something is expanded, If-Modified-Since is ignored, because expansions change independently.
    """
    body = encode_json(value) if shape is None else await shaped_body(request, shape, value)
    dated = shape is None or not shape.expansions
    return object_body_answer(
        request,
        kind,
        object_id,
        Form.JSON,
        body,
        last_modified=last_modified,
        policy=policy,
        dated=dated,
    )


async def shaped_body(request: HttpRequest, shape: Shape, value: Any) -> bytes:
    """An object in the requested shape. Queries PostgreSQL only if something is expanded."""
    runtime, whole = runtime_of(request), plain(value)
    if shape.expansions:
        async with runtime.pool.connection() as connection:
            await expanded(connection, runtime, [whole], shape)
    return encode_json(part_of(whole, shape))


def _more(request: HttpRequest, kind: str, object_id: str | None, form: Form, body: bytes) -> Headers:
    headers = object_headers(runtime_of(request), kind, object_id, form)
    if query_string := request.scope[
        "query_string"
    ]:  # partial, shortened and past versions are not the resource at the bare URL
        headers = [
            (name, value + b"?" + query_string if name == b"content-location" else value)
            for name, value in headers
        ]
    return [*headers, *text_headers(form.content_type, body)]
