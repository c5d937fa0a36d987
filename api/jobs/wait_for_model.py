"""Publishes a page by both judges, if the language model answers within the time of the setting `llm_wait`.

Meanwhile the job has no place among those that use page processes, and no transaction. A worker lets no more jobs
wait than it makes calls at once: a model that hangs takes those places, and other pages are published by the
rules without waiting. When the time is over no further call begins, and the one under way may end. Its answer is
stored, so that the second opinion, which follows as a job of its own, does not pay for it again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from msgspec.structs import replace

from api.engines import ProposalDelayed
from api.errors import ApiError, ModelFailed
from api.jobs.judge_article import judge_by_both
from api.jobs.second_opinion import UNSUPPORTED, propose
from api.jobs.worker_context import Run, WorkerContext
from api.operations.analyses.claim_analysis import Try, is_suspect
from api.operations.analyses.publish_analysis import needs_second_opinion, publish_edition
from api.operations.analyses.second_opinions import Asked, hasten_second_opinion, state_after
from api.operations.stories.edition import Edition

log = structlog.get_logger(__name__)


async def publish_page(
    context: WorkerContext, attempt: Try, edition: Edition, run: Run, leave: Callable[[], Awaitable[None]]
) -> None:
    """Publish the reading of a page. Raises what `publish_edition` raises.

    `leave` gives up the job's place; `run` then takes one for each task. A job whose last try was lost does not
    wait: it may have killed its worker.
    """
    runtime, settings = context.runtime, context.runtime.settings
    waits = settings.llm_wait > 0 and context.model is not None and not is_suspect(attempt.job)
    if not waits or context.waiting.locked():
        await publish_edition(runtime, attempt.job.id, attempt.number, edition)
        return
    async with context.waiting:  # without a pause since the look at it
        if await needs_second_opinion(runtime, edition):
            await leave()
            await _publish_in_time(context, attempt, edition, run)
            return
    await publish_edition(runtime, attempt.job.id, attempt.number, edition)


async def _publish_in_time(context: WorkerContext, attempt: Try, edition: Edition, run: Run) -> None:
    runtime, job_id, over = context.runtime, attempt.job.id, asyncio.Event()
    judging = asyncio.create_task(_judge(context, attempt, edition, run, over))
    try:
        await asyncio.wait({judging}, timeout=runtime.settings.llm_wait)
        if judging.done():
            edition, asked = judging.result()
            await publish_edition(runtime, job_id, attempt.number, edition, asked=asked)
            return
        over.set()
        # should this worker die, the second opinion is asked for once the call has ended in any case
        later = Asked(delay=timedelta(seconds=runtime.settings.llm_timeout_s))
        await publish_edition(runtime, job_id, attempt.number, edition, asked=later)
    except asyncio.CancelledError:
        judging.cancel()
        raise
    finally:
        over.set()
        await asyncio.wait({judging})
    await hasten_second_opinion(runtime, job_id)


async def _judge(
    context: WorkerContext, attempt: Try, edition: Edition, run: Run, over: asyncio.Event
) -> tuple[Edition, Asked | None]:
    """The reading by both judges, or that of the rules and what came of asking. Raises nothing."""

    def check() -> None:
        if over.is_set():
            raise ProposalDelayed(timedelta(0), "the publication has not waited for the language model")

    edition = replace(edition, proposed=True)
    try:
        article = edition.article
        proposal, _ = await propose(context, attempt.job.id, attempt.number, article, run, check)
        reading, refusal = await judge_by_both(context, run, article, edition.rulings, proposal)
        if refusal is not None:
            raise ModelFailed(UNSUPPORTED)
    except ProposalDelayed as delayed:
        return edition, Asked(delay=delayed.delay)
    except ApiError as refused:
        log.info("model_failed", job=attempt.job.id, problem=refused.slug)
        return edition, Asked(state=state_after(refused))
    except Exception as failed:  # a page process, the database: the job of the second opinion tries again
        log.warning("model_not_asked", job=attempt.job.id, reason=repr(failed))
        return edition, Asked()
    both = replace(
        edition,
        article=reading.article,
        assessment=reading.assessment,
        second=reading.second,
        agreement=reading.agreement,
    )
    return both, None
