"""Queues second opinions: after a publication as the settings say, or when a client asks for one."""

from typing import TYPE_CHECKING, Final

import msgspec

from api.analysis.text.article import Article
from api.engines import LLM
from api.errors import Conflict, ModelNotConfigured, TextMustStay, TextNotHeld
from api.operations.language_models.model_calls import check_budget
from api.operations.language_models.permissions import Withheld, why_story_withheld
from api.queue.enqueue import NOBODY_WAITS, SECOND_OPINION, enqueue_analyses
from api.runtime.runtime import Runtime
from api.settings import Settings
from api.storage.analyses import analysis_jobs
from api.storage.database.pool import Connection
from api.storage.stories.inputs import get_article
from api.storage.stories.proposals import find_proposal
from api.storage.stories.verdicts import VerdictRecord
from schemas.assessments import Assessment
from schemas.enums import InputKind, NotScorableReason, StoryStatus

if TYPE_CHECKING:  # the API, which asks and does not publish, loads neither
    from api.operations.stories.edition import Edition
    from api.operations.stories.publish_story import Published

NOT_CONFIGURED: Final = "This service has no language model."
WITHHELD: Final = {
    Withheld.NEVER: "The texts of this source may not be sent to a language model.",
    Withheld.LOCAL_ONLY: "The texts of this source may only be sent to a model on the operator's machines.",
    Withheld.OPTED_OUT: "The page reserves its text against use by language models.",
    Withheld.OPT_OUTS_UNKNOWN: "Whether the page reserves its text is unknown until it is read again.",
}
NO_TEXT: Final = "This service does not store the verdict's text."


def is_wanted(settings: Settings, assessment: Assessment, language: str | None = None) -> bool:
    """Whether the settings want a second opinion on a text in `language` that the rules judge so.

    In a language that they cannot read, the rules are as unsure as they can be.
    """
    spin = assessment.spin
    if not settings.llm_url:
        return False
    if spin is None or assessment.status is not StoryStatus.SCORED:
        return settings.llm_when in ("all", "unsure") and may_judge_alone(settings, assessment, language)
    if spin.satire:
        return False
    if settings.llm_when == "above_score":
        assert settings.llm_above_score is not None, "the settings were checked"
        return spin.score > settings.llm_above_score
    if settings.llm_when == "unsure":
        return spin.confidence is None or spin.confidence < settings.llm_below_confidence
    return settings.llm_when == "all"


def may_judge_alone(settings: Settings, assessment: Assessment, language: str | None) -> bool:
    """Whether the rules refuse the text for its language alone, and the model's judgement would be published."""
    refusal = assessment.not_scorable
    return (
        refusal is not None
        and refusal.reason is NotScorableReason.UNSUPPORTED_LANGUAGE
        and language in LLM.languages
        and settings.llm_publishes != "rules"
    )


async def queue_second_opinion(
    connection: Connection, runtime: Runtime, edition: "Edition", published: "Published"
) -> None:
    """Queue the second opinion on a version that a reading by rules alone has made, in its transaction."""
    if not published.verdict_is_new or edition.by_model:
        return
    settings = runtime.settings
    if not is_wanted(settings, edition.assessment, edition.article.language):
        return
    if await why_story_withheld(connection, settings, published.story_id) is not None:
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
