"""Ends a job: updates its row, and appends one private event for each account that submitted it."""

from typing import Any, Final

import msgspec
from msgspec import Struct

from api.errors import (
    ApiError,
    FetchFailed,
    InternalError,
    ModelBudgetSpent,
    ModelNotConfigured,
    TextMustStay,
    UrlNotAllowed,
)
from api.fetching.fetch_errors import SiteAnswer
from api.operations.analyses.second_opinions import end_second_opinion, state_after
from api.operations.stories.render_story import Rendered, cache_rendered
from api.runtime.problem_details import to_problem
from api.runtime.quotas import give_back_payments
from api.runtime.runtime import Runtime
from api.storage.analyses import analyses, analysis_jobs
from api.storage.database.pool import Connection
from api.storage.log.events import NewEvent, append_events
from api.storage.stories.stories import note_page_missing
from schemas.enums import AnalysisStatus
from schemas.events import EventType

# Errors that are refunded: the page could not be fetched, the service failed, or no language model was called. A
# page that crashes its reader is charged.
_FREE_OF_CHARGE: Final = (
    FetchFailed,
    InternalError,
    ModelBudgetSpent,
    ModelNotConfigured,
    TextMustStay,
    UrlNotAllowed,
)

_MISSING: Final = (404, 410)


class Failed(Struct, kw_only=True, frozen=True):
    """`payments` to give back after the commit, and the story to cache if its second opinion has failed."""

    payments: list[analyses.Payment]
    rendered: Rendered | None


async def terminal_events(
    connection: Connection,
    runtime: Runtime,
    job_id: str,
    event_type: EventType,
    data: dict[str, Any],
    story_id: str | None,
) -> list[NewEvent]:
    """The events that report the job's end to each owner. Writes nothing."""
    return [
        NewEvent(
            id=runtime.clock.new_id("evt"),
            type=event_type,
            account_id=owner.account_id,
            story_id=story_id,
            data={"analysis_id": owner.id, "url": owner.submitted_url, **data},
        )
        for owner in await analyses.list_owners(connection, job_id)
    ]


async def fail_job(connection: Connection, runtime: Runtime, job_id: str, error: ApiError) -> Failed:
    """Record why the job failed, under its lock, as the end of the transaction."""
    problem = to_problem(error, base_url=runtime.base_url)
    now = runtime.clock.now()
    await analysis_jobs.finish_job(
        connection,
        job_id,
        AnalysisStatus.FAILED,
        error=msgspec.json.encode(problem).decode(),
        at=now,
    )
    data = {"error": msgspec.to_builtins(problem)}
    events = await terminal_events(connection, runtime, job_id, EventType.ANALYSIS_FAILED, data, None)
    # before the events: sequence numbers are taken last in a transaction
    rendered = await end_second_opinion(connection, runtime, job_id, state_after(error))
    payments = await analyses.give_back(connection, job_id) if isinstance(error, _FREE_OF_CHARGE) else []
    await append_events(connection, events, now)
    return Failed(payments=payments, rendered=rendered)


async def fail_waiting(runtime: Runtime, job_id: str, error: ApiError) -> None:
    """Fail the job if no try of it has begun."""
    async with runtime.pool.transaction() as connection:
        job = await analysis_jobs.lock_job(connection, job_id)
        if job is not None and job.status is AnalysisStatus.QUEUED:
            await fail_job(connection, runtime, job_id, error)


async def fail_try(runtime: Runtime, job_id: str, number: int, error: ApiError) -> bool:
    """Fail the job; returns False if try `number` is no longer current."""
    async with runtime.pool.transaction() as connection:
        if not await analysis_jobs.hold_fence(connection, job_id, number):
            return False
        if _is_missing(error):
            await note_page_missing(connection, job_id, runtime.clock.now())
        failed = await fail_job(connection, runtime, job_id, error)
    await give_back_payments(runtime, failed.payments)
    await cache_rendered(runtime, failed.rendered)
    return True


def _is_missing(error: ApiError) -> bool:
    """Whether the site answered that the page does not exist."""
    answer = error.__cause__
    return isinstance(answer, SiteAnswer) and answer.status in _MISSING


async def release_try(runtime: Runtime, job_id: str, number: int, *, crashed: bool = False) -> bool:
    """Return the job to the queue if try `number` is current; `crashed` counts against it."""
    async with runtime.pool.transaction() as connection:
        return await analysis_jobs.release_try(connection, job_id, number, crashed=crashed)
