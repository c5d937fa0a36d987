"""Queues second opinions: after a publication as the settings say, or when a client asks for one."""

from typing import TYPE_CHECKING, Final

import msgspec

from api.analysis.text.article import Article
from api.engines import LLM
from api.errors import Conflict, ModelNotConfigured, TextMustStay, TextNotHeld
from api.operations.language_models.model_calls import check_budget
from api.operations.language_models.permissions import Withheld, why_story_withheld
from api.operations.language_models.wanted_opinions import may_judge_alone
from api.operations.stories.render_story import Rendered, render_story
from api.queue.enqueue import NOBODY_WAITS, SECOND_OPINION, enqueue_analyses
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


async def queue_second_opinion(connection: Connection, runtime: Runtime, published: "Published") -> None:
    """Queue the second opinion on a version that needs one, in its transaction."""
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
        await enqueue_analyses(connection, [job_id], priority=NOBODY_WAITS, entrypoint=SECOND_OPINION)


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
