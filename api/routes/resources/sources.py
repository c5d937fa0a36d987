"""Sources: the publishers of stories."""

from typing import Annotated

from litestar.params import FromPath
from msgspec import UNSET, Meta, Raw, UnsetType

from api.errors import Conflict, Forbidden, InvalidCursor, NotFound, Unauthorized
from api.operations.stories.correct_source import correct_source
from api.operations.stories.read_source import read_source
from api.rendering.forms import LIST_FORMS, OBJECT_FORMS
from api.routes.http.admission.authentication import origin_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.representation.lists import answer_list
from api.routes.http.representation.representations import object_body_answer, shaped_answer
from api.routes.http.request.bodies import read_body
from api.routes.http.request.negotiation import form_of
from api.routes.http.request.object_parameters import ObjectQuery, read_object_query
from api.routes.http.request.query import FieldNames, ListQuery, Words, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import LIST, OBJECT, Answer, private_answer, runtime_of
from api.routes.http.response.sparse_fields import read_shape
from api.runtime.broadcast_invalidation import announce
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories import sources
from api.storage.stories.sources import SourceFilter
from schemas.enums import SourceType
from schemas.ids import SourceId
from schemas.keys import Scope
from schemas.lists import Page
from schemas.sources import Source, SourceCorrection


class SourceQuery(ListQuery, kw_only=True, frozen=True):
    """Filters of the source list."""

    type: SourceType | UnsetType = UNSET
    q: Annotated[Words, Meta(description="Part of the name; may be misspelt.")] | UnsetType = UNSET


@read(
    "/sources",
    Operation(
        id="listSources",
        tag="sources",
        answer=Page[Source],
        query=SourceQuery,
        errors=(InvalidCursor,),
        forms=LIST_FORMS,
    ),
)
async def list_sources(request: HttpRequest) -> Answer:
    """List sources, oldest first."""
    query = read_query(request, SourceQuery)
    where = SourceFilter(**query.filters())

    async def find(connection: Connection, after: str | None, limit: int) -> list[Listed]:
        return await sources.list_sources(connection, where, after=after, limit=limit)

    async def count(connection: Connection, limit: int) -> int:
        return await sources.count_sources(connection, where, limit)

    return await answer_list(request, query, SourceId, find, item_type=Source, count=count, tabled=True)


class SourceParameters(ObjectQuery, kw_only=True, frozen=True):
    """Representation of a source."""

    fields: Annotated[FieldNames, Meta(examples=["id,name,type"])] | UnsetType = UNSET


@read(
    "/sources/{source:str}",
    Operation(
        id="getSource",
        tag="sources",
        answer=Source,
        query=SourceParameters,
        errors=(NotFound,),
        forms=OBJECT_FORMS,
    ),
)
async def get_source(request: HttpRequest, source: FromPath[str]) -> Answer:
    """Get a source by its id or slug."""
    runtime, form = runtime_of(request), form_of(request.scope, OBJECT_FORMS)
    parameters = read_object_query(request, form, SourceParameters)
    shape = read_shape(parameters, Source, None)
    found = await read_source(runtime, source, form, budget=parameters.tokens)
    if shape is not None:
        return await shaped_answer(
            request, "sources", found.id, shape, Raw(found.body), last_modified=found.changed_at
        )
    return object_body_answer(
        request,
        "sources",
        found.id,
        form,
        found.body,
        last_modified=found.changed_at,
        policy=LIST if found.lists_stories else OBJECT,
        dated=not found.lists_stories,
    )


@write(
    "/sources/{source:str}/correct",
    Operation(
        id="correctSource",
        tag="sources",
        answer=Source,
        body=SourceCorrection,
        examples={
            "its type": {"type": "press_release"},
            "who owns it": {"ownership": "Brightwater Holding"},
            "no language model may read its texts": {"model_use": "never"},
        },
        scope=Scope.ADMIN,
        errors=(Unauthorized, Forbidden, NotFound, Conflict),
    ),
)
async def post_correction(request: HttpRequest, source: FromPath[str]) -> Answer:
    """Correct a source's name, type, domains, ownership or use by language models, by id or slug.

    Its stories show the correction everywhere within two seconds. Verdicts stay unchanged; use `POST
    /v1/stories/{story}/rescore` to make new ones.
    """
    read_query(request, NoParameters)
    correction = await read_body(request, SourceCorrection)
    runtime = runtime_of(request)

    async def correct(connection: Connection) -> Source:
        return await correct_source(connection, runtime.clock, source, correction, origin=origin_of(request))

    done = await once(request, correction, correct, lambda corrected: private_answer(200, corrected))
    if done.value is not None:
        await announce(runtime)
    return done.answer


ROUTES = [list_sources, get_source, post_correction]
