"""The job behind an analysis: claim, fetch (or load), extract, identify, judge, publish.

It may run twice: the claim stops at an ended job, and the try's number fences publication. Errors of the page
or its site fail the job at once, crashes of the page process at the third.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from msgspec import Struct

from api.engines import ProposalDelayed
from api.errors import AnalysisTimeout, ApiError, InternalError, Unavailable
from api.jobs.analyze_draft import analyze_draft
from api.jobs.analyze_page import analyze_page
from api.jobs.analyze_stored import analyze_stored
from api.jobs.explain_verdict import explain_verdict
from api.jobs.reproduce_verdict import reproduce_verdict
from api.jobs.second_opinion import second_opinion
from api.jobs.slow_lane import Origin, SlowLaneFull
from api.jobs.wait_for_model import publish_page
from api.jobs.worker_context import Run, WorkerContext
from api.operations.analyses.claim_analysis import JOB, Try, claim_analysis, is_suspect, peek_job
from api.operations.analyses.finish_analysis import fail_try, fail_waiting, release_try
from api.operations.analyses.publish_analysis import (
    publish_draft,
    publish_edition,
    publish_readings,
    publish_reproduction,
)
from api.operations.stories.publish_story import StaleEdition
from api.processes.pool import Allowance, ProcessCrashed, ProcessTimeout
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import JobState
from api.web.sites import source_domains
from api.web.urls import parse_target
from schemas.enums import InputKind

log = structlog.get_logger(__name__)

MAX_TRIES = 20  # of one job: a guard against endless retries
AWAY_PAUSE = timedelta(seconds=2)  # if the database was down
SLOW_PAUSE = timedelta(seconds=1)  # if a job waits for others of its group


class Retry(Struct, kw_only=True, frozen=True):
    """Run the job again after `delay`; `patient`: the delay doubles each time, up to half a minute."""

    delay: timedelta
    reason: str
    patient: bool = False


_WAIT_FOR_SLOW = Retry(delay=SLOW_PAUSE, reason="others of its site or submitter run", patient=True)


async def analyze_story(context: WorkerContext, job_id: str) -> Retry | None:
    """Run the job once. Returns None if it has ended or belongs to another worker."""
    job = None
    try:
        job = await peek_job(context.runtime, job_id)
        if job is None:
            return None
        origin, suspect = _origin(job), is_suspect(job)
        async with AsyncExitStack() as place:
            admit = place.enter_context(context.slow_lane.running(origin))
            await place.enter_async_context(_lane(context, job, suspect))
            # a worker killed while it stops does not blame the job
            blamed = suspect and not context.stop.is_set()
            attempt = await claim_analysis(context.runtime, job_id, alone=blamed)
            if attempt is None:
                return None
            with context.pulse.holding(JOB, job_id, attempt.number, blamed):
                return await _run(context, attempt, admit, place.aclose)
    except SlowLaneFull:
        return await _wait_or_fail(context.runtime, job)
    except Unavailable as away:
        return Retry(delay=AWAY_PAUSE, reason=away.detail)


def _lane(context: WorkerContext, job: JobState, suspect: bool) -> AbstractAsyncContextManager[None]:
    """Keeps a job that has crashed its process apart from others.

    A second opinion mostly waits for the model, which must not keep others waiting: it takes the lane only while
    its process runs.
    """
    if job.kind is InputKind.SECOND_OPINION:
        return nullcontext()
    return context.lane.alone() if suspect else context.lane.shared()


async def _wait_or_fail(runtime: Runtime, job: JobState | None) -> Retry | None:
    """Limit the wait for slow pages, so that the queue's age does not block all submissions."""
    most = timedelta(seconds=runtime.settings.max_queue_age_s / 2)
    if job is None or runtime.clock.now() - job.created_at < most:
        return _WAIT_FOR_SLOW
    error = AnalysisTimeout("Other pages of this site took so long that this one could not be read in time.")
    await fail_waiting(runtime, job.id, error)
    return None


