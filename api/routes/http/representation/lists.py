"""The one shape of list routes: a page of what is found, counted and shaped as the query asks."""

from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, Raw, Struct

from api.operations.stories.expand import Kind
from api.rendering.forms import JSON_ALONE, LIST_FORMS, Form
from api.routes.http.representation.pagination import page_answer, page_start
from api.routes.http.representation.tabular import table_answer
from api.routes.http.request.negotiation import form_of
from api.routes.http.request.query import PageQuery, refuse_parameter
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import LIST, Answer, runtime_of
from api.routes.http.response.sparse_fields import expanded, part_of, plain, read_shape
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from schemas.lists import TotalCount
from schemas.wire import encode_json

Find: TypeAlias = Callable[[Connection, Any, int], Awaitable[Sequence[Listed]]]

_KEY, _SHOWN, _CHANGED_AT = map(attrgetter, ("key", "shown", "changed_at"))
COUNTED: Final = 10_000  # the most that a total count says: beyond, counting costs more than the page


async def answer_list(
    request: HttpRequest,
    query: PageQuery,
    key: Any,
    find: Find,
    *,
    shown: type[Struct],
    kind: Kind | None = None,
    count: Callable[[Connection, int], Awaitable[int]] | None = None,
    tabled: bool = False,
    policy: bytes = LIST,
) -> Answer:
    """The page that the query asks for.

    `key` is the type of what orders the list. `find` gives at most so many objects after a key, or from the start
    on; `count` the number of all, up to a limit. `shown` is the struct of an object, `kind` what it is where it
    can be expanded; `tabled` lists are there as CSV and NDJSON too. Raises InvalidCursor, InvalidRequest, what
    `form_of` raises, and what `find` raises.
    """
    forms = LIST_FORMS if tabled else JSON_ALONE
    form = form_of(request.scope, forms)
    if form is not Form.JSON:
        return await _table(request, query, form, key, find, shown)
    shape = read_shape(query, shown, kind)
    after = page_start(request, query, key)
    runtime, total = runtime_of(request), None
    async with runtime.pool.connection() as connection:
        found = list(await find(connection, after, query.limit + 1))
        if count is not None and getattr(query, "include", UNSET) is not UNSET:
            number = await count(connection, COUNTED + 1)
            total = TotalCount(value=min(number, COUNTED), relation="gte" if number > COUNTED else "eq")
        if shape is not None:
            objects = [plain(item.shown) for item in found[: query.limit]]
            await expanded(connection, runtime, objects, shape)
            found[: query.limit] = [
                msgspec.structs.replace(item, shown=Raw(encode_json(part_of(value, shape))))
                for item, value in zip(found, objects, strict=False)
            ]
    return page_answer(
        request,
        query,
        found,
        key=_KEY,
        show=_SHOWN,
        changed_at=_CHANGED_AT,
        policy=policy,
        total=total,
        forms=forms,
    )


async def _table(
    request: HttpRequest, query: PageQuery, form: Form, key: Any, find: Find, shown: type[Struct]
) -> Answer:
    """The list as rows, each the whole of an object."""
    for name in ("fields", "expand", "include"):
        if getattr(query, name, UNSET) is not UNSET:
            raise refuse_parameter(name, "not_allowed", f"{name} goes with JSON, not with tables.")
    runtime = runtime_of(request)

    async def fetch(after: Any, limit: int) -> Sequence[Listed]:
        async with runtime.pool.connection() as connection:
            return await find(connection, after, limit)

    return await table_answer(request, query, form, fetch, key_type=key, row=shown, key=_KEY, show=_SHOWN)
