"""Verdicts: immutable versions of a story's assessment."""

from typing import Annotated, Literal

from litestar.params import FromPath
from msgspec import UNSET, Meta, Raw, UnsetType
from msgspec.structs import replace

from api.errors import Gone, InvalidCursor, NotFound
from api.operations.stories.list_verdicts import list_verdicts as verdicts_of_all
from api.operations.stories.read_as_of import read_past_verdict
from api.operations.stories.read_document import read_verdict
from api.operations.stories.read_explanation import read_explanation
from api.operations.stories.render_story import PASSAGES, PLAIN, SECOND_OPINION
from api.operations.stories.story_lists import check_ranges, known_source
from api.operations.stories.truncate_markdown import digest_verdict
from api.rendering.forms import JSON_ALONE, OBJECT_FORMS
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.representation.lists import answer_list
from api.routes.http.representation.representations import object_answer, object_body_answer, shaped_answer
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.negotiation import form_of
from api.routes.http.request.object_parameters import PastQuery, read_object_query
from api.routes.http.request.query import Expansions, FieldNames, ListQuery, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import OBJECT, Answer, body_answer, runtime_of
from api.routes.http.response.prepared_responses import document_answer
from api.routes.http.response.sparse_fields import read_shape
from api.routes.resources.verdict_jobs import post_explanation
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories.verdicts import VerdictFilter, count_verdicts
from schemas.enums import HappeningKind, StoryStatus, VerdictReason
from schemas.ids import StoryId, VerdictId
from schemas.lists import Page
from schemas.passages import Passages
from schemas.plain_wording import PlainWording
from schemas.score_explanations import ScoreExplanation
from schemas.times import Time
from schemas.verdicts import Verdict
from schemas.wire import encode_json

Name = Annotated[str, Meta(min_length=1, max_length=100)]


class VerdictQuery(ListQuery, kw_only=True, frozen=True):
    """Filters of the verdict list."""

    status: Annotated[
        Literal["scored", "not_scorable"],
        Meta(description="Current status of the story."),
    ] = "scored"
    story: Annotated[StoryId, Meta(description="Id of a story.")] | UnsetType = UNSET
    source: Annotated[Name, Meta(description="Id, slug or domain of a source.")] | UnsetType = UNSET
    reason: VerdictReason | UnsetType = UNSET
    engine: Annotated[Name, Meta(description="Name of the engine.")] | UnsetType = UNSET
    engine_version: Annotated[Name, Meta(description="Version of the engine.")] | UnsetType = UNSET
    current: (
        Annotated[bool, Meta(description="Whether the verdict is the story's current one.")] | UnsetType
    ) = UNSET
    happening: Annotated[HappeningKind, Meta(description="Kind of the event in the news.")] | UnsetType = (
        UNSET
    )
    contested: (
        Annotated[bool, Meta(description="Whether two judges disagree on the type or the score.")] | UnsetType
    ) = UNSET
    created_after: Annotated[Time, Meta(description="Creation time of the version.")] | UnsetType = UNSET
    created_before: Annotated[Time, Meta(description="See `created_after`.")] | UnsetType = UNSET
    expand: Annotated[Expansions, Meta(examples=["story.source"])] | UnsetType = UNSET


@read(
    "/verdicts",
    Operation(
        id="listVerdicts",
        tag="verdicts",
        answer=Page[Verdict],
        query=VerdictQuery,
        errors=(InvalidCursor,),
        forms=JSON_ALONE,
    ),
)
async def list_verdicts(request: HttpRequest) -> Answer:
    """List all versions of all verdicts, newest first."""
    query, runtime = read_query(request, VerdictQuery), runtime_of(request)
    where = VerdictFilter(**query.filters() | {"status": StoryStatus(query.status)})

    async def filters(connection: Connection) -> VerdictFilter:
        check_ranges(where)
        return replace(where, source=await known_source(connection, where.source))

    async def find(connection: Connection, after: str | None, limit: int) -> list[Listed]:
        return await verdicts_of_all(connection, runtime, await filters(connection), after=after, limit=limit)

    async def count(connection: Connection, limit: int) -> int:
        return await count_verdicts(connection, await filters(connection), limit)

    return await answer_list(request, query, VerdictId, find, item_type=Verdict, kind="verdict", count=count)