async def _run(
    context: WorkerContext,
    attempt: Try,
    admit: Callable[[], None],
    leave: Callable[[], Awaitable[None]],
) -> Retry | None:
    """`leave` gives up the job's place in both lanes; tasks then run without `admit`."""
    job, runtime = attempt.job, context.runtime
    allowance = Allowance(runtime.settings.analysis_timeout_s)
    run = partial(context.processes.run, allowance=allowance, admit=admit)
    try:
        if job.kind is InputKind.URL:
            edition = await analyze_page(context, job, run)
            again = Allowance(
                runtime.settings.analysis_timeout_s
            )  # as the second opinion's own job would have
            later = partial(_in_lane, context, job, partial(context.processes.run, allowance=again))
            await publish_page(context, attempt, edition, later, leave)
        elif job.kind is InputKind.STORED:
            edition = await analyze_stored(context, job, run)
            await publish_edition(runtime, job.id, attempt.number, edition)
        elif job.kind is InputKind.SECOND_OPINION:
            alone = partial(_in_lane, context, job, run)
            opinion, called = await second_opinion(context, job, attempt.number, alone)
            await publish_edition(runtime, job.id, attempt.number, opinion, is_free=not called)
        elif job.kind is InputKind.REPRODUCTION:
            reproduction = await reproduce_verdict(context, job, run)
            await publish_reproduction(runtime, job, attempt.number, reproduction)
        elif job.kind is InputKind.EXPLANATION:
            digest, readings = await explain_verdict(context, job, run)
            await publish_readings(runtime, job, attempt.number, digest, readings)
        else:
            verdict = await analyze_draft(context, job, run)
            await publish_draft(runtime, job.id, attempt.number, verdict)
    except ProcessCrashed as crashed:
        log.warning("page_process_crashed", job=job.id, number=attempt.number, reason=str(crashed))
        await release_try(runtime, job.id, attempt.number, crashed=True)
        return Retry(delay=timedelta(0), reason="the page's process crashed")
    except SlowLaneFull:
        await release_try(runtime, job.id, attempt.number)
        return _WAIT_FOR_SLOW
    except StaleEdition:
        await release_try(runtime, job.id, attempt.number)
        return Retry(delay=timedelta(0), reason="a ruling or another reading came in between")
    except ProposalDelayed as delayed:
        if attempt.number >= MAX_TRIES:
            late = AnalysisTimeout("The engine did not answer in time.")
            await fail_try(runtime, job.id, attempt.number, late)
            return None
        await release_try(runtime, job.id, attempt.number)
        return Retry(delay=delayed.delay, reason=str(delayed))
    except ProcessTimeout:
        context.slow_lane.note_slow(_origin(job))
        await fail_try(runtime, job.id, attempt.number, AnalysisTimeout("The page took too long to analyse."))
    except Unavailable as away:
        await release_try(runtime, job.id, attempt.number)
        return Retry(delay=AWAY_PAUSE, reason=away.detail)
    except ApiError as refused:
        log.info("analysis_failed", job=job.id, problem=refused.slug, cause=repr(refused.__cause__))
        await fail_try(runtime, job.id, attempt.number, refused)
    except asyncio.CancelledError:
        # the worker is stopping: the try does not count against the job
        await asyncio.shield(release_try(runtime, job.id, attempt.number))
        raise
    except Exception as unforeseen:
        log.exception("analysis_error", job=job.id, number=attempt.number)
        if attempt.number < MAX_TRIES and _is_conflict(unforeseen):
            await release_try(runtime, job.id, attempt.number)
            return Retry(delay=AWAY_PAUSE, reason=type(unforeseen).__name__)
        error = InternalError("An internal error ended the analysis; it is logged.")
        await fail_try(runtime, job.id, attempt.number, error)
    else:
        context.slow_lane.note_read(_origin(job))
        log.info("analysis_succeeded", job=job.id, kind=job.kind.value, number=attempt.number)
    return None


async def _in_lane(context: WorkerContext, job: JobState, run: Run, task: Any, *arguments: Any) -> Any:
    async with context.lane.alone() if is_suspect(job) else context.lane.shared():
        return await run(task, *arguments)


def _origin(job: JobState) -> Origin:
    try:
        site = source_domains(parse_target(job.url).host)[-1] if job.url else None
    except ApiError:  # a URL accepted by an older version; its fetch will fail
        site = None
    return Origin(site=site, submitters=tuple(job.submitters))


def _is_conflict(error: Exception) -> bool:
    """Whether another try can help: a transaction conflict, not a bug."""
    return getattr(error, "sqlstate", None) in {"40001", "40P01", "23505"}
