"""Takes many pages at once: each is accepted or refused by itself, all in one transaction."""

from api.errors import ApiError
from api.fetching.policy import FetchPolicy
from api.operations.analyses.accept_analysis import accept_analysis
from api.operations.analyses.check_submission import check_submission
from api.operations.analyses.notify_callbacks import tell_answered
from api.runtime.problem_details import to_problem
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.keys.keys import KeyHolder
from schemas.analyses import AcceptedBatch, AnalysisBatch, AnalysisSubmission, BatchItem


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
    """One entry a URL; what an analysis of it alone would be refused for stands there as its problem.

    `charged` is what the key pays for all of them. To be the transaction's last act. Raises Unavailable.
    """
    share = charged // len(batch.urls)
    data = []
    for url in batch.urls:
        submission = AnalysisSubmission(url=url, max_age=batch.max_age, callback=batch.callback)
        try:
            check_submission(policy, submission)
            async with connection.transaction():  # what a refused one wrote goes with it
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
