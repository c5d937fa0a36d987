"""A submission at the door: stored with its job, and shown, where the account may have one more."""

from api.errors import QuotaExceeded
from api.operations.read_analysis import read_analysis
from api.operations.runtime import Runtime
from api.operations.submit_analysis import submit_analysis
from api.storage.analyses import count_open_analyses
from api.storage.keys import KeyHolder
from api.storage.pool import Connection
from schemas.analyses import Analysis, AnalysisSubmission

RETRY_AFTER_S = 10  # several analyses end in that time on the smallest worker


async def accept_analysis(
    connection: Connection, runtime: Runtime, submission: AnalysisSubmission, holder: KeyHolder
) -> Analysis:
    """The account's analysis, in the caller's transaction together with its job.

    Raises what `submit_analysis` raises, and QuotaExceeded when the account has as many unfinished analyses as
    it may. The count is not locked: calls of the same moment may go over it by their number.
    """
    most = runtime.settings.max_open_analyses
    if await count_open_analyses(connection, holder.account_id, most) >= most:
        raise QuotaExceeded(
            f"The account has {most} unfinished analyses, the most it may have.",
            retry_after=RETRY_AFTER_S,
        )
    analysis_id = await submit_analysis(connection, runtime.clock, submission, holder)
    return await read_analysis(connection, analysis_id, holder.account_id, runtime.base_url)