class VerdictParameters(PastQuery, kw_only=True, frozen=True):
    """Representation of a verdict."""

    fields: Annotated[FieldNames, Meta(examples=["id,version,spin.score"])] | UnsetType = UNSET
    expand: Annotated[Expansions, Meta(examples=["story.source"])] | UnsetType = UNSET


@read(
    "/verdicts/{verdict:str}",
    Operation(
        id="getVerdict",
        tag="verdicts",
        answer=Verdict,
        query=VerdictParameters,
        errors=(NotFound, Gone),
        forms=OBJECT_FORMS,
    ),
)
async def get_verdict(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get one version of a story's verdict.

    A version never changes; a newer version has another id. Verdicts of a retracted story return 410. With
    `as_of` the response is the version of the same story that was current at that time.
    """
    runtime, form = runtime_of(request), form_of(request.scope, OBJECT_FORMS)
    parameters = read_object_query(request, form, VerdictParameters)
    shape = read_shape(parameters, Verdict, "verdict")
    if parameters.as_of is not UNSET:
        past = await read_past_verdict(runtime, verdict, parameters.as_of)
        return await shaped_answer(request, "verdicts", past.id, shape, past, last_modified=past.created_at)
    if parameters.budget is UNSET:
        document = await read_verdict(runtime, verdict, form)
        if shape is None:
            return object_answer(request, "verdicts", verdict, form, document)
        return await shaped_answer(
            request, "verdicts", verdict, shape, Raw(document.body), last_modified=document.last_modified
        )
    digest = await digest_verdict(runtime, verdict, parameters.budget)
    return object_body_answer(
        request, "verdicts", verdict, form, digest.body, last_modified=digest.last_modified
    )


@read(
    "/verdicts/{verdict:str}/explanation",
    Operation(id="getVerdictExplanation", tag="verdicts", answer=ScoreExplanation, errors=(NotFound, Gone)),
)
async def get_verdict_explanation(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get the explanation of a verdict's score.

    `parts` is the score in a few lines, each with its points and what it counts. `steps` shows the ledger as a
    waterfall: for each row its points, the running total, its places in the text, and the score and primary type
    without it. The last totals are 100 times the score. `read_again` is null until
    it is requested (`explainVerdict`).
    """
    read_query(request, NoParameters)
    explanation, last_modified = await read_explanation(runtime_of(request), verdict)
    return body_answer(
        request,
        encode_json(explanation),
        OBJECT,
        last_modified=last_modified,
        more=described_headers(request),
    )


@read(
    "/verdicts/{verdict:str}/passages",
    Operation(id="getVerdictPassages", tag="verdicts", answer=Passages, errors=(NotFound, Gone)),
)
async def get_verdict_passages(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get the positions of a verdict's quotes in the text.

    It lists every span of the verdict with its context, counted in code points and in UTF-16 units, so that a
    browser can highlight it in the page.
    """
    read_query(request, NoParameters)
    return document_answer(
        request,
        await read_verdict(runtime_of(request), verdict, PASSAGES),
        OBJECT,
        more=described_headers(request),
    )


@read(
    "/verdicts/{verdict:str}/plain",
    Operation(id="getVerdictPlainWording", tag="verdicts", answer=PlainWording, errors=(NotFound, Gone)),
)
async def get_verdict_plain_wording(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get plain wordings for a verdict's loaded terms.

    Each replaces one span of a loaded term, or leaves its words out, and adds nothing to what the text says. A
    place without a wording that surely fits has none, nor has one whose words the verdict does not quote.
    """
    read_query(request, NoParameters)
    return document_answer(
        request,
        await read_verdict(runtime_of(request), verdict, PLAIN),
        OBJECT,
        more=described_headers(request),
    )


@read(
    "/verdicts/{verdict:str}/second-opinion",
    Operation(id="getVerdictSecondOpinion", tag="verdicts", answer=Verdict, errors=(NotFound, Gone)),
)
async def get_verdict_second_opinion(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get the other judge's verdict on the same text.

    A verdict with an `agreement` has two judges: rules, and a language model of whose answers only that is used
    which the text supports. The other one has no id. Both share one quote budget.
    """
    read_query(request, NoParameters)
    return document_answer(
        request,
        await read_verdict(runtime_of(request), verdict, SECOND_OPINION),
        OBJECT,
        more=described_headers(request),
    )


ROUTES = [
    list_verdicts,
    get_verdict,
    get_verdict_explanation,
    post_explanation,
    get_verdict_passages,
    get_verdict_plain_wording,
    get_verdict_second_opinion,
]
