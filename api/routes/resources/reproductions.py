"""Reproductions: whether the engine reproduces a stored verdict."""

from litestar.params import FromPath

from api.errors import Forbidden, Gone, NotFound, QuotaExceeded, Unauthorized
from api.operations.analyses.read_analysis import FINISHED
from api.operations.analyses.request_reproduction import request_reproduction
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
    holder, runtime = holder_of(request), runtime_of(request)
    read_query(request, NoParameters)
    await read_no_body(request)
    preference = preference_of(request)

    async def accept(connection: Connection) -> Analysis:
        await request.app.state.backlog.check(connection)
        caller = caller_of(request.scope)
        return await request_reproduction(
            connection, runtime, verdict, holder, charged=caller.charged, counted=caller.counted
        )

    def show(analysis: Analysis) -> Answer:
        return accepted_answer(analysis, preference)

    done = await once(request, None, accept, show)
    if done.value is None or done.value.status in FINISHED or not preference.wait_s:
        return done.answer
    analysis = await await_finished(request, done.value, preference.wait_s)
    return await done.settle(show(analysis))


ROUTES = [post_reproduction]
