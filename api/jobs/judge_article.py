"""Judges an article, after getting a proposal from the engine if it needs one."""

from collections.abc import Sequence

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.jobs.worker_context import Run, WorkerContext
from api.pages.reader import Reading, read_article
from api.storage.stories.proposals import ProposalKey, get_proposal, put_proposal


async def judge_article(
    context: WorkerContext, run: Run, job_id: str, article: Article, rulings: Sequence[Ruling]
) -> Reading:
    """The reading by the worker's engine. No transaction is open while the engine proposes.

    Raises what the engine's `propose` raises, ProcessCrashed and ProcessTimeout.
    """
    taxonomy = context.runtime.taxonomy
    proposal = await _proposal(context, job_id, article)
    reading: Reading = await run(read_article, article, taxonomy, rulings, context.engine.load, proposal)
    return reading


async def _proposal(context: WorkerContext, job_id: str, article: Article) -> bytes | None:
    """The stored proposal, or a new one. If two workers ask at once, the first answer is stored."""
    engine, runtime = context.engine, context.runtime
    if engine.propose is None:
        return None
    key = ProposalKey(input_digest=article.digest, engine=engine.name, prompt=engine.prompt)
    async with runtime.pool.connection() as connection:
        stored = await get_proposal(connection, key)
    if stored is not None:
        return stored
    proposed = await engine.proposal(article, runtime.taxonomy)
    if proposed is None:
        return None
    async with runtime.pool.transaction() as connection:
        return await put_proposal(connection, key, job_id, proposed, runtime.clock.now())
