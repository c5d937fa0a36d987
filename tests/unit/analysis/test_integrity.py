"""Integrity: evidence, verification, risks with reasons, and what a summariser would make of it."""

import pytest

from api.analysis.ai_summaries import likely_summary, repeated_claim
from api.analysis.claims import CentralClaim, central_claims
from api.analysis.evidence_strength import evidence_strength
from api.analysis.rules import RulesEngine
from api.analysis.sentence_features import sentence_features
from schemas.assessments import Integrity
from schemas.enums import EvidenceStrength, Risk, Verification
from tests.articles import article, document
from tests.framed_texts import HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE
from tests.taxonomy import TAXONOMY

FILLER = "\n\n" + "The valley is wide, and the river runs through it from the north to the south. " * 4


def central(body: str) -> tuple[CentralClaim, ...]:
    read = document(body)
    return central_claims(read, sentence_features(read))


def integrity_of(story: tuple[str, str]) -> Integrity:
    assessment = RulesEngine().assess(article(story[1] + FILLER, story[0]), TAXONOMY)
    assert assessment.integrity is not None
    return assessment.integrity


class TestEvidenceStrength:
    def test_of_nothing_is_none(self) -> None:
        assert evidence_strength(document("")) is EvidenceStrength.NONE

    def test_is_higher_for_a_sourced_report_than_for_slogans(self) -> None:
        steps = list(EvidenceStrength)
        found = []
        for title, body in (STAMPEDE, PLAIN_LAYOFF):
            read = document(body, title)
            found.append(steps.index(evidence_strength(read)))
        assert found[0] < found[1]


class TestLikelySummary:
    @pytest.mark.parametrize(
        ("sentence", "repeated"),
        [
            (
                "According to the town engineer, both roofs of the old pools failed an inspection in March.",
                "Both roofs of the old pools failed an inspection in March.",
            ),
            (
                "Corvell said that the new pump uses 38 percent less power than the old one.",
                "The new pump uses 38 percent less power than the old one.",
            ),
            (
                "The new pump uses 38 percent less power than the old one, the company said.",
                "The new pump uses 38 percent less power than the old one.",
            ),
            (
                "The new pump uses 38 percent less power than the old one.",
                "The new pump uses 38 percent less power than the old one.",
            ),
        ],
    )
    def test_loses_the_attribution_as_retellings_do(self, sentence: str, repeated: str) -> None:
        assert likely_summary(central(sentence)[0]) == repeated

    def test_is_never_a_sentence_that_is_cut(self) -> None:
        assert repeated_claim(central("The pump that Corvell makes in Tarn uses so much less " * 12)) is None


class TestIntegrity:
    def test_gives_reasons_for_every_risk_above_low(self) -> None:
        for story in (HYPE, STAMPEDE, PLAIN_REPORT):
            found = integrity_of(story)
            assert (found.narrative_risk is Risk.LOW) == (found.narrative_risk_reasons == [])
            assert (found.ai_repetition_risk is Risk.LOW) == (found.ai_repetition_risk_reasons == [])

    def test_sees_more_risk_in_hype_than_in_a_report(self) -> None:
        order = [Risk.LOW, Risk.MODERATE, Risk.HIGH]
        assert order.index(integrity_of(HYPE).narrative_risk) > order.index(
            integrity_of(PLAIN_REPORT).narrative_risk
        )

    def test_restores_source_and_whole_sentence_in_the_faithful_summary(self) -> None:
        found = integrity_of(HYPE)
        assert found.likely_ai_summary is not None
        assert found.faithful_summary is not None
        assert found.faithful_summary.startswith("According to ")
        assert found.likely_ai_summary.rstrip(".")[1:] in found.faithful_summary

    def test_never_says_that_the_world_was_asked(self) -> None:
        outside = {Verification.CORROBORATED, Verification.DISPUTED, Verification.CONTRADICTED}
        assert not outside & {integrity_of(story).verification for story in (HYPE, PLAIN_REPORT)}
