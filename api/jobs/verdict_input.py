"""Loads the input of a stored verdict for a second judgement by its own engine."""

from dataclasses import dataclass

import msgspec

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.engines import LLM, EngineSpec, engine_named
from api.jobs.run_engine import runner_of
from api.jobs.worker_context import Run, WorkerContext
from api.operations.stories.resolve_story import gone
from api.storage.analyses.analysis_jobs import JobState
from api.storage.stories.inputs import get_article
from api.storage.stories.proposals import ProposalKey, get_proposal
from api.storage.stories.retractions import get_tombstone
from api.storage.stories.verdicts import VerdictRecord, get_verdict
from schemas.assessments import Assessment, EngineRef


@dataclass(frozen=True, kw_only=True)
class VerdictInput:
    """A verdict with what its engine read, and the rulings of the verdict, not the current ones.

    `engine` has the name of the verdict's engine, or is the worker's own; its digest may be another. `article` is
    None if the text is not stored, or if the engine lacks the proposal on which its judgement depends.
    """

    verdict: VerdictRecord
    engine: EngineSpec
    article: Article | None
    rulings: list[Ruling]
    proposal: bytes | None
    is_taxonomy_installed: bool

    @property
    def lacks_proposal(self) -> bool:
        """Whether the engine judges by a stored proposal, and there is none."""
        return not self.engine.repeatable and self.proposal is None

    @property
    def recorded(self) -> EngineRef:
        """The engine of the verdict."""
        verdict = self.verdict
        return EngineRef(
            name=verdict.engine_name, version=verdict.engine_version, digest=verdict.engine_digest
        )

    def runner(self, context: WorkerContext, run: Run) -> Run:
        """See `runner_of`."""
        return runner_of(context, self.engine, run)


async def load_verdict_input(context: WorkerContext, job: JobState) -> VerdictInput:
    """Raises Gone if the story was retracted meanwhile."""
    assert job.verdict_id is not None, "such a job names its verdict"
    async with context.runtime.pool.connection() as connection:
        verdict = await get_verdict(connection, job.verdict_id)
        assert verdict is not None, "a verdict is never deleted"
        if await get_tombstone(connection, verdict.story_id) is not None:
            raise await gone(connection, verdict.story_id)
        stored = await get_article(connection, verdict.story_id, verdict.input_digest)
        engine = engine_named(verdict.engine_name, context.engines) or context.engine
        prompt = _answers_of(verdict) if engine.name == LLM.name else engine.prompt
        key = ProposalKey(input_digest=verdict.input_digest, engine=engine.name, prompt=prompt)
        proposal = None if engine.repeatable else await get_proposal(connection, key)
    is_repeatable = engine.repeatable or proposal is not None
    return VerdictInput(
        verdict=verdict,
        engine=engine,
        article=msgspec.json.decode(stored, type=Article) if stored is not None and is_repeatable else None,
        rulings=msgspec.json.decode(verdict.rulings, type=list[Ruling]),
        proposal=proposal,
        is_taxonomy_installed=verdict.taxonomy_version == context.runtime.taxonomy.version,
    )


def _answers_of(verdict: VerdictRecord) -> str:
    """The digest of the stored answers on which a verdict rests."""
    used = msgspec.json.decode(verdict.assessment, type=Assessment).model
    return used.proposal if used else ""
