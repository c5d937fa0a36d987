"""Two assessments compared."""

from typing import Any

import msgspec

from api.analysis.engines.rules import RulesEngine
from api.analysis.text.spans import spans
from api.proposals.agreement import agreement
from schemas.agreements import Agreement
from schemas.assessments import Assessment
from schemas.enums import SpinType
from tests.kit.tables import each
from tests.kit.texts.answers import STORY
from tests.kit.texts.articles import article
from tests.kit.texts.taxonomy import TAXONOMY

ARTICLE = STORY.article
BY_RULES = RulesEngine().assess(ARTICLE, TAXONOMY)


def marking(numbers: list[int], **fields: Any) -> Assessment:
    """The assessment with one finding in each of these sentences, and other fields of its spin."""
    findings = [
        msgspec.structs.replace(
            BY_RULES.findings[0],
            id=f"f{at}",
            type=SpinType.HYPE,
            spans=spans(STORY.text, STORY.sentences[number].start, STORY.sentences[number].start + 5),
        )
        for at, number in enumerate(numbers, start=1)
    ]
    assert BY_RULES.spin is not None
    spin = msgspec.structs.replace(BY_RULES.spin, **({"score": 50, "primary": SpinType.HYPE} | fields))
    return msgspec.structs.replace(BY_RULES, findings=findings, spin=spin)


def compared(left: Assessment, right: Assessment) -> Agreement:
    found = agreement(left, right, ARTICLE)
    assert found is not None
    return found


class TestAgreement:
    def test_is_not_told_of_a_text_that_cannot_be_scored(self) -> None:
        refused = RulesEngine().assess(article("Pumps are made in Tarn again."), TAXONOMY)
        assert agreement(refused, BY_RULES, ARTICLE) is None
        assert agreement(BY_RULES, refused, ARTICLE) is None

    @each(
        ("left", "right", "share"),
        [([], [], 1.0), ([1], [], 0.0), ([1, 1, 2], [2, 3], 0.333), ([3, 1], [1, 3], 1.0), ([12], [11], 0.0)],
    )
    def test_counts_sentences_that_both_mark(self, left: list[int], right: list[int], share: float) -> None:
        assert compared(marking(left), marking(right)).findings == share

    def test_leaves_out_findings_without_a_type(self) -> None:
        one = marking([1])
        untyped = [msgspec.structs.replace(f, type=None) for f in one.findings]
        assert compared(msgspec.structs.replace(one, findings=untyped), marking([])).findings == 1.0

    @each(
        ("fields", "agrees", "contested"),
        [
            ({"score": 70}, True, False),
            ({"score": 71}, True, True),
            ({"score": 29}, True, True),
            ({"primary": SpinType.FOG}, False, True),
        ],
    )
    def test_is_contested_by_type_or_by_more_than_twenty_points(
        self, fields: dict[str, Any], agrees: bool, contested: bool
    ) -> None:
        found = compared(marking([]), marking([], **fields))
        assert (found.type, found.contested) == (agrees, contested)
        assert found.score_distance == abs(fields.get("score", 50) - 50)

    def test_names_the_other_judge(self) -> None:
        engine = msgspec.structs.replace(BY_RULES.engine, name="other")
        found = compared(marking([]), msgspec.structs.replace(marking([], score=60), engine=engine))
        assert (found.other.engine, found.other.score) == (engine, 60)
