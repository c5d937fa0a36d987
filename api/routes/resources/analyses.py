"""Analyses: submit a page or a draft, and follow its progress."""

from datetime import timedelta

from litestar.params import FromPath

from api.errors import (
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    TooLarge,
    Unauthorized,
    UnsupportedMediaType,
    UrlNotAllowed,
)
from api.operations.analyses.accept_analysis import accept_analysis, check_submission, tell_answered
from api.operations.analyses.cancel_analysis import cancel_analysis
from api.operations.analyses.erase_draft import erase_draft
from api.operations.analyses.read_analysis import FINISHED, read_analysis
from api.routes.http.admission.authentication import holder_of, origin_of
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.admission.prefer_wait import await_finished, preference_of
from api.routes.http.representation.analysis_responses import accepted_answer, next_steps
from api.routes.http.request.bodies import read_body, read_no_body
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, private_answer, runtime_of
from api.runtime.quotas import ANALYSIS
from api.storage.database.pool import Connection
from schemas.analyses import Analysis, AnalysisSubmission
from schemas.keys import Scope

_EXAMPLES = {
    "page": {"url": "https://news.brightwater.example/2026/turbine"},
    "draft": {
        "title": "Brightwater reshapes its harbour team",
        "text": "Brightwater Ferries said on Tuesday that 40 roles would be impacted ...",
        "source": "Brightwater Ferries",
        "source_type": "press_release",
    },
    "called back": {
        "url": "https://news.brightwater.example/2026/turbine",
        "callback": "whe_" + "4" * 26,
    },
}
MAX_DRAFT_BYTES = 6_291_456  # 5 MiB of HTML, as for fetched pages, plus a fifth for JSON escapes


@write(
    "/analyses",
    Operation(
        id="submitAnalysis",
        tag="analyses",
        answer=Analysis,
        body=AnalysisSubmission,
        examples=_EXAMPLES,
        scope=Scope.WRITE_ANALYSES,
        price=ANALYSIS,
        accepted="The analysis is not finished; poll `Location` after `Retry-After` seconds.",
        errors=(Unauthorized, Forbidden, Gone, TooLarge, UnsupportedMediaType, UrlNotAllowed),
    ),
    max_body_bytes=MAX_DRAFT_BYTES,
)
async def submit_analysis(request: HttpRequest) -> Answer:
    """Submit the URL of a page, or a draft.

    If the page was analysed recently or is being analysed, the response is that analysis. With `Prefer: wait=N`
    (at most 30 seconds) the response waits for the result; with `Prefer: respond-async` it is always 202.
    `callback` names an active webhook endpoint of the account; it gets the final event of this analysis
    (completed, failed or cancelled), whatever its filters.

    A submission costs 10 units of the key's quota. They are refunded if the page cannot be fetched.
    """
    holder, runtime = holder_of(request), runtime_of(request)
    read_query(request, NoParameters)
    submission = await read_body(request, AnalysisSubmission)
    preference = preference_of(request)
    check_submission(request.app.state.fetch_policy, submission)

    async def accept(connection: Connection) -> Analysis:
        await request.app.state.backlog.check(connection)
        caller = caller_of(request.scope)
        accepted = await accept_analysis(
            connection, runtime, submission, holder, charged=caller.charged, counted=caller.counted
        )
        await tell_answered(connection, runtime, holder.account_id, [accepted])
        return accepted

    def show(analysis: Analysis) -> Answer:
        return accepted_answer(analysis, preference)

    done = await once(request, submission, accept, show)
    if done.value is None or done.value.status in FINISHED or not preference.wait_s:
        return done.answer
    analysis = await await_finished(request, done.value, preference.wait_s)
    # a draft's verdict exists only in its analysis, so a repeated request gets the analysis's location
    return show(analysis) if submission.url is None else await done.settle(show(analysis))


@read(
    "/analyses/{analysis:str}",
    Operation(
        id="getAnalysis",
        headers=("Retry-After", "Link"),
        tag="analyses",
        answer=Analysis,
        scope=Scope.WRITE_ANALYSES,
        errors=(Unauthorized, Forbidden, NotFound, Gone),
        conditional=False,
    ),
)
async def get_analysis(request: HttpRequest, analysis: FromPath[str]) -> Answer:
    """Get an analysis of the account.

    While it is not finished, `Retry-After` says when to poll again. A failed analysis has the reason in `error`.
    Analyses are stored for at least 30 days after they end, then return 410.
    """
    read_query(request, NoParameters)
    runtime, account_id = runtime_of(request), holder_of(request).account_id
    async with runtime.pool.connection() as connection:
        since = runtime.clock.now() - timedelta(days=runtime.settings.analyses_kept_days)
        found = await read_analysis(connection, analysis, account_id, runtime.base_url, ended_since=since)
    return private_answer(200, found, next_steps(found))


@write(
    "/analyses/{analysis:str}/cancel",
    Operation(
        id="cancelAnalysis",
        tag="analyses",
        answer=Analysis,
        scope=Scope.WRITE_ANALYSES,
        errors=(Unauthorized, Forbidden, NotFound, Conflict),
    ),
)
async def post_cancellation(request: HttpRequest, analysis: FromPath[str]) -> Answer:
    """Cancel an unfinished analysis.

    If others requested the same page, it is still analysed for them. Cancelling again has no effect; an analysis
    that ended otherwise returns 409.
    """
    read_query(request, NoParameters)
    await read_no_body(request)
    runtime, account_id = runtime_of(request), holder_of(request).account_id

    async def cancel(connection: Connection) -> Analysis:
        return await cancel_analysis(connection, runtime, analysis, account_id)

    return (await once(request, None, cancel, lambda done: private_answer(200, done))).answer


@write(
    "/analyses/{analysis:str}/erase",
    Operation(
        id="eraseDraft",
        tag="analyses",
        answer=Analysis,
        scope=Scope.WRITE_ANALYSES,
        errors=(Unauthorized, Forbidden, NotFound, Conflict),
    ),
)
async def post_erasure(request: HttpRequest, analysis: FromPath[str]) -> Answer:
    """Erase a draft: its text, its verdict and all derived data.

    The analysis remains, with status `erased`; a run in progress stores no result. An account may erase its own
    drafts, an administrator any draft.
    """
    read_query(request, NoParameters)
    await read_no_body(request)
    runtime, holder = runtime_of(request), holder_of(request)

    async def erase(connection: Connection) -> Analysis:
        return await erase_draft(
            connection, runtime, analysis, seen_by=holder.sees, origin=origin_of(request)
        )

    return (await once(request, None, erase, lambda erased: private_answer(200, erased))).answer


ROUTES = [submit_analysis, get_analysis, post_cancellation, post_erasure]
