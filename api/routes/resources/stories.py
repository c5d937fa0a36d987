"""Stories: analysed articles, with their current verdicts."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from litestar.params import FromPath
from msgspec import UNSET, Meta, Raw, UnsetType
from msgspec.structs import replace

from api.errors import Conflict, Forbidden, Gone, InvalidCursor, NotFound, Unauthorized
from api.operations.analyses.cite_story import cite_story as make_citation
from api.operations.analyses.rescore_story import rescore_story
from api.operations.stories.list_verdicts import list_story_verdicts as versions_of
from api.operations.stories.read_as_of import read_past_story
from api.operations.stories.read_document import read_story
from api.operations.stories.resolve_story import resolve_story
from api.operations.stories.story_lists import known_source, list_or_search
from api.operations.stories.truncate_markdown import digest_story
from api.rendering.forms import JSON_ALONE, LIST_FORMS, OBJECT_FORMS
from api.routes.http.admission.authentication import holder_of, origin_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.representation.lists import answer_list
from api.routes.http.representation.representations import object_answer, object_body_answer, shaped_answer
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.bodies import read_no_body
from api.routes.http.request.negotiation import form_of
from api.routes.http.request.object_parameters import PastQuery, read_object_query
from api.routes.http.request.query import (
    Expansions,
    FieldNames,
    ListQuery,
    Words,
    read_query,
)
from api.routes.http.request.taxonomy_filters import VERTICAL, check_codes
from api.routes.http.request.type_descriptions import LANGUAGE
from api.routes.http.request.types import HttpRequest
from api.routes.http.request.validation_errors import refuse_parameter
from api.routes.http.response.answers import OBJECT, Answer, body_answer, private_answer, runtime_of
from api.routes.http.response.sparse_fields import read_shape
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories import claims
from api.storage.stories.story_lists import StoryFilter, count_stories
from schemas.analyses import Analysis
from schemas.citations import Citation
from schemas.claims import Claim
from schemas.enums import (
    Band,
    EvidenceStrength,
    HappeningKind,
    SourceType,
    SpinType,
    Stance,
    StorySort,
    StoryStatus,
)
from schemas.ids import EntityId, StoryId
from schemas.keys import Scope
from schemas.lists import Page
from schemas.stories import Story, StoryRow
from schemas.times import Time
from schemas.verdicts import Verdict
from schemas.wire import encode_json

Score = Annotated[int, Meta(ge=0, le=100)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]

# The cursor of each order: the sort value and the id of the last story.
KEYS: Final[dict[StorySort, Any]] = {
    StorySort.PUBLISHED_AT: tuple[datetime, StoryId],
    StorySort.SCORE: tuple[Score, StoryId],
    StorySort.CREATED_AT: tuple[datetime, StoryId],
    StorySort.UPDATED_AT: tuple[datetime, StoryId],
    StorySort.RELEVANCE: tuple[float, StoryId],
}


class StoryQuery(ListQuery, kw_only=True, frozen=True):
    """Filters and order of a story list."""

    sort: (
        Annotated[
            StorySort,
            Meta(description="Default: newest first, or best match first with `q`. `score`: highest first."),
        ]
        | UnsetType
    ) = UNSET
    q: (
        Annotated[
            Words,
            Meta(
                description=(
                    'Words in title, deck, summary, keywords, claims or names; supports `"..."`, `or` and `-`. '
                    "Names may be misspelt. Only the newest 1,000 matches are ranked."
                )
            ),
        ]
        | UnsetType
    ) = UNSET
    fields: Annotated[FieldNames, Meta(examples=["id,title,score,source.name"])] | UnsetType = UNSET
    expand: Annotated[Expansions, Meta(examples=["source,claims"])] | UnsetType = UNSET
    status: Annotated[
        Literal["scored", "not_scorable"],
        Meta(description="Stories without a score are listed only with `not_scorable`."),
    ] = "scored"
    source: Annotated[Name, Meta(description="Id, slug or domain of a source.")] | UnsetType = UNSET
    source_type: SourceType | UnsetType = UNSET
    vertical: Annotated[Name, Meta(description=VERTICAL)] | UnsetType = UNSET
    spin_type: Annotated[SpinType, Meta(description="Primary type.")] | UnsetType = UNSET
    tactic: Annotated[Name, Meta(description="Code of a tactic, see /v1/taxonomy.")] | UnsetType = UNSET
    min_score: Annotated[Score, Meta(description="Minimum score.")] | UnsetType = UNSET
    max_score: Annotated[Score, Meta(description="Maximum score.")] | UnsetType = UNSET
    band: Band | UnsetType = UNSET
    stance: Stance | UnsetType = UNSET
    evidence_strength: EvidenceStrength | UnsetType = UNSET
    happening: Annotated[HappeningKind, Meta(description="Kind of the event in the news.")] | UnsetType = (
        UNSET
    )
    lang: Annotated[str, Meta(pattern=LANGUAGE, description="ISO 639-1 code.")] | UnsetType = UNSET
    published_after: (
        Annotated[Time, Meta(description="Publication time; if unknown, the time of the first fetch.")]
        | UnsetType
    ) = UNSET
    published_before: Annotated[Time, Meta(description="See `published_after`.")] | UnsetType = UNSET
    entity: Annotated[EntityId, Meta(description="Id of an entity in the story.")] | UnsetType = UNSET

    def order(self) -> StorySort:
        """The requested order. Raises InvalidRequest if it does not apply to these stories."""
        if self.sort is UNSET:
            return StorySort.PUBLISHED_AT if self.q is UNSET else StorySort.RELEVANCE
        if self.sort is StorySort.RELEVANCE and self.q is UNSET:
            raise refuse_parameter("sort", "not_allowed", "Sorting by relevance requires a search (q).")
        if self.sort is StorySort.SCORE and self.status != "scored":
            raise refuse_parameter("sort", "not_allowed", "Sorting by score requires scored stories.")
        return self.sort


@read(
    "/stories",
    Operation(
        id="listStories",
        tag="stories",
        answer=Page[StoryRow],
        query=StoryQuery,
        errors=(InvalidCursor,),
        forms=LIST_FORMS,
    ),
)
async def list_stories(request: HttpRequest) -> Answer:
    """List stories, newest first by default."""
    query, runtime = read_query(request, StoryQuery), runtime_of(request)
    sort = query.order()
    check_codes(query, runtime.taxonomy)
    where = StoryFilter(**query.filters() | {"status": StoryStatus(query.status)})

    async def filters(connection: Connection) -> StoryFilter:
        return replace(where, source=await known_source(connection, where.source))

    async def find(connection: Connection, after: Any, limit: int) -> list[Listed]:
        return await list_or_search(connection, await filters(connection), sort, after=after, limit=limit)

    async def count(connection: Connection, limit: int) -> int:
        return await count_stories(connection, await filters(connection), limit)

    return await answer_list(
        request, query, KEYS[sort], find, item_type=StoryRow, kind="story", count=count, tabled=True
    )


class StoryParameters(PastQuery, kw_only=True, frozen=True):
    """Representation of a story."""

    fields: Annotated[FieldNames, Meta(examples=["id,title,verdict.spin.score"])] | UnsetType = UNSET
    expand: Annotated[Expansions, Meta(examples=["source,entities"])] | UnsetType = UNSET


@read(
    "/stories/{story:str}",
    Operation(
        id="getStory",
        tag="stories",
        answer=Story,
        query=StoryParameters,
        errors=(NotFound, Gone),
        forms=OBJECT_FORMS,
    ),
)
async def get_story(request: HttpRequest, story: FromPath[str]) -> Answer:
    """Get a story with its current verdict, by id or slug.

    A story that cannot be scored has status `not_scorable`; a retracted one returns 410.
    """
    runtime, form = runtime_of(request), form_of(request.scope, OBJECT_FORMS)
    parameters = read_object_query(request, form, StoryParameters)
    shape = read_shape(parameters, Story, "whole_story")
    if parameters.as_of is not UNSET:
        past = await read_past_story(runtime, story, parameters.as_of)
        return await shaped_answer(request, "stories", past.id, shape, past, last_modified=past.updated_at)
    if parameters.budget is UNSET:
        story_id, document = await read_story(runtime, story, form)
        if shape is None:
            return object_answer(request, "stories", story_id, form, document)
        return await shaped_answer(
            request, "stories", story_id, shape, Raw(document.body), last_modified=document.last_modified
        )
    story_id, digest = await digest_story(runtime, story, parameters.budget)
    return object_body_answer(
        request, "stories", story_id, form, digest.body, last_modified=digest.last_modified
    )


@read(
    "/stories/{story:str}/cite",
    Operation(id="citeStory", tag="stories", answer=Citation, errors=(NotFound, Gone)),
)
async def cite_story(request: HttpRequest, story: FromPath[str]) -> Answer:
    """Get a passage to quote, with citation details.

    The response gives the version, the licence, the time after which to look for a newer version, and the
    story's claims; those that must not be restated as fact are marked.
    """
    read_query(request, NoParameters)
    cited = await make_citation(runtime_of(request), story)
    return body_answer(
        request,
        encode_json(cited.citation),
        OBJECT,
        last_modified=cited.changed_at,
        more=described_headers(request),
    )


@read(
    "/stories/{story:str}/verdicts",
    Operation(
        id="listStoryVerdicts",
        tag="verdicts",
        answer=Page[Verdict],
        query=ListQuery,
        errors=(InvalidCursor, NotFound, Gone),
        forms=JSON_ALONE,
    ),
)
async def list_story_verdicts(request: HttpRequest, story: FromPath[str]) -> Answer:
    """List a story's verdicts, newest version first."""
    query, runtime = read_query(request, ListQuery), runtime_of(request)

    async def find(connection: Connection, below: int | None, limit: int) -> list[Listed]:
        return await versions_of(connection, runtime, story, below=below, limit=limit)

    return await answer_list(request, query, int, find, item_type=Verdict)


