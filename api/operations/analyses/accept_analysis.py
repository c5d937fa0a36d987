"""Accepts submissions, one or a batch: checks limits, stores the jobs, and returns the analyses."""

from collections.abc import Sequence

from api.errors import ApiError, InvalidRequest, placed
from api.fetching.policy import FetchPolicy
from api.operations.analyses.check_caps import check_caps, check_charges
from api.operations.analyses.open_analysis import open_analysis
from api.operations.analyses.read_analysis import FINISHED, read_analysis
from api.queue.enqueue import priority_of
from api.runtime.problem_details import to_problem
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_callbacks import add_callback, is_active
from api.storage.database.pool import Connection
from api.storage.keys.keys import KeyHolder
from api.storage.log.events import NewEvent, append_events
from api.web.urls import normalize, parse_target
from schemas.analyses import AcceptedBatch, Analysis, AnalysisBatch, AnalysisSubmission, BatchItem
from schemas.events import EventType
from schemas.problems import FieldError


async def accept_analysis(
    connection: Connection,
    runtime: Runtime,
    submission: AnalysisSubmission,
    holder: KeyHolder,
    *,
    charged: int,
    counted: bool,
) -> Analysis:
    """The account's analysis, in the caller's transaction together with its job.

    `charged` is the cost for the key; `counted` is false if Valkey could not count it, so the database does.
    Raises what `open_analysis`, `check_caps` and `check_charges` raise; InvalidRequest if the callback is not
    an active endpoint of the account. With a callback, the caller must end the transaction with
    `tell_answered`.
    """
    callback = submission.callback
    if callback is not None and not await is_active(connection, callback, holder.account_id):
        raise _no_callback()
    if not counted:
        await check_charges(connection, runtime, holder, charged)
    waiting = await check_caps(connection, runtime, submission, holder.account_id)
    analysis_id = await open_analysis(
        connection, runtime.clock, submission, holder, charged, priority=priority_of(waiting)
    )
    if callback is not None:
        await add_callback(connection, analysis_id, callback)
    return await read_analysis(connection, analysis_id, holder.account_id, runtime.base_url)


def _no_callback() -> InvalidRequest:
    detail = "It must be an active webhook endpoint of the account."
    error = FieldError(pointer="#/callback", parameter=None, code="not_active", detail=detail)
    return InvalidRequest(f"#/callback: {detail}", errors=[error])


async def accept_batch(
    connection: Connection,
    runtime: Runtime,
    policy: FetchPolicy,
    batch: AnalysisBatch,
    holder: KeyHolder,
    *,
    charged: int,
    counted: bool,
) -> AcceptedBatch:
    """One entry for each URL, with an analysis or a problem. Must be the transaction's last statement.

    `charged` is the cost of the whole batch. Raises Unavailable.
    """
    share = charged // len(batch.urls)
    data = []
    for number, url in enumerate(batch.urls):
        submission = AnalysisSubmission(url=url, max_age=batch.max_age, callback=batch.callback)
        try:
            check_submission(policy, submission, pointer=f"#/urls/{number}")
            async with connection.transaction():  # a savepoint, rolled back if the URL is refused
                analysis = await accept_analysis(
                    connection, runtime, submission, holder, charged=share, counted=counted
                )
        except ApiError as refused:
            if refused.status >= 500:
                raise
            problem = to_problem(refused, base_url=runtime.base_url)
            data.append(BatchItem(url=url, analysis=None, problem=problem))
        else:
            data.append(BatchItem(url=url, analysis=analysis, problem=None))
    accepted = [item.analysis for item in data if item.analysis is not None]
    await tell_answered(connection, runtime, holder.account_id, accepted)
    return AcceptedBatch(data=data)


def check_submission(policy: FetchPolicy, submission: AnalysisSubmission, *, pointer: str = "#/url") -> None:
    """Check the URL before anything is stored. Raises InvalidRequest and UrlNotAllowed."""
    if submission.url is None:
        return
    with placed(pointer=pointer):
        policy.refuse(parse_target(normalize(submission.url)))


async def tell_answered(
    connection: Connection, runtime: Runtime, account_id: str, accepted: Sequence[Analysis]
) -> None:
    """Append events for accepted analyses that are already finished and have a callback.

    Must be the transaction's last statement.
    """
    events = [
        NewEvent(
            id=runtime.clock.new_id("evt"),
            type=EventType.ANALYSIS_COMPLETED,
            account_id=account_id,
            story_id=analysis.result.story_id,
            data={
                "analysis_id": analysis.id,
                "url": analysis.url,
                "story_id": analysis.result.story_id,
                "verdict_id": analysis.result.verdict_id,
            },
        )
        for analysis in accepted
        if analysis.status in FINISHED and analysis.callbacks and analysis.result is not None
    ]
    await append_events(connection, events, runtime.clock.now())
