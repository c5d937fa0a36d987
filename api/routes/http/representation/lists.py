"""The common implementation of list routes: paging, counting, formats and shapes."""

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
from api.routes.http.request.query import PageQuery
from api.routes.http.request.types import HttpRequest
from api.routes.http.request.validation_errors import refuse_parameter
from api.routes.http.response.answers import LIST, Answer, runtime_of
from api.routes.http.response.sparse_fields import expanded, part_of, plain, read_shape
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from schemas.lists import TotalCount
from schemas.wire import encode_json

Find: TypeAlias = Callable[[Connection, Any, int], Awaitable[Sequence[Listed]]]

_KEY, _SHOWN, _CHANGED_AT = map(attrgetter, ("key", "shown", "changed_at"))
COUNTED: Final = 10_000  # beyond this, counting costs more than the page


async def answer_list(
    request: HttpRequest,
    query: PageQuery,
    key: Any,
    find: Find,
    *,
    item_type: type[Struct],
    kind: Kind | None = None,
    count: Callable[[Connection, int], Awaitable[int]] | None = None,
    tabled: bool = False,
    policy: bytes = LIST,
) -> Answer:
    """The page requested by the query.

    `key` is the type of the sort key. `find` returns a number of objects after a key or from the start; `count`
    counts all up to a limit. `item_type` is the struct of an object, `kind` its kind for expansions; `tabled`
    lists are also available as CSV and NDJSON. Raises InvalidCursor, InvalidRequest, and the errors of `form_of`
    and `find`.
    """
    forms = LIST_FORMS if tabled else JSON_ALONE
    form = form_of(request.scope, forms)
    if form is not Form.JSON:
        return await _table(request, query, form, key, find, item_type)
    shape = read_shape(query, item_type, kind)
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
    request: HttpRequest, query: PageQuery, form: Form, key: Any, find: Find, item_type: type[Struct]
) -> Answer:
    """The list as rows of complete objects."""
    for name in ("fields", "expand", "include"):
        if getattr(query, name, UNSET) is not UNSET:
            raise refuse_parameter(name, "not_allowed", f"{name} is only supported for JSON.")
    runtime = runtime_of(request)

    async def fetch(after: Any, limit: int) -> Sequence[Listed]:
        async with runtime.pool.connection() as connection:
            return await find(connection, after, limit)

    return await table_answer(request, query, form, fetch, key_type=key, row=item_type, key=_KEY, show=_SHOWN)
