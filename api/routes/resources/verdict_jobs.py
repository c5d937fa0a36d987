"""Jobs that judge a verdict's text again: whether the engine reproduces it, and without some sentences."""

from litestar.params import FromPath

from api.errors import (
    EngineNotInstalled,
    Forbidden,
    Gone,
    NotFound,
    QuotaExceeded,
    TextNotHeld,
    Unauthorized,
)
from api.operations.analyses.read_analysis import FINISHED
from api.operations.analyses.request_verdict_job import request_verdict_job
from api.routes.http.admission.authentication import holder_of
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, write
from api.routes.http.admission.prefer_wait import await_finished, preference_of
from api.routes.http.representation.analysis_responses import accepted_answer
from api.routes.http.request.bodies import read_no_body
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.runtime.quotas import ANALYSIS
from api.storage.database.pool import Connection
from schemas.analyses import Analysis
from schemas.enums import InputKind
from schemas.keys import Scope


@write(
    "/verdicts/{verdict:str}/reproduce",
    Operation(
        id="reproduceVerdict",
        tag="verdicts",
        answer=Analysis,
        scope=Scope.WRITE_ANALYSES,
        price=ANALYSIS,
        accepted="The reproduction is not finished; poll `Location` after `Retry-After` seconds.",
        errors=(Unauthorized, Forbidden, NotFound, Gone, QuotaExceeded),
    ),
)
async def post_reproduction(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Run the engine again on a verdict's stored input.

    The stored article is scored under the recorded rulings; no page is fetched. The result of the analysis has a
    `reproduction`: `identical`, `differences` with the fields that differ, or `unavailable` if this service has
    another engine or taxonomy, or does not store the text. `Prefer` works as for analyses.
    """
    return await _accepted(request, verdict, InputKind.REPRODUCTION)


@write(
    "/verdicts/{verdict:str}/explanation",
    Operation(
        id="explainVerdict",
        tag="verdicts",
        answer=Analysis,
        scope=Scope.WRITE_ANALYSES,
        price=ANALYSIS,
        accepted="The text is not read again yet; poll `Location` after `Retry-After` seconds.",
        errors=(Unauthorized, Forbidden, NotFound, Gone, TextNotHeld, EngineNotInstalled, QuotaExceeded),
    ),
)
async def post_explanation(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Read a verdict's text again without some of its sentences.

    The engine that made the verdict judges up to twelve shorter texts; no page is fetched. When the analysis has
    succeeded, `GET /v1/verdicts/{verdict}/explanation` has the results in `read_again`. They are made once: later
    requests succeed at once. `Prefer` works as for analyses.
    """
    return await _accepted(request, verdict, InputKind.EXPLANATION)


async def _accepted(request: HttpRequest, verdict: str, kind: InputKind) -> Answer:
    holder, runtime = holder_of(request), runtime_of(request)
    read_query(request, NoParameters)
    await read_no_body(request)
    preference = preference_of(request)

    async def accept(connection: Connection) -> Analysis:
        await request.app.state.backlog.check(connection)
        caller = caller_of(request.scope)
        return await request_verdict_job(
            connection, runtime, verdict, holder, kind, charged=caller.charged, counted=caller.counted
        )

    def show(analysis: Analysis) -> Answer:
        return accepted_answer(analysis, preference)

    done = await once(request, None, accept, show)
    if done.value is None or done.value.status in FINISHED or not preference.wait_s:
        return done.answer
    analysis = await await_finished(request, done.value, preference.wait_s)
    return await done.settle(show(analysis))


ROUTES = [post_reproduction]
