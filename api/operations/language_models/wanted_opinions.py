"""Which texts need a second opinion."""

from api.engines import LLM
from api.operations.language_models.permissions import why_story_withheld
from api.settings import Settings
from api.storage.database.pool import Connection
from schemas.assessments import Assessment
from schemas.enums import NotScorableReason, SecondOpinionState, StoryStatus


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


async def second_opinion_due(
    connection: Connection, settings: Settings, story_id: str, assessment: Assessment, language: str | None
) -> SecondOpinionState | None:
    """`pending` if the model must be asked about a story that the rules judge so, `withheld` if it must not be.

    None if no second opinion is needed. Raises LookupError for a story that is not stored.
    """
    if not is_wanted(settings, assessment, language):
        return None
    withheld = await why_story_withheld(connection, settings, story_id)
    return SecondOpinionState.PENDING if withheld is None else SecondOpinionState.WITHHELD
