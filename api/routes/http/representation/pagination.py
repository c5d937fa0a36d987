"""Pages of lists: envelope, cursor and links."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import UNSET

from api.rendering.forms import JSON_ALONE, Form
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.cursors import Cursors
from api.routes.http.request.negotiation import VARY as NEGOTIATED
from api.routes.http.request.negotiation import form_of
from api.routes.http.request.query import SHAPING, PageQuery
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import LIST, PRIVATE, VARY, Answer, body_answer, runtime_of
from api.routes.http.response.link_headers import link
from schemas.lists import Page, TotalCount
from schemas.wire import encode_json

T = TypeVar("T")
K = TypeVar("K")


def page_start(request: HttpRequest, query: PageQuery, key: type[K]) -> K | None:
    """The key after which the page begins; None for the first page. Raises InvalidCursor."""
    if query.cursor is UNSET:
        return None
    cursors: Cursors = request.app.state.cursors
    return cursors.open(query.cursor, _path(request), _filters(query), key)


def next_cursor(
    request: HttpRequest, query: PageQuery, found: Sequence[T], *, key: Callable[[T], Any]
) -> str | None:
    """The cursor after the page's last object; None if `found` has no more than the page."""
    if len(found) <= query.limit:
        return None
    cursors: Cursors = request.app.state.cursors
    return cursors.seal(_path(request), _filters(query), key(found[query.limit - 1]))


def page_answer(
    request: HttpRequest,
    query: PageQuery,
    found: Sequence[T],
    *,
    key: Callable[[T], Any],
    show: Callable[[T], Any],
    changed_at: Callable[[T], datetime],
    policy: bytes = LIST,
    forms: tuple[Form, ...] = JSON_ALONE,
    total: TotalCount | None = None,
) -> Answer:
    """A page of `found`, which has one object more than `limit` if there are more.

    `key` returns the sort key, `show` the served object (a struct or `msgspec.Raw`), `changed_at` its last
    change; `policy` is the Cache-Control value, `forms` are the list's formats, `total` the requested count.
    Raises NotAcceptable if the list is public and the client accepts none of them.
    """
    private = policy == PRIVATE
    if not private:
        form_of(request.scope, forms)
    shown = found[: query.limit]
    following = next_cursor(request, query, found, key=key)
    page = Page(
        url=_path(request),
        data=[show(item) for item in shown],
        has_more=following is not None,
        next_cursor=following,
        total_count=total,
    )
    return body_answer(
        request,
        encode_json(page),
        policy,
        last_modified=max(map(changed_at, shown), default=None),
        dated=False,
        more=_more(request, query, following, forms, private=private),
        vary=VARY if private else NEGOTIATED,
    )


def alternates(request: HttpRequest, query: PageQuery, forms: Sequence[Form], shown: Form) -> list[str]:
    """Links to the list's other formats, with all filters."""
    here, filters = runtime_of(request).base_url + _path(request), urlencode(_filters(query))
    return [
        link(f"{here}.{form}{'?' if filters else ''}{filters}", "alternate", form.media_type)
        for form in forms
        if form is not shown
    ]


def _more(
    request: HttpRequest, query: PageQuery, following: str | None, forms: Sequence[Form], *, private: bool
) -> Headers:
    """Links to further pages and other formats, absolute and with all filters."""
    runtime = runtime_of(request)
    here, first = runtime.base_url + _path(request), query.with_cursor(None)
    links = [link(f"{here}?{first}" if first else here, "first")]
    if following:  # cursors need no URL escaping
        links.insert(0, link(f"{here}?{first}{'&' if first else ''}cursor={following}", "next"))
    if private:
        return [(b"link", ", ".join(links).encode())]
    return described_headers(request, *links, *alternates(request, query, forms, Form.JSON))


def _path(request: HttpRequest) -> str:
    path: str = request.scope["path"]
    return path


def _filters(query: PageQuery) -> dict[str, object]:
    """The filters and order that a cursor is bound to."""
    parameters: dict[str, object] = msgspec.to_builtins(query)
    return {name: value for name, value in parameters.items() if name not in SHAPING}
