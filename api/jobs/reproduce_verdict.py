"""Reproduces a verdict: judges its stored input again and compares. No network."""

import asyncio
from functools import partial
from typing import Any, Final

import msgspec

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.engines import engine_named
from api.equal_digests import same_engine
from api.jobs.reproduction_task import SecondReading, judge_again
from api.jobs.worker_context import Run, WorkerContext
from api.operations.analyses.compare_assessments import compare_assessments
from api.operations.stories.resolve_story import gone
from api.processes import Processes
from api.settings import Settings
from api.storage.analyses.analysis_jobs import JobState
from api.storage.stories.inputs import get_article
from api.storage.stories.proposals import ProposalKey, get_proposal
from api.storage.stories.retractions import get_tombstone
from api.storage.stories.verdicts import VerdictRecord, get_verdict
from schemas.assessments import EngineRef
from schemas.enums import ReproductionObstacle, ReproductionOutcome
from schemas.reproductions import Reproduction

MAX_NAMED: Final = 100  # differing fields in the answer


async def reproduce_verdict(context: WorkerContext, job: JobState, run: Run) -> Reproduction:
    """Judge with the rulings of the verdict, not the current ones.

    Raises Gone if the story was retracted meanwhile, ProcessCrashed and ProcessTimeout.
    """
    assert job.verdict_id is not None, "a job of kind reproduction names its verdict"
    async with context.runtime.pool.connection() as connection:
        verdict = await get_verdict(connection, job.verdict_id)
        assert verdict is not None, "a verdict is never deleted"
        if await get_tombstone(connection, verdict.story_id) is not None:
            raise await gone(connection, verdict.story_id)
        stored = await get_article(connection, verdict.story_id, verdict.input_digest)
        engine = engine_named(verdict.engine_name, context.engines) or context.engine
        key = ProposalKey(input_digest=verdict.input_digest, engine=engine.name, prompt=engine.prompt)
        proposal = None if engine.propose is None else await get_proposal(connection, key)
    taxonomy = context.runtime.taxonomy
    is_reproducible = stored is not None and verdict.taxonomy_version == taxonomy.version
    article = msgspec.json.decode(stored, type=Article) if is_reproducible and stored is not None else None
    rulings = msgspec.json.decode(verdict.rulings, type=list[Ruling])
    recorded = EngineRef(
        name=verdict.engine_name, version=verdict.engine_version, digest=verdict.engine_digest
    )
    if not engine.repeatable and proposal is None:
        article = None  # its judgement depends on its proposal
    if engine is not context.engine:
        run = partial(_run_once, context.runtime.settings, engine.preload)
    reading: SecondReading = await run(
        judge_again, article, taxonomy, rulings, recorded, engine.load, proposal
    )
    if reading.assessment is not None:
        return _compared(verdict, recorded, reading, reading.assessment)
    if not same_engine(reading.engine.digest, recorded.digest):
        obstacle = ReproductionObstacle.ENGINE_NOT_INSTALLED
    elif stored is None or (article is None and is_reproducible):
        obstacle = ReproductionObstacle.TEXT_NOT_HELD
    else:
        obstacle = ReproductionObstacle.TAXONOMY_NOT_INSTALLED
    return Reproduction(
        verdict_id=verdict.id,
        outcome=ReproductionOutcome.UNAVAILABLE,
        obstacle=obstacle,
        recorded=recorded,
        installed=reading.engine,
        differing=0,
        differences=[],
    )


async def _run_once(settings: Settings, preload: tuple[str, ...], task: Any, *arguments: Any) -> Any:
    """Run in a new process with the other profile's engine, which takes seconds to load."""
    processes = Processes(
        size=1,
        memory_mb=settings.analysis_memory_mb,
        cpu_s=settings.analysis_timeout_s,
        preload=preload,
        keeps_server=False,
    )
    try:
        return await processes.run(task, *arguments)
    finally:
        await asyncio.to_thread(processes.close)


def _compared(
    verdict: VerdictRecord, recorded: EngineRef, reading: SecondReading, assessment: bytes
) -> Reproduction:
    differing = compare_assessments(verdict.assessment, assessment)
    return Reproduction(
        verdict_id=verdict.id,
        outcome=ReproductionOutcome.DIFFERENCES if differing else ReproductionOutcome.IDENTICAL,
        obstacle=None,
        recorded=recorded,
        installed=reading.engine,
        differing=len(differing),
        differences=differing[:MAX_NAMED],
    )
