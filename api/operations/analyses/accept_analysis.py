"""A submission at the door: stored with its job, and shown, where the account may have one more."""

from api.errors import InvalidRequest
from api.operations.analyses.check_caps import check_caps
from api.operations.analyses.quota_fallback import check_charges
from api.operations.analyses.read_analysis import read_analysis
from api.operations.analyses.submit_analysis import submit_analysis
from api.queue.enqueue import priority_of
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_callbacks import add_callback, is_active
from api.storage.database.pool import Connection
from api.storage.keys.keys import KeyHolder
from schemas.analyses import Analysis, AnalysisSubmission
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

    `charged` is what the key pays; where no quota was asked for it (`counted` false), the database is. Raises
    what `submit_analysis`, `check_caps` and `check_charges` raise; InvalidRequest for a callback that is not an
    active endpoint of the account. Whoever accepts callbacks calls `tell_answered` at the end of the transaction.
    """
    callback = submission.callback
    if callback is not None and not await is_active(connection, callback, holder.account_id):
        raise _no_callback()
    if not counted:
        await check_charges(connection, runtime, holder, charged)
    waiting = await check_caps(connection, runtime, submission, holder.account_id)
    analysis_id = await submit_analysis(
        connection, runtime.clock, submission, holder, charged, priority=priority_of(waiting)
    )
    if callback is not None:
        await add_callback(connection, analysis_id, callback)
    return await read_analysis(connection, analysis_id, holder.account_id, runtime.base_url)


def _no_callback() -> InvalidRequest:
    detail = "It is not an active webhook endpoint of the account."
    error = FieldError(pointer="#/callback", parameter=None, code="not_active", detail=detail)
    return InvalidRequest(f"#/callback: {detail}", errors=[error])
