"""Lists as CSV and NDJSON: the whole list, streamed.

Rows are read 200 at a time with the list's own cursor, and no connection is held while the client reads. There
is no ETag, because it would only be known at the end.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs

from litestar.types import Receive, Send
from msgspec import Struct

from api.rendering.forms import LIST_FORMS, Form
from api.rendering.tables import csv_head, csv_rows
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.limits import Limits
from api.routes.http.representation.pagination import alternates, page_start
from api.routes.http.request.content_encoding import coding_header, coding_of, packed_parts
from api.routes.http.request.negotiation import VARY
from api.routes.http.request.query import PageQuery
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import LIST, PRIVATE, Answer, runtime_of
from api.routes.http.response.link_headers import public_headers
from schemas.wire import encode_json

T = TypeVar("T")
K = TypeVar("K")

_BATCH: Final = 200  # rows per query; no connection is held between batches


class Stream(Answer):
    """A response sent and compressed in parts, at the client's pace."""

    __slots__ = ("_limits", "_parts")

    def __init__(self, headers: Headers, parts: AsyncIterator[bytes], limits: Limits) -> None:
        super().__init__(200, headers)
        self._parts = parts
        self._limits = limits

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        with self._limits.long_response(caller_of(scope)):
            coding = coding_of(scope, None)
            headers = [*self.headers, *coding_header(coding)]
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            if scope["method"] != "HEAD":
                async for part in packed_parts(self._parts, coding):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def table_answer(
    request: HttpRequest,
    query: PageQuery,
    form: Form,
    fetch: Callable[[K | None, int], Awaitable[Sequence[T]]],
    *,
    key_type: type[K],
    row: type[Struct],
    key: Callable[[T], Any],
    show: Callable[[T], Any],
) -> Answer:
    """The list as CSV or NDJSON, complete or up to the requested number of rows.

    `fetch` returns a number of objects after a key; `row` is the struct that `show` returns or encodes;
    otherwise as `page_answer`.
    """
    after = page_start(request, query, key_type)
    limited = "limit" in parse_qs(request.scope["query_string"].decode("ascii"))
    # read before the response starts, so that errors become problem documents
    first = await fetch(after, min(_BATCH, query.limit) if limited else _BATCH)
    limits: Limits = request.app.state.limits

    async def fetch_more(key: K | None, count: int) -> Sequence[T]:
        await limits.charge_part(caller_of(request.scope))  # a batch costs as much as a page
        return await fetch(key, count)

    rows = _rows(first, fetch_more, key, query.limit if limited else None)
    parts = (_encoded(form, row, [encode_json(show(item)) for item in batch]) async for batch in rows)
    runtime = runtime_of(request)
    headers = [
        (b"content-type", form.content_type),
        (b"cache-control", LIST if runtime.settings.public_reads else PRIVATE),
        (b"vary", VARY),
        *public_headers(runtime, *alternates(request, query, LIST_FORMS, form)),
    ]
    return Stream(headers, _with_head(csv_head(row) if form is Form.CSV else b"", parts), limits)


async def _rows(
    batch: Sequence[T],
    fetch: Callable[[K | None, int], Awaitable[Sequence[T]]],
    key: Callable[[T], Any],
    remaining: int | None,
) -> AsyncIterator[Sequence[T]]:
    """All batches, each starting after the previous one."""
    while batch:
        yield batch
        if remaining is not None:
            remaining -= len(batch)
        count = _BATCH if remaining is None else min(_BATCH, remaining)
        batch = await fetch(key(batch[-1]), count) if count and len(batch) == _BATCH else []


def _encoded(form: Form, row: type[Struct], objects: list[bytes]) -> bytes:
    if form is Form.CSV:
        return csv_rows(row, objects)
    return b"".join(body + b"\n" for body in objects)


async def _with_head(head: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if head:
        yield head
    async for part in parts:
        yield part
