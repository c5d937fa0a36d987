"""The recorded answers on the sample stories: what of them a verdict has, and what falls."""

from typing import Any

import msgspec
import pytest

from api.operations.exports.seed import load_sample_stories, sample_article, sample_proposal
from api.proposals.engine import LanguageModelEngine
from schemas.assessments import Assessment
from schemas.enums import Writer
from tests.kit.texts.taxonomy import TAXONOMY

LEAST = 20  # sentences that a model should write of a story
MOST_DROPPED = 0.03  # of the parts of all answers
ENGINE = LanguageModelEngine()
# The fields with sentences, by their writers' paths.
FIELDS = (
    "deck", "summary", "tldr", "frame", "objective", "spin.emphasis", "mechanics.plain_english",
    "mechanics.believe", "mechanics.hard_to_question", "mechanics.how", "integrity.likely_ai_summary",
    "integrity.faithful_summary", "spin_vs_substance", "questions_raised", "left_out", "beneficiaries",
    "findings",
)  # fmt: skip


def written(assessment: Assessment) -> int:
    """The sentences by the model; a summary has several, a contrast two."""
    assert assessment.model is not None
    found: dict[str, Any] = msgspec.to_builtins(assessment)
    count = 0
    for path in FIELDS:
        if assessment.model.written_by[path] is not Writer.RECORDED:
            continue
        value: Any = found
        for name in path.split("."):
            value = value[name]
        count += (
            2 * len(value) if path == "spin_vs_substance" else len(value) if isinstance(value, list) else 1
        )
        count += value.count(". ") if path == "summary" else 0
    return count


@pytest.mark.slow
def test_give_long_verdicts_of_which_little_falls() -> None:
    passed = dropped = 0
    short: dict[str, int] = {}
    for sample in load_sample_stories():
        given = sample_proposal(sample)
        if given is None:
            continue
        assessment = ENGINE.assess(sample_article(sample), TAXONOMY, (), given)
        assert assessment.model is not None
        passed += assessment.model.passed
        dropped += sum(assessment.model.dropped.values())
        if (count := written(assessment)) < LEAST:
            short[sample.name] = count
    assert short == {}
    assert 0 < dropped / (passed + dropped) <= MOST_DROPPED
