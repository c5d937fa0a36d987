"""What calls of a language model cost, reserved in the daily budget before a call and settled after it."""

from datetime import UTC, datetime, time, timedelta
from math import ceil, floor
from typing import Final

from api.errors import ModelBudgetSpent
from api.llm.completion_request import CompletionRequest, output_token_limit
from api.llm.model_server import ModelServer
from api.llm.outcomes import Answer, Misconfigured, Outcome, Unavailable, Usage
from api.llm.prompt_length import max_prompt_tokens
from api.runtime.runtime import Runtime
from api.settings import Settings
from api.storage.database.pool import Connection
from api.storage.language_models.call_budget import Cost, DailyLimits, read_day, reserve, settle

SETTLED_AFTER: Final = timedelta(minutes=5)  # the time limit of a call; an open one then counts as lost
NOTHING: Final = Cost(tokens=0, micros=0)


def daily_limits(settings: Settings) -> DailyLimits:
    budget = settings.llm_daily_budget
    return DailyLimits(
        tokens=settings.llm_daily_tokens or None,
        micros=None if budget is None else floor(budget * 1_000_000),
    )


def highest_cost(settings: Settings, server: ModelServer, request: CompletionRequest) -> Cost:
    """The most that a call can cost, whatever the model's tokenizer."""
    most = Usage(prompt=max_prompt_tokens(request, server), completion=output_token_limit(request, server))
    return cost_of(settings, most)


def cost_of(settings: Settings, usage: Usage) -> Cost:
    """The cost by the prices of the settings; a cached prompt counts in full, although servers charge less."""
    # the price of a million tokens is that of a token in millionths
    prompt = usage.prompt * (settings.llm_price_input or 0)
    answer = usage.completion * (settings.llm_price_output or 0)
    return Cost(tokens=usage.prompt + usage.completion, micros=ceil(prompt + answer))


def charge_of(settings: Settings, outcome: Outcome) -> Cost | None:
    """The cost of an ended call; None if the server may have charged for it and does not count."""
    if isinstance(outcome, Misconfigured) or not (isinstance(outcome, Answer) or outcome.charged):
        return NOTHING
    usage = None if isinstance(outcome, Unavailable) else outcome.usage
    return None if usage is None else cost_of(settings, usage)


async def reserve_call(runtime: Runtime, call_id: str, most: Cost) -> None:
    """Reserve `most` for one call, in a transaction of its own. Raises ModelBudgetSpent.

    `call_id` names the call: a repeated request is another call. `retry_after` is the time until the next UTC
    day, None if `most` exceeds the budget of a whole day.
    """
    settings, now = runtime.settings, runtime.clock.now()
    limits = daily_limits(settings)
    async with runtime.pool.transaction() as connection:
        is_reserved = await reserve(
            connection,
            call_id,
            day=now.date(),
            most=most,
            limits=limits,
            expires_at=now + timedelta(seconds=settings.llm_timeout_s) + SETTLED_AFTER,
        )
    if is_reserved:
        return
    if not _fits(most, limits):
        raise ModelBudgetSpent("One call about this text may cost more than the budget of a day.")
    raise _spent(now)


async def check_budget(connection: Connection, runtime: Runtime) -> None:
    """Raises ModelBudgetSpent if the rest of the day's budget pays for no answer, whatever its prompt."""
    settings, now = runtime.settings, runtime.clock.now()
    limits, used = daily_limits(settings), await read_day(connection, now.date())
    answer = cost_of(settings, Usage(prompt=0, completion=settings.llm_max_output_tokens))
    total = Cost(
        tokens=used.spent.tokens + used.reserved.tokens + answer.tokens,
        micros=used.spent.micros + used.reserved.micros + answer.micros,
    )
    if not _fits(total, limits):
        raise _spent(now)


def _spent(now: datetime) -> ModelBudgetSpent:
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return ModelBudgetSpent(
        "The day's budget of the language model is spent.",
        retry_after=ceil((midnight - now).total_seconds()),
    )


async def settle_call(
    connection: Connection, settings: Settings, call_id: str, outcome: Outcome
) -> Cost | None:
    """End a call, in the transaction that stores its answer. Returns its cost, None if unknown."""
    cost = charge_of(settings, outcome)
    await settle(connection, call_id, cost)
    return cost


def _fits(most: Cost, limits: DailyLimits) -> bool:
    """Whether a day without other calls has room for it."""
    return (limits.tokens is None or most.tokens <= limits.tokens) and (
        limits.micros is None or most.micros <= limits.micros
    )
