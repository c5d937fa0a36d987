"""Appeals against verdicts: submitted with a key, decided by an administrator, published when decided."""

from typing import Annotated, Final

from litestar.params import FromPath
from msgspec import UNSET, Meta, UnsetType

from api.errors import (
    CitationMismatch,
    Conflict,
    Forbidden,
    Gone,
    InvalidCursor,
    NotFound,
    QuotaExceeded,
    Unauthorized,
)
from api.operations.appeals.decide_appeal import Decided, decide_appeal
from api.operations.appeals.read_appeals import appeals_of_story, appeals_of_verdict, read_appeal
from api.operations.appeals.submit_appeal import submit_appeal
from api.operations.stories.render_story import cache_rendered
from api.rendering.forms import JSON_ALONE
from api.routes.http.admission.authentication import holder_of, origin_of, reader_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.representation.pagination import page_answer, page_start
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.bodies import read_body
from api.routes.http.request.query import PageQuery, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import (
    OBJECT,
    PRIVATE,
    VARY,
    Answer,
    body_answer,
    private_answer,
    runtime_of,
)
from api.storage.analyses import appeals
from api.storage.analyses.appeals import AppealFilter
from api.storage.database.pool import Connection
from schemas.appeals import Appeal, AppealCase, AppealDecision, AppealSubmission
from schemas.enums import AppealStatus
from schemas.ids import AppealId
from schemas.keys import Scope
from schemas.lists import Page
from schemas.wire import encode_json

_SUBMISSIONS: Final = {
    "a passage": {
        "spans": [{"start": 102, "end": 114, "quote": "breakthrough"}],
        "statement": "The word is the name of the turbine's maker, Breakthrough Ltd.",
    },
    "a finding, with a reply": {
        "findings": ["f3"],
        "statement": "The figure has its base in the table that the page shows beside the text.",
        "reply": "The table beside the text compares the figure with last year's.",
        "reply_by": "Brightwater Ferries",
    },
}
_DECISIONS: Final = {
    "upheld": {"outcome": "upheld", "explanation": "The word is a name there."},
    "rejected": {"outcome": "rejected", "explanation": "The table stands on another page."},
}
_BY_READER: Final = VARY + b", Authorization"


class AppealQuery(PageQuery, kw_only=True, frozen=True):
    """Filters of the appeal list."""

    status: Annotated[AppealStatus, Meta(description="Filter by status.")] | UnsetType = UNSET


