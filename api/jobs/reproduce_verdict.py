"""Reproduces a verdict: judges its stored input again and compares. No network."""

from typing import Final

from api.equal_digests import same_engine
from api.jobs.reproduction_task import SecondReading, judge_again
from api.jobs.verdict_input import load_verdict_input
from api.jobs.worker_context import Run, WorkerContext
from api.operations.analyses.compare_assessments import compare_assessments
from api.storage.analyses.analysis_jobs import JobState
from api.storage.stories.verdicts import VerdictRecord
from schemas.assessments import EngineRef
from schemas.enums import ReproductionObstacle, ReproductionOutcome
from schemas.reproductions import Reproduction

MAX_NAMED: Final = 100  # differing fields in the answer


async def reproduce_verdict(context: WorkerContext, job: JobState, run: Run) -> Reproduction:
    """Raises Gone if the story was retracted meanwhile, ProcessCrashed and ProcessTimeout."""
    found = await load_verdict_input(context, job)
    reading: SecondReading = await found.runner(context, run)(
        judge_again,
        found.article if found.is_taxonomy_installed else None,
        context.runtime.taxonomy,
        found.rulings,
        found.recorded,
        found.engine.load,
        found.proposal,
    )
    if reading.assessment is not None:
        return _compared(found.verdict, found.recorded, reading, reading.assessment)
    if not same_engine(reading.engine.digest, found.recorded.digest):
        obstacle = ReproductionObstacle.ENGINE_NOT_INSTALLED
    elif found.lacks_proposal:
        obstacle = ReproductionObstacle.PROPOSAL_NOT_HELD
    elif found.article is None:
        obstacle = ReproductionObstacle.TEXT_NOT_HELD
    else:
        obstacle = ReproductionObstacle.TAXONOMY_NOT_INSTALLED
    return Reproduction(
        verdict_id=found.verdict.id,
        outcome=ReproductionOutcome.UNAVAILABLE,
        obstacle=obstacle,
        recorded=found.recorded,
        installed=reading.engine,
        differing=0,
        differences=[],
    )


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
