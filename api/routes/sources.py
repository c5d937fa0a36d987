"""Sources: the publishers whose stories are judged."""

from litestar.params import FromPath
from msgspec import UNSET, UnsetType

from api.errors import Conflict, Forbidden, InvalidCursor, NotFound, Unauthorized
from api.operations.correct_source import NO_SOURCE, correct_source
from api.routes.answers import OBJECT, Answer, HttpRequest, body_answer, private_answer, runtime_of
from api.routes.authentication import origin_of
from api.routes.bodies import read_body
from api.routes.idempotency import once
from api.routes.operation import NoParameters, Operation, read, write
from api.routes.pages import page_answer, page_start
from api.routes.query import PageQuery, read_query
from api.storage import sources
from api.storage.pool import Connection
from schemas.enums import SourceType
from schemas.ids import SourceId
from schemas.keys import Scope
from schemas.lists import Page
from schemas.sources import Source, SourceCorrection
from schemas.wire import encode_json


class SourceQuery(PageQuery, kw_only=True, frozen=True):
    """Which sources to list, in the order in which they became known."""

    type: SourceType | UnsetType = UNSET


@read(
    "/sources",
    Operation(
        id="listSources", tag="sources", answer=Page[Source], query=SourceQuery, errors=(InvalidCursor,)
    ),
)
async def list_sources(request: HttpRequest) -> Answer:
    """List sources, the oldest first."""
    query = read_query(request, SourceQuery)
    after = page_start(request, query, SourceId)
    async with runtime_of(request).pool.connection() as connection:
        found = await sources.list_sources(
            connection,
            source_type=None if query.type is UNSET else query.type,
            after_id=after,
            limit=query.limit + 1,
        )
    return page_answer(
        request,
        query,
        found,
        key=lambda source: source.id,
        show=lambda source: source,
        changed_at=lambda source: source.updated_at,
    )


@read("/sources/{source:str}", Operation(id="getSource", tag="sources", answer=Source, errors=(NotFound,)))
async def get_source(request: HttpRequest, source: FromPath[str]) -> Answer:
    """Get a source by its id or slug."""
    read_query(request, NoParameters)
    async with runtime_of(request).pool.connection() as connection:
        found = await sources.get_source(connection, source)
    if found is None:
        raise NotFound(NO_SOURCE)
    return body_answer(request, encode_json(found), OBJECT, last_modified=found.updated_at)


@write(
    "/sources/{source:str}/correct",
    Operation(
        id="correctSource",
        tag="sources",
        answer=Source,
        body=SourceCorrection,
        examples={"its type": {"type": "press_release"}, "who owns it": {"ownership": "Brightwater Holding"}},
        scope=Scope.ADMIN,
        errors=(Unauthorized, Forbidden, NotFound, Conflict),
    ),
)
async def post_correction(request: HttpRequest, source: FromPath[str]) -> Answer:
    """Correct a source, by its id or slug: name, type, domains, ownership.

    Its stories show the new facts when they are next rendered, within about a minute. Verdicts stay as they are;
    one that should know of the correction comes with `POST /v1/stories/{story}/rescore`.
    """
    read_query(request, NoParameters)
    correction = await read_body(request, SourceCorrection)
    clock = runtime_of(request).clock

    async def correct(connection: Connection) -> Source:
        return await correct_source(connection, clock, source, correction, origin=origin_of(request))

    return (await once(request, correction, correct, lambda corrected: private_answer(200, corrected))).answer


ROUTES = [list_sources, get_source, post_correction]
