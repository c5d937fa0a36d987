"""A submission at the door: stored with its job, and shown, where the account may have one more."""

from api.operations.check_caps import check_caps
from api.operations.check_charges import check_charges
from api.operations.read_analysis import read_analysis
from api.operations.runtime import Runtime
from api.operations.submit_analysis import submit_analysis
from api.storage.keys import KeyHolder
from api.storage.pool import Connection
from schemas.analyses import Analysis, AnalysisSubmission


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
    what `submit_analysis`, `check_caps` and `check_charges` raise.
    """
    if not counted:
        await check_charges(connection, runtime, holder, charged)
    await check_caps(connection, runtime, submission, holder.account_id)
    analysis_id = await submit_analysis(connection, runtime.clock, submission, holder, charged)
    return await read_analysis(connection, analysis_id, holder.account_id, runtime.base_url)