@read(
    "/stories/{story:str}/claims",
    Operation(
        id="listStoryClaims",
        tag="claims",
        answer=Page[Claim],
        query=ListQuery,
        errors=(InvalidCursor, NotFound, Gone),
        forms=LIST_FORMS,
    ),
)
async def list_story_claims(request: HttpRequest, story: FromPath[str]) -> Answer:
    """List a story's current claims, most central first."""
    query = read_query(request, ListQuery)

    async def find(connection: Connection, after: int | None, limit: int) -> list[Listed]:
        story_id = await resolve_story(connection, story)
        return await claims.list_story_claims(connection, story_id, after=after or 0, limit=limit)

    return await answer_list(request, query, int, find, item_type=Claim, tabled=True)


@write(
    "/stories/{story:str}/rescore",
    Operation(
        id="rescoreStory",
        headers=("Location",),
        tag="stories",
        answer=Analysis,
        scope=Scope.ADMIN,
        status=202,
        errors=(Unauthorized, Forbidden, NotFound, Conflict, Gone),
    ),
)
async def post_rescoring(request: HttpRequest, story: FromPath[str]) -> Answer:
    """Score a story again from its stored text, by id or slug.

    The page is not fetched. The response is an analysis of kind `stored`; follow it at `Location`. Its result is
    a new verdict, whose `reason` says what changed, or the current one if nothing changed.
    """
    read_query(request, NoParameters)
    await read_no_body(request)
    runtime, account_id = runtime_of(request), holder_of(request).account_id

    async def rescore(connection: Connection) -> Analysis:
        return await rescore_story(
            connection, runtime, story, account_id=account_id, origin=origin_of(request)
        )

    def show(analysis: Analysis) -> Answer:
        return private_answer(202, analysis, [(b"location", analysis.links.self.encode())])

    return (await once(request, None, rescore, show)).answer


ROUTES = [list_stories, get_story, cite_story, list_story_verdicts, list_story_claims, post_rescoring]
