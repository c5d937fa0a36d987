"""Claims: the checkable sentences of stories."""

from datetime import datetime
from typing import Annotated

from litestar.params import FromPath
from msgspec import UNSET, Meta, Raw, UnsetType
from msgspec.structs import replace

from api.errors import Gone, InvalidCursor, NotFound
from api.operations.stories.read_claim import read_claim
from api.operations.stories.story_lists import check_words, known_source
from api.rendering.forms import LIST_FORMS, OBJECT_FORMS
from api.routes.http.admission.operation import Operation, read
from api.routes.http.representation.lists import answer_list
from api.routes.http.representation.representations import object_body_answer, shaped_answer
from api.routes.http.request.negotiation import form_of
from api.routes.http.request.object_parameters import LinkedQuery, read_object_query
from api.routes.http.request.query import Expansions, FieldNames, ListQuery, Words, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.sparse_fields import read_shape
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories import claims
from api.storage.stories.claims import ClaimFilter
from schemas.claims import Claim, SingleClaim
from schemas.enums import ClaimKind, ClaimSupport, HappeningKind, Risk, Verification
from schemas.ids import ClaimId, StoryId
from schemas.lists import Page

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Key = tuple[datetime, ClaimId]  # listed_at, id


class ClaimQuery(ListQuery, kw_only=True, frozen=True):
    """Filters of the claim list."""

    kind: ClaimKind | UnsetType = UNSET
    support: ClaimSupport | UnsetType = UNSET
    verification: Verification | UnsetType = UNSET
    risk: Risk | UnsetType = UNSET
    happening: (
        Annotated[HappeningKind, Meta(description="Kind of the event in the story's news.")] | UnsetType
    ) = UNSET
    source: Annotated[Name, Meta(description="Id, slug or domain of a source.")] | UnsetType = UNSET
    story: Annotated[StoryId, Meta(description="Id of a story.")] | UnsetType = UNSET
    q: (
        Annotated[Words, Meta(description='Words in the claim; supports `"..."`, `or` and `-`.')] | UnsetType
    ) = UNSET
    expand: Annotated[Expansions, Meta(examples=["story,source"])] | UnsetType = UNSET


@read(
    "/claims",
    Operation(
        id="listClaims",
        tag="claims",
        answer=Page[Claim],
        query=ClaimQuery,
        errors=(InvalidCursor,),
        forms=LIST_FORMS,
    ),
)
async def list_claims(request: HttpRequest) -> Answer:
    """List the current claims of all stories, newest story first."""
    query = read_query(request, ClaimQuery)
    where = ClaimFilter(**query.filters())

    async def filters(connection: Connection) -> ClaimFilter:
        return replace(where, source=await known_source(connection, where.source))

    async def find(connection: Connection, after: Key | None, limit: int) -> list[Listed]:
        found = await claims.list_claims(connection, await filters(connection), after=after, limit=limit)
        if not found:
            await check_words(connection, where.q)
        return found

    async def count(connection: Connection, limit: int) -> int:
        return await claims.count_claims(connection, await filters(connection), limit)

    return await answer_list(
        request, query, Key, find, item_type=Claim, kind="claim", count=count, tabled=True
    )


class ClaimParameters(LinkedQuery, kw_only=True, frozen=True):
    """Representation of a claim."""

    fields: Annotated[FieldNames, Meta(examples=["id,text,verification"])] | UnsetType = UNSET
    expand: Annotated[Expansions, Meta(examples=["story,source"])] | UnsetType = UNSET


@read(
    "/claims/{claim:str}",
    Operation(
        id="getClaim",
        tag="claims",
        answer=SingleClaim,
        query=ClaimParameters,
        errors=(NotFound, Gone),
        forms=OBJECT_FORMS,
    ),
)
async def get_claim(request: HttpRequest, claim: FromPath[str]) -> Answer:
    """Get one claim.

    Its id is stable while its sentence stays in the story; `verdict_id` names its version. A claim that the
    current verdict no longer contains is still available; `superseded_by` names that verdict.
    """
    form = form_of(request.scope, OBJECT_FORMS)
    parameters = read_object_query(request, form, ClaimParameters)
    shape = read_shape(parameters, SingleClaim, "claim")
    found = await read_claim(runtime_of(request), claim, form, budget=parameters.tokens)
    if shape is not None:
        return await shaped_answer(
            request, "claims", claim, shape, Raw(found.body), last_modified=found.changed_at
        )
    return object_body_answer(request, "claims", claim, form, found.body, last_modified=found.changed_at)


ROUTES = [list_claims, get_claim]
