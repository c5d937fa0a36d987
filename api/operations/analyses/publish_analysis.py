"""Ends a successful job: its result, its status and the events, in one transaction.

A job has two transactions: one claims it and counts the try, this one publishes, only if the try is still
current. Nothing is locked while a slow site is fetched. A lease alone would not be enough: a worker that slept
past its end would publish a second time.
"""

from collections.abc import Sequence

from api.operations.analyses.finish_analysis import terminal_events
from api.operations.analyses.second_opinions import Asked, end_second_opinion, queue_second_opinion
from api.operations.language_models.permissions import why_page_withheld
from api.operations.language_models.wanted_opinions import is_wanted
from api.operations.stories.edition import Edition
from api.operations.stories.publish_story import publish_story
from api.operations.stories.render_story import cache_rendered
from api.operations.stories.verdict_changes import makes_version
from api.runtime.quotas import give_back_payments
from api.runtime.runtime import Runtime
from api.storage.analyses import analyses, analysis_jobs
from api.storage.analyses.analysis_jobs import JobState
from api.storage.database.pool import Connection
from api.storage.language_models import model_answers
from api.storage.log.events import append_events
from api.storage.stories.proposals import keep_for_story
from api.storage.stories.read_again import insert_readings
from schemas.enums import AnalysisStatus
from schemas.events import EventType
from schemas.reproductions import Reproduction
from schemas.score_explanations import ReadAgain
from schemas.verdicts import Verdict
from schemas.wire import encode_json


async def needs_second_opinion(runtime: Runtime, edition: Edition) -> bool:
    """Whether the model may and should be asked about this reading of a page before its publication.

    It is not asked about copies and unchanged texts, which make no version.
    """
    settings = runtime.settings
    if edition.by_model or not is_wanted(settings, edition.assessment, edition.article.language):
        return False
    source_id = None if edition.source is None else edition.source.id
    async with runtime.pool.transaction() as connection:
        if await why_page_withheld(connection, settings, source_id, edition.opt_outs) is not None:
            return False
        return await makes_version(connection, edition)


async def publish_edition(
    runtime: Runtime,
    job_id: str,
    number: int,
    edition: Edition,
    *,
    is_free: bool = False,
    asked: Asked | None = None,
) -> bool:
    """Publish the reading of try `number`; returns False, writing nothing, if it is not current.

    `is_free`: the job's submitters get their payments back. `asked`: the model was asked about it in vain.
    """
    open_again = asked is None or asked.is_open
    async with runtime.pool.transaction() as connection:
        if not await analysis_jobs.hold_fence(connection, job_id, number):
            return False
        now = runtime.clock.now()
        published = await publish_story(
            connection,
            runtime,
            edition,
            may_ask=open_again,
            second_opinion=None if open_again or asked is None else asked.state,
        )
        await queue_second_opinion(connection, runtime, published, asked.delay if asked else None)
        rendered = published.rendered
        if edition.proposed and not published.verdict_is_new:
            rendered = await end_second_opinion(connection, runtime, job_id, None) or rendered
        if edition.proposed:
            await keep_for_story(connection, edition.article.digest, published.story_id)
            await model_answers.keep_for_story(connection, edition.article.digest, published.story_id)
        await analysis_jobs.finish_job(
            connection,
            job_id,
            AnalysisStatus.SUCCEEDED,
            story_id=published.story_id,
            verdict_id=published.verdict_id,
            at=now,
        )
        ends = await terminal_events(
            connection,
            runtime,
            job_id,
            EventType.ANALYSIS_COMPLETED,
            {"story_id": published.story_id, "verdict_id": published.verdict_id},
            published.story_id,
        )
        payments = await analyses.give_back(connection, job_id) if is_free else []
        await append_events(connection, [*published.events, *ends], now)
    await give_back_payments(runtime, payments)
    await cache_rendered(runtime, rendered)
    return True


async def publish_draft(runtime: Runtime, job_id: str, number: int, verdict: Verdict) -> bool:
    """Store a draft's verdict on its job; returns False if the try is not current."""
    async with runtime.pool.transaction() as connection:
        if not await analysis_jobs.hold_fence(connection, job_id, number):
            return False
        now = runtime.clock.now()
        await analysis_jobs.finish_job(
            connection,
            job_id,
            AnalysisStatus.SUCCEEDED,
            draft_result=encode_json(verdict).decode(),
            at=now,
        )
        event_type = EventType.ANALYSIS_COMPLETED
        data = {"story_id": None, "verdict_id": None}
        await append_events(
            connection, await terminal_events(connection, runtime, job_id, event_type, data, None), now
        )
        return True


async def publish_reproduction(
    runtime: Runtime, job: JobState, number: int, reproduction: Reproduction
) -> bool:
    """Store a reproduction on its job; returns False if the try is not current."""
    async with runtime.pool.transaction() as connection:
        if not await analysis_jobs.hold_fence(connection, job.id, number):
            return False
        await _finish(connection, runtime, job, reproduction=encode_json(reproduction).decode())
        return True


async def publish_readings(
    runtime: Runtime, job: JobState, number: int, engine_digest: str, readings: Sequence[ReadAgain]
) -> bool:
    """Store a verdict's text read again; returns False if the try is not current."""
    assert job.verdict_id is not None, "such a job names its verdict"
    async with runtime.pool.transaction() as connection:
        if not await analysis_jobs.hold_fence(connection, job.id, number):
            return False
        await insert_readings(connection, job.verdict_id, engine_digest, readings, runtime.clock.now())
        await _finish(connection, runtime, job)
        return True


async def _finish(
    connection: Connection, runtime: Runtime, job: JobState, *, reproduction: str | None = None
) -> None:
    """End a job on a verdict, which publishes none."""
    now = runtime.clock.now()
    await analysis_jobs.finish_job(
        connection, job.id, AnalysisStatus.SUCCEEDED, reproduction=reproduction, at=now
    )
    data = {"story_id": job.story_id, "verdict_id": job.verdict_id}
    event_type = EventType.ANALYSIS_COMPLETED
    ends = await terminal_events(connection, runtime, job.id, event_type, data, job.story_id)
    await append_events(connection, ends, now)
