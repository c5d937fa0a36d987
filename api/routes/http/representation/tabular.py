"""Lists as tables: all of one as rows, which are sent while they are read.

CSV and NDJSON give the whole list: they are for programs that want all of it, pages are for the others. Rows
are read two hundred at a time by the list's own cursor, and no connection is held while the client takes them.
The answer has no ETag, which would be known only at its end.
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

_BATCH: Final = 200  # rows that are read at a time; between two batches no connection is held


class Stream(Answer):
    """An answer whose body is sent part by part, coded part by part; the client's pace is ours."""

    __slots__ = ("_limits", "_parts")

    def __init__(self, headers: Headers, parts: AsyncIterator[bytes], limits: Limits) -> None:
        super().__init__(200, headers)
        self._parts = parts
        self._limits = limits

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        with self._limits.at_readers_pace(caller_of(scope)):
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
    """The list as CSV or NDJSON, to its end or for as many rows as the client says.

    `fetch` gives at most so many objects after a key, `row` is the struct that `show` gives or encodes; the rest
    is as in `page_answer`.
    """
    after = page_start(request, query, key_type)
    limited = "limit" in parse_qs(request.scope["query_string"].decode("ascii"))
    # the first batch is read before the answer begins, so that what goes wrong there is a problem document
    first = await fetch(after, min(_BATCH, query.limit) if limited else _BATCH)
    limits: Limits = request.app.state.limits

    async def fetch_more(key: K | None, count: int) -> Sequence[T]:
        await limits.pay_for_more(caller_of(request.scope))  # a batch is as dear as a page
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
    return Stream(headers, _headed(csv_head(row) if form is Form.CSV else b"", parts), limits)


async def _rows(
    batch: Sequence[T],
    fetch: Callable[[K | None, int], Awaitable[Sequence[T]]],
    key: Callable[[T], Any],
    left: int | None,
) -> AsyncIterator[Sequence[T]]:
    """Batch after batch, each after the last object of the one before."""
    while batch:
        yield batch
        if left is not None:
            left -= len(batch)
        wanted = _BATCH if left is None else min(_BATCH, left)
        batch = await fetch(key(batch[-1]), wanted) if wanted and len(batch) == _BATCH else []


def _encoded(form: Form, row: type[Struct], objects: list[bytes]) -> bytes:
    if form is Form.CSV:
        return csv_rows(row, objects)
    return b"".join(body + b"\n" for body in objects)


async def _headed(head: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if head:
        yield head
    async for part in parts:
        yield part
