"""Entities: named things in stories."""

from typing import Annotated

from litestar.params import FromPath
from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import InvalidCursor, NotFound
from api.rendering.forms import JSON_ALONE
from api.routes.http.admission.operation import Operation, read
from api.routes.http.representation.lists import answer_list
from api.routes.http.representation.representations import shaped_body
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.query import FieldNames, ListQuery, Words, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import OBJECT, Answer, body_answer, runtime_of
from api.routes.http.response.sparse_fields import read_shape
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories import entities
from api.storage.stories.entities import EntityFilter
from schemas.entities import Entity
from schemas.enums import EntityType
from schemas.ids import EntityId, StoryId, is_id
from schemas.lists import Page
from schemas.wire import encode_json


class EntityQuery(ListQuery, kw_only=True, frozen=True):
    """Filters of the entity list."""

    type: EntityType | UnsetType = UNSET
    q: Annotated[Words, Meta(description="Part of the name; may be misspelt.")] | UnsetType = UNSET
    story: Annotated[StoryId, Meta(description="Id of a story that names the entity.")] | UnsetType = UNSET


@read(
    "/entities",
    Operation(
        id="listEntities",
        tag="entities",
        answer=Page[Entity],
        query=EntityQuery,
        errors=(InvalidCursor,),
        forms=JSON_ALONE,
    ),
)
async def list_entities(request: HttpRequest) -> Answer:
    """List entities, oldest first."""
    query, base_url = read_query(request, EntityQuery), runtime_of(request).base_url
    where = EntityFilter(**query.filters())

    async def find(connection: Connection, after: str | None, limit: int) -> list[Listed]:
        return await entities.list_entities(connection, where, base_url, after=after, limit=limit)

    async def count(connection: Connection, limit: int) -> int:
        return await entities.count_entities(connection, where, limit)

    return await answer_list(request, query, EntityId, find, item_type=Entity, count=count)


class EntityParameters(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Representation of an entity."""

    fields: Annotated[FieldNames, Meta(examples=["id,name"])] | UnsetType = UNSET


@read(
    "/entities/{entity:str}",
    Operation(id="getEntity", tag="entities", answer=Entity, query=EntityParameters, errors=(NotFound,)),
)
async def get_entity(request: HttpRequest, entity: FromPath[str]) -> Answer:
    """Get an entity by its id."""
    shape = read_shape(read_query(request, EntityParameters), Entity, None)
    runtime, found = runtime_of(request), None
    if is_id("ent", entity):
        async with runtime.pool.connection() as connection:
            found = await entities.get_entity(connection, entity, runtime.base_url)
    if found is None:
        raise NotFound("There is no such entity.")
    body = encode_json(found) if shape is None else await shaped_body(request, shape, found)
    return body_answer(request, body, OBJECT, last_modified=found.created_at, more=described_headers(request))


ROUTES = [list_entities, get_entity]
