"""Chooses which of two judgements of a text is published."""

from typing import Final

from msgspec.structs import replace

from api.pages.model_tasks import BothReadings
from api.pages.reader import Reading
from schemas.assessments import Assessment

MAX_BELOW: Final = 20  # points


def chosen(found: BothReadings, publishes: str) -> Reading:
    """The reading with the published assessment and the other one; by rules alone if the answers cannot be used.

    `publishes` is the setting `llm_publishes`. `agreed` protects from a text that orders the model to clear it:
    the model's judgement must name the rules' type, and no score more than 20 points lower. In a language that
    the rules cannot read, the model judges alone unless `publishes` is `rules`.
    """
    both, reading = found.both, found.reading
    if both.refusal is not None:
        return reading
    if both.published_llm is None or both.published_rules is None:
        return reading if publishes == "rules" else replace(reading, assessment=both.llm)
    is_milder = not both.published_llm.type or _score(both.llm) < _score(both.rules) - MAX_BELOW
    if publishes == "llm" or (publishes == "agreed" and not is_milder):
        return replace(reading, assessment=both.llm, second=both.rules, agreement=both.published_llm)
    return replace(reading, second=both.llm, agreement=both.published_rules)


def _score(assessment: Assessment) -> int:
    return assessment.spin.score if assessment.spin else 0
