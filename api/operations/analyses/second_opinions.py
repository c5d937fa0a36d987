"""Queues second opinions: after a publication as the settings say, or when a client asks for one.

Why a story has none yet is a fact beside its verdict, like an alias: verdicts do not change, and a version for
each try would tell readers and subscribers nothing about the text. The transaction that changes it renders the
story.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article
from api.engines import LLM
from api.errors import (
    ApiError,
    Conflict,
    ModelBudgetSpent,
    ModelFailed,
    ModelNotConfigured,
    TextMustStay,
    TextNotHeld,
)
from api.operations.language_models.model_calls import check_budget
from api.operations.language_models.permissions import Withheld, why_story_withheld
from api.operations.language_models.wanted_opinions import may_judge_alone
from api.operations.stories.render_story import Rendered, render_story
from api.queue.enqueue import NOBODY_WAITS, SECOND_OPINION, enqueue_analyses, run_analysis_now
from api.runtime.runtime import Runtime
from api.storage.analyses import analysis_jobs
from api.storage.database.pool import Connection
from api.storage.stories import stories
from api.storage.stories.inputs import get_article
from api.storage.stories.proposals import find_proposal
from api.storage.stories.verdicts import VerdictRecord
from schemas.assessments import Assessment
from schemas.enums import InputKind, SecondOpinionState

if TYPE_CHECKING:  # the API, which asks and does not publish, does not load it
    from api.operations.stories.publish_story import Published

NOT_CONFIGURED: Final = "This service has no language model."
WITHHELD: Final = {
    Withheld.NEVER: "The texts of this source may not be sent to a language model.",
    Withheld.LOCAL_ONLY: "The texts of this source may only be sent to a model on the operator's machines.",
    Withheld.OPTED_OUT: "The page reserves its text against use by language models.",
    Withheld.OPT_OUTS_UNKNOWN: "Whether the page reserves its text is unknown until it is read again.",
}
NO_TEXT: Final = "This service does not store the verdict's text."


class Asked(Struct, kw_only=True, frozen=True):
    """What came of asking the model before a publication, without a second opinion.

    `state` is that of the story. If it is `pending`, the model may be asked again after `delay`.
    """

    state: SecondOpinionState | None = SecondOpinionState.PENDING
    delay: timedelta = timedelta(0)

    @property
    def is_open(self) -> bool:
        return self.state is SecondOpinionState.PENDING


async def queue_second_opinion(
    connection: Connection, runtime: Runtime, published: "Published", delay: timedelta | None = None
) -> None:
    """Queue the second opinion on a version that needs one, in its transaction; it runs after `delay`."""
    if published.second_opinion is not SecondOpinionState.PENDING:
        return
    job_id, now = runtime.clock.new_id("job"), runtime.clock.now()
    if await analysis_jobs.insert_verdict_job(
        connection,
        job_id=job_id,
        kind=InputKind.SECOND_OPINION,
        story_id=published.story_id,
        verdict_id=published.verdict_id,
        at=now,
    ):
        await enqueue_analyses(
            connection, [job_id], priority=NOBODY_WAITS, entrypoint=SECOND_OPINION, delay=delay
        )


async def hasten_second_opinion(runtime: Runtime, job_id: str) -> None:
    """End the delay of the second opinion on the version that a job has published, if it waits."""
    async with runtime.pool.transaction() as connection:
        job = await analysis_jobs.lock_job(connection, job_id)
        if job is None or job.verdict_id is None:
            return
        waiting = await analysis_jobs.find_open_verdict_job(
            connection, InputKind.SECOND_OPINION, job.verdict_id
        )
        if waiting is not None:
            await run_analysis_now(connection, waiting)


def state_after(error: ApiError) -> SecondOpinionState | None:
    """What an error says about the second opinion that should have come."""
    if isinstance(error, ModelFailed):
        return error.state
    if isinstance(error, ModelBudgetSpent):
        return SecondOpinionState.BUDGET_SPENT
    if isinstance(error, TextMustStay):
        return SecondOpinionState.WITHHELD
    return SecondOpinionState.UNAVAILABLE


async def end_second_opinion(
    connection: Connection, runtime: Runtime, job_id: str, state: SecondOpinionState | None
) -> Rendered | None:
    """Record what became of the second opinion that the job should bring, and render its story again.

    No version is made. None if nothing changes, also for a job of another kind.
    """
    story_id = await stories.end_second_opinion(connection, job_id, state, runtime.clock.now())
    return None if story_id is None else await render_story(connection, runtime, story_id)


async def check_askable(connection: Connection, runtime: Runtime, verdict: VerdictRecord) -> None:
    """Raises ModelNotConfigured, TextNotHeld, TextMustStay, ModelBudgetSpent, and Conflict without a score."""
    if await find_proposal(connection, verdict.input_digest, LLM.name) is not None:
        return
    if not runtime.settings.llm_url:
        raise ModelNotConfigured(NOT_CONFIGURED)
    stored = await get_article(connection, verdict.story_id, verdict.input_digest)
    if stored is None:
        raise TextNotHeld(NO_TEXT)
    assessment = msgspec.json.decode(verdict.assessment, type=Assessment)
    language = msgspec.json.decode(stored, type=Article).language
    spin, is_alone = assessment.spin, may_judge_alone(runtime.settings, assessment, language)
    if not is_alone and (spin is None or spin.satire):
        raise Conflict("The text was not scored, or is satire: there is nothing to ask a language model.")
    withheld = await why_story_withheld(connection, runtime.settings, verdict.story_id)
    if withheld is not None:
        raise TextMustStay(WITHHELD[withheld])
    await check_budget(connection, runtime)