@write(
    "/verdicts/{verdict:str}/appeals",
    Operation(
        id="submitAppeal",
        tag="appeals",
        answer=AppealCase,
        body=AppealSubmission,
        examples=_SUBMISSIONS,
        scope=Scope.WRITE_APPEALS,
        status=201,
        errors=(Unauthorized, Forbidden, NotFound, Conflict, Gone, CitationMismatch, QuotaExceeded),
    ),
)
async def post_appeal(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Appeal against a story's current verdict.

    An appeal cites passages of the analysed text word for word, or findings of the verdict. A person decides it,
    once. Then its `reply` is shown with the story in all formats, whatever the outcome, unless it is withheld.
    The number of undecided appeals per account is limited.
    """
    read_query(request, NoParameters)
    submission = await read_body(request, AppealSubmission)
    runtime, account_id = runtime_of(request), holder_of(request).account_id

    async def submit(connection: Connection) -> AppealCase:
        return await submit_appeal(connection, runtime, verdict, submission, account_id)

    def show(case: AppealCase) -> Answer:
        return private_answer(201, case, [(b"location", f"{runtime.base_url}/v1/appeals/{case.id}".encode())])

    return (await once(request, submission, submit, show)).answer


@read(
    "/verdicts/{verdict:str}/appeals",
    Operation(
        id="listVerdictAppeals",
        tag="appeals",
        answer=Page[Appeal],
        query=PageQuery,
        errors=(InvalidCursor, NotFound, Gone),
        forms=JSON_ALONE,
    ),
)
async def list_verdict_appeals(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """List the appeals against one version of a verdict, newest first."""
    query = read_query(request, PageQuery)
    below = page_start(request, query, AppealId)
    found = await appeals_of_verdict(runtime_of(request), verdict, below_id=below, limit=query.limit + 1)
    return _page(request, query, found)


@read(
    "/stories/{story:str}/appeals",
    Operation(
        id="listStoryAppeals",
        tag="appeals",
        answer=Page[Appeal],
        query=PageQuery,
        errors=(InvalidCursor, NotFound, Gone),
        forms=JSON_ALONE,
    ),
)
async def list_story_appeals(request: HttpRequest, story: FromPath[str]) -> Answer:
    """List the appeals against all versions of a story's verdict, newest first."""
    query = read_query(request, PageQuery)
    below = page_start(request, query, AppealId)
    found = await appeals_of_story(runtime_of(request), story, below_id=below, limit=query.limit + 1)
    return _page(request, query, found)


@read(
    "/appeals",
    Operation(
        id="listAppeals",
        tag="appeals",
        answer=Page[AppealCase],
        query=AppealQuery,
        scope=Scope.WRITE_APPEALS,
        errors=(InvalidCursor, Unauthorized, Forbidden),
    ),
)
async def list_appeals(request: HttpRequest) -> Answer:
    """List the account's appeals, newest first; an administrator sees all accounts.

    Unlike the lists of a story and a verdict it includes statements and unpublished replies.
    """
    query, holder = read_query(request, AppealQuery), holder_of(request)
    below = page_start(request, query, AppealId)
    where = AppealFilter(account_id=holder.sees, status=None if query.status is UNSET else query.status)
    async with runtime_of(request).pool.connection() as connection:
        found = await appeals.list_cases(connection, where, below_id=below, limit=query.limit + 1)
    return page_answer(
        request,
        query,
        found,
        key=lambda case: case.id,
        show=lambda case: case,
        changed_at=lambda case: case.decided_at or case.created_at,
        policy=PRIVATE,
    )


@read(
    "/appeals/{appeal:str}",
    Operation(id="getAppeal", tag="appeals", answer=Appeal, errors=(NotFound, Gone)),
)
async def get_appeal(request: HttpRequest, appeal: FromPath[str]) -> Answer:
    """Get the public part of an appeal and its outcome.

    A key of the appellant with the scope `appeals:write`, or an administrator's, gets the whole case, with the
    statement and an unpublished reply, as in the answer to `POST`.
    """
    read_query(request, NoParameters)
    found = await read_appeal(runtime_of(request), appeal, reader_of(request))
    is_private = isinstance(found, AppealCase)
    return body_answer(
        request,
        encode_json(found),
        PRIVATE if is_private else OBJECT,
        last_modified=found.decided_at or found.created_at,
        dated=not is_private,  # the public part has the same date
        more=() if is_private else described_headers(request),
        vary=_BY_READER,
    )


@write(
    "/appeals/{appeal:str}/decide",
    Operation(
        id="decideAppeal",
        tag="appeals",
        answer=AppealCase,
        body=AppealDecision,
        examples=_DECISIONS,
        scope=Scope.ADMIN,
        errors=(Unauthorized, Forbidden, NotFound, Conflict, CitationMismatch),
    ),
)
async def post_decision(request: HttpRequest, appeal: FromPath[str]) -> Answer:
    """Decide an appeal. The decision is final.

    If it is upheld, the dismissed findings no longer count in this and every later assessment of the same text,
    and a job publishes the new verdict. The verdict's `ablations` already show the resulting score.
    """
    read_query(request, NoParameters)
    decision = await read_body(request, AppealDecision)
    runtime = runtime_of(request)

    async def decide(connection: Connection) -> Decided:
        return await decide_appeal(connection, runtime, appeal, decision, origin=origin_of(request))

    done = await once(request, decision, decide, lambda decided: private_answer(200, decided.case))
    if done.value is not None:
        await cache_rendered(runtime, done.value.rendered)
    return done.answer


def _page(request: HttpRequest, query: PageQuery, found: list[Appeal]) -> Answer:
    return page_answer(
        request,
        query,
        found,
        key=lambda appeal: appeal.id,
        show=lambda appeal: appeal,
        changed_at=lambda appeal: appeal.decided_at or appeal.created_at,
    )


ROUTES = [
    post_appeal,
    list_verdict_appeals,
    list_story_appeals,
    list_appeals,
    get_appeal,
    post_decision,
]
