"""Judges an article, after getting a proposal from the engine if it needs one."""

from collections.abc import Sequence

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.engines import LLM
from api.jobs.run_engine import runner_of
from api.jobs.worker_context import Run, WorkerContext
from api.operations.stories.two_judges import chosen
from api.pages.model_tasks import BothReadings, read_by_both
from api.pages.reader import Reading, read_article
from api.proposals.grounded import Refusal
from api.storage.stories.proposals import ProposalKey, find_proposal, get_proposal, put_proposal


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


async def held_proposal(context: WorkerContext, article: Article) -> bytes | None:
    """The language model's stored proposal for an article; None if there is none.

    An engine with proposals of its own has no second judge.
    """
    if context.engine.propose is not None:
        return None
    async with context.runtime.pool.connection() as connection:
        return await find_proposal(connection, article.digest, LLM.name)


async def judge_by_both(
    context: WorkerContext, run: Run, article: Article, rulings: Sequence[Ruling], proposal: bytes
) -> tuple[Reading, Refusal | None]:
    """The reading by rules and by the model's proposal, or why the proposal cannot be used.

    The setting `llm_publishes` chooses the published one. Raises ProcessCrashed and ProcessTimeout.
    """
    runtime = context.runtime
    found: BothReadings = await runner_of(context, LLM, run)(
        read_by_both, article, runtime.taxonomy, rulings, proposal
    )
    return chosen(found, runtime.settings.llm_publishes), found.both.refusal


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
