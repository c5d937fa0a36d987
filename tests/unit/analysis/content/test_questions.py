"""Questions that name a party name the one whose action is claimed, and do not guess pronouns."""

import pytest

from api.analysis.content.questions import _party
from api.analysis.engines.rules import RulesEngine
from schemas.assessments import Assessment
from schemas.enums import EntityType
from tests.kit.texts.articles import article
from tests.kit.texts.taxonomy import TAXONOMY

ENGINE = RulesEngine()
REST = (
    "The town lies on the Tarn, and its market opens at seven every day of the week but Sunday. "
    "The mill by the bridge was built in the days of the canal, and most of its floors stand empty. "
)


def assess(body: str, title: str) -> Assessment:
    return ENGINE.assess(article(body, title), TAXONOMY)


class TestAParty:
    @pytest.mark.parametrize(
        ("claim", "named"),
        [
            ("Quillon Robotics cuts the time of every repair by half, the fastest on the market.", True),
            ("The Quillon Robotics arm cuts the time of every repair by half.", True),
            ("Its arm cuts the time of every repair by half, as a pilot at Quillon Robotics showed.", False),
        ],
    )
    def test_is_whom_the_claim_begins_with(self, claim: str, named: bool) -> None:

        said = assess(f"{claim} {REST * 3}Quillon Robotics makes arms. {REST}", "An arm for repairs")
        assert any(
            e.name == "Quillon Robotics" and e.type is EntityType.ORGANIZATION for e in said.entities or []
        )
        (found,) = [c for c in said.claims if c.text and c.text.strip() == claim]
        assert (_party(found, said.entities or []) == "Quillon Robotics") is named


class TestAnAnswer:
    def test_is_not_taken_from_a_pronoun(self) -> None:
        body = (
            f"{REST}“The bridge is safe and will carry lorries for fifty years,” said Ida Rem, an engineer. "
            "Bo Ek of the council, who ordered the inspection, was not so sure. "
            "“The bridge has lost a third of its steel since the flood,” he said. " + REST * 2
        )
        answered = assess(body, "Engineers differ over the old bridge").questions_answered or []
        assert all("third of its steel" not in q.question for q in answered)
