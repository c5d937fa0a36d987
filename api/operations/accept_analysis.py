"""A submission at the door: refused where nothing could come of it, else stored and shown."""

from api.analysis.urls import normalize, parse_target
from api.errors import InvalidRequest, QuotaExceeded, UrlNotAllowed
from api.fetching.policy import FetchPolicy
from api.operations.read_analysis import read_analysis
from api.operations.runtime import Runtime
from api.operations.submit_analysis import submit_analysis
from api.storage.analyses import count_open_analyses
from api.storage.keys import KeyHolder
from schemas.analyses import Analysis, AnalysisSubmission
from schemas.problems import FieldError

RETRY_AFTER_S = 10  # several analyses end in that time on the smallest worker


async def accept_analysis(
    runtime: Runtime, policy: FetchPolicy, submission: AnalysisSubmission, holder: KeyHolder
) -> Analysis:
    """The account's analysis, in one transaction with its job.

    Raises what `submit_analysis` raises, UrlNotAllowed also for an address or port that is never contacted,
    QuotaExceeded when the account has as many unfinished analyses as it may. The count is not locked: calls of
    the same moment may go over it by their number.
    """
    if submission.url is not None:
        try:
            policy.refuse(parse_target(normalize(submission.url)))
        except (InvalidRequest, UrlNotAllowed) as refused:
            refused.errors = [FieldError(pointer="#/url", parameter=None, code="url", detail=refused.detail)]
            raise
    most = runtime.settings.max_open_analyses
    async with runtime.pool.transaction() as connection:
        if await count_open_analyses(connection, holder.account_id, most) >= most:
            raise QuotaExceeded(
                f"The account has {most} unfinished analyses, the most it may have.",
                retry_after=RETRY_AFTER_S,
            )
        analysis_id = await submit_analysis(connection, runtime.clock, submission, holder)
        return await read_analysis(connection, analysis_id, holder.account_id, runtime.base_url)
