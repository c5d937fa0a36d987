"""Answered questions do not guess pronouns."""

from api.analysis.engines.rules import RulesEngine
from schemas.assessments import Assessment
from tests.kit.texts.articles import article
from tests.kit.texts.taxonomy import TAXONOMY

ENGINE = RulesEngine()
REST = (
    "The town lies on the Tarn, and its market opens at seven every day of the week but Sunday. "
    "The mill by the bridge was built in the days of the canal, and most of its floors stand empty. "
)


def assess(body: str, title: str) -> Assessment:
    return ENGINE.assess(article(body, title), TAXONOMY)


class TestAnAnswer:
    def test_is_not_taken_from_a_pronoun(self) -> None:
        body = (
            f"{REST}“The bridge is safe and will carry lorries for fifty years,” said Ida Rem, an engineer. "
            "Bo Ek of the council, who ordered the inspection, was not so sure. "
            "“The bridge has lost a third of its steel since the flood,” he said. " + REST * 2
        )
        answered = assess(body, "Engineers differ over the old bridge").questions_answered or []
        assert all("third of its steel" not in q.question for q in answered)
