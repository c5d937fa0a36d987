"""Sources: the publishers whose stories are judged."""

from litestar.params import FromPath
from msgspec import UNSET, UnsetType

from api.errors import InvalidCursor, NotFound
from api.routes.answers import OBJECT, Answer, HttpRequest, body_answer, runtime_of
from api.routes.operation import NoParameters, Operation, read
from api.routes.pages import page_answer, page_start
from api.routes.query import PageQuery, read_query
from api.storage import sources
from schemas.enums import SourceType
from schemas.ids import SourceId
from schemas.lists import Page
from schemas.sources import Source
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
        raise NotFound("There is no such source.")
    return body_answer(request, encode_json(found), OBJECT, last_modified=found.updated_at)


ROUTES = [list_sources, get_source]
