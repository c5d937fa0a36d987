"""Reads a verdict's text again without some of its sentences, by the engine that made the verdict. No network."""

from api.errors import EngineNotInstalled, TextNotHeld
from api.jobs.reproduction_task import read_without_sentences
from api.jobs.verdict_input import load_verdict_input
from api.jobs.worker_context import Run, WorkerContext
from api.operations.analyses.request_verdict_job import NO_ENGINE
from api.operations.analyses.second_opinions import NO_TEXT
from api.storage.analyses.analysis_jobs import JobState
from schemas.score_explanations import ReadAgain


async def explain_verdict(context: WorkerContext, job: JobState, run: Run) -> tuple[str, list[ReadAgain]]:
    """The digest of the verdict's engine, and the readings.

    Raises Gone if the story was retracted meanwhile, TextNotHeld, EngineNotInstalled, ProcessCrashed and
    ProcessTimeout.
    """
    found = await load_verdict_input(context, job)
    if found.article is None:
        raise TextNotHeld(NO_TEXT)
    if not found.is_taxonomy_installed:
        raise EngineNotInstalled(NO_ENGINE)
    readings: list[ReadAgain] | None = await found.runner(context, run)(
        read_without_sentences,
        found.article,
        found.verdict.assessment,
        context.runtime.taxonomy,
        found.rulings,
        found.recorded,
        found.engine.load,
        found.proposal,
    )
    if readings is None:
        raise EngineNotInstalled(NO_ENGINE)
    return found.recorded.digest, readings
