"""One call of the language model: paid from the day's budget, and stored before its answer is used."""

import hashlib
from datetime import timedelta
from typing import Final

import structlog
from msgspec import Struct

from api.engines import ProposalDelayed
from api.errors import ModelFailed, ModelNotConfigured
from api.jobs.worker_context import WorkerContext
from api.llm.outcomes import Answer, Misconfigured, Outcome, Rejected, Unavailable
from api.operations.language_models.model_calls import highest_cost, reserve_call, settle_call
from api.proposals.requests import ModelRequest
from api.runtime.language_model import completion_request, model_server
from api.storage.language_models.model_answers import ModelAnswer, get_answer, put_answer
from schemas.enums import SecondOpinionState

log = structlog.get_logger(__name__)

NOT_CONFIGURED: Final = "This service has no language model."
MISCONFIGURED: Final = "The language model's server refuses this service; the operator must change a setting."
NO_ANSWER: Final = "The language model gave no usable answer."
PAUSE: Final = timedelta(seconds=30)  # before the next try, if the server names no time
MAX_PAUSE: Final = timedelta(minutes=5)


class Question(Struct, kw_only=True, frozen=True):
    """A request about an article, and the try of the job that asks."""

    request: ModelRequest
    job_id: str
    number: int
    input_digest: str


async def ask_model(context: WorkerContext, question: Question) -> tuple[str, bool]:
    """The model's answer as JSON, and whether the model was called: a stored answer is not asked for again.

    Raises ProposalDelayed if a later try may succeed, ModelBudgetSpent, ModelNotConfigured and ModelFailed.
    """
    request, settings = question.request, context.runtime.settings
    async with context.runtime.pool.connection() as connection:
        stored = await get_answer(connection, request.digest, settings.llm_model)
    if stored is not None:
        return stored.answer, False
    server = model_server(settings)
    if context.model is None or server is None:
        raise ModelNotConfigured(NOT_CONFIGURED)
    completion = completion_request(request, settings)
    call_id = f"{question.job_id}/{question.number}/{request.digest}"
    await reserve_call(context.runtime, call_id, highest_cost(settings, server, completion))
    outcome = await context.model.complete(completion)
    answer = await _settle(context, question, call_id, outcome)
    if answer is not None:
        return answer, True
    raise _failure(outcome)


async def _settle(context: WorkerContext, question: Question, call_id: str, outcome: Outcome) -> str | None:
    """Record what the call cost, and its answer if it has one, in one transaction; returns the stored answer."""
    runtime, request = context.runtime, question.request
    settings = runtime.settings
    async with runtime.pool.transaction() as connection:
        cost = await settle_call(connection, settings, call_id, outcome)
        if not isinstance(outcome, Answer):
            return None
        usage = outcome.usage
        kept = await put_answer(
            connection,
            ModelAnswer(
                request_digest=request.digest,
                model=settings.llm_model,
                input_digest=question.input_digest,
                call=request.call,
                part=request.part,
                prompt_digest=hashlib.sha256(request.messages[0].content.encode()).hexdigest(),
                answer=outcome.content.decode(),
                recorded=False,
                prompt_tokens=usage.prompt if usage else None,
                completion_tokens=usage.completion if usage else None,
                cost_micros=cost.micros if cost and settings.llm_price_input is not None else None,
                job_id=question.job_id,
                created_at=runtime.clock.now(),
            ),
        )
    return kept.answer


def _failure(outcome: Outcome) -> Exception:
    """What a call without an answer does to its job. Details are the client's own words, never the server's."""
    match outcome:
        case Unavailable(reason=reason, retry_after=seconds):
            delay = PAUSE if seconds is None else min(timedelta(seconds=seconds), MAX_PAUSE)
            return ProposalDelayed(delay, f"language model: {reason.value}")
        case Rejected(next_dialect=dialect) if dialect is not None:
            return ProposalDelayed(timedelta(0), "language model: another dialect")
        case Rejected(reason=reason):
            log.warning("model_answer_rejected", reason=reason.value)
            return ModelFailed(NO_ANSWER)
        case Misconfigured(reason=reason, status=status):
            log.error("model_misconfigured", reason=reason.value, status=status)
            return ModelFailed(MISCONFIGURED, SecondOpinionState.UNAVAILABLE)
    raise AssertionError(outcome)
