"""Jobs that judge a verdict's text again.

They see whether the engine reproduces the verdict, read the text without some sentences, or ask a language model.
"""

from collections.abc import Awaitable, Callable

from litestar.params import FromPath

from api.errors import (
    Conflict,
    EngineNotInstalled,
    Forbidden,
    Gone,
    ModelBudgetSpent,
    ModelNotConfigured,
    NotFound,
    QuotaExceeded,
    TextMustStay,
    TextNotHeld,
    Unauthorized,
)
from api.operations.analyses.read_analysis import FINISHED
from api.operations.analyses.request_verdict_job import request_verdict_job
from api.operations.stories.resolve_story import current_verdict
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
from api.runtime.quotas import ANALYSIS, SECOND_OPINION, give_back_payments
from api.storage.analyses.analyses import Payment
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


@write(
    "/stories/{story:str}/second-opinion",
    Operation(
        id="requestSecondOpinion",
        tag="stories",
        answer=Analysis,
        scope=Scope.SECOND_OPINIONS,
        price=SECOND_OPINION,
        accepted="The model has not answered yet; poll `Location` after `Retry-After` seconds.",
        errors=(
            Unauthorized,
            Forbidden,
            NotFound,
            Gone,
            Conflict,
            ModelBudgetSpent,
            ModelNotConfigured,
            TextMustStay,
            TextNotHeld,
            QuotaExceeded,
        ),
    ),
)
async def post_second_opinion(request: HttpRequest, story: FromPath[str]) -> Answer:
    """Ask a language model for its judgement of a story's text.

    When the analysis has succeeded, its verdict is a new version with an `agreement`, and
    `GET /v1/verdicts/{verdict}/second-opinion` has the other judge's assessment. Only what the text supports of
    the model's answers is used. A story that has a second opinion succeeds at once. The price is given back where
    no model was called. `Prefer` works as for analyses.
    """

    async def current(connection: Connection) -> str:
        return await current_verdict(connection, story)

    return await _accepted(request, current, InputKind.SECOND_OPINION)


async def _accepted(
    request: HttpRequest, verdict: str | Callable[[Connection], Awaitable[str]], kind: InputKind
) -> Answer:
    holder, runtime = holder_of(request), runtime_of(request)
    read_query(request, NoParameters)
    await read_no_body(request)
    preference = preference_of(request)
    caller = caller_of(request.scope)

    async def accept(connection: Connection) -> Analysis:
        await request.app.state.backlog.check(connection)
        verdict_id = verdict if isinstance(verdict, str) else await verdict(connection)
        return await request_verdict_job(
            connection, runtime, verdict_id, holder, kind, charged=caller.charged, counted=caller.counted
        )

    def show(analysis: Analysis) -> Answer:
        return accepted_answer(analysis, preference)

    done = await once(request, None, accept, show)
    if done.value is not None and kind is InputKind.SECOND_OPINION and done.value.status in FINISHED:
        payment = Payment(key_id=holder.key_id, charged=caller.charged)
        await give_back_payments(runtime, [payment] if caller.charged else [])
    if done.value is None or done.value.status in FINISHED or not preference.wait_s:
        return done.answer
    analysis = await await_finished(request, done.value, preference.wait_s)
    return await done.settle(show(analysis))


ROUTES = [post_reproduction, post_second_opinion]
