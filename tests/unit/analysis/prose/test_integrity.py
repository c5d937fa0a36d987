"""Integrity: evidence, verification, risks with reasons, and the likely summary by a model."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.analysis.claims.claims import CentralClaim, central_claims
from api.analysis.claims.evidence_strength import THRESHOLDS, evidence_strength
from api.analysis.content.news import News, told
from api.analysis.engines.fast.engine import FastEngine
from api.analysis.engines.rules import RulesEngine
from api.analysis.framing.spin import judge
from api.analysis.models.sentence_features import sentence_features
from api.analysis.prose.ai_summaries import faithful_summary, likely_summary, repeated_claim
from api.analysis.prose.integrity import _brief, _is_bare, _repetition_risk, _short_name
from schemas.assessments import Integrity, SourceRole
from schemas.enums import (
    Band,
    ClaimSupport,
    EvidenceStrength,
    Independence,
    Intent,
    Risk,
    SourceType,
    SpinType,
    Verification,
)
from tests.kit.texts.articles import article, document
from tests.kit.texts.framed_texts import HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE
from tests.kit.texts.taxonomy import TAXONOMY

STORIES = Path(__file__).resolve().parents[3] / "benchmarks" / "data" / "held_back_stories.jsonl"
HELD_BACK: list[dict[str, Any]] = [msgspec.json.decode(line) for line in STORIES.read_bytes().splitlines()][
    ::7
]
SPIN = msgspec.structs.replace(judge(document("The pool is open."), TAXONOMY).spin, band=Band.LIGHT)
FILLER = "\n\n" + "The valley is wide, and the river runs through it from the north to the south. " * 4


def central(body: str) -> tuple[CentralClaim, ...]:
    read = document(body)
    return central_claims(read, sentence_features(read))


def integrity_of(story: tuple[str, str]) -> Integrity:
    assessment = RulesEngine().assess(article(story[1] + FILLER, story[0]), TAXONOMY)
    assert assessment.integrity is not None
    return assessment.integrity


PASSED_OVER = ("A reader of the frame alone may miss that ", "The text does not ")


def assert_reasoned(found: Integrity) -> None:
    assert (found.narrative_risk is Risk.LOW) == (found.narrative_risk_reasons == []), found
    assert (found.ai_repetition_risk is Risk.LOW) == (found.ai_repetition_risk_reasons == []), found


def faithful(
    text: str,
    publisher: str | None,
    sort: SourceType = SourceType.COMPANY_BLOG,
    strength: EvidenceStrength = EvidenceStrength.NONE,
    lacks: str | None = None,
    adds: str | None = None,
    news: News | None = None,
) -> str:
    """The faithful summary of a text with one sentence that is only asserted."""
    one = central(text)[0]
    claim = msgspec.structs.replace(one.claim, support=ClaimSupport.ASSERTED, missing_evidence=[])
    role = SourceRole(
        publisher=publisher,
        publisher_type=sort,
        host=None,
        intent=Intent.EDITORIAL_REPORTING,
        independence=Independence.MEDIUM,
    )
    return faithful_summary(one, claim, role, strength, lacks=lacks, adds=adds, news=news)


class TestEvidenceStrength:
    def test_of_nothing_is_none(self) -> None:
        assert evidence_strength(document("")) is EvidenceStrength.NONE

    def test_is_higher_for_a_sourced_report_than_for_slogans(self) -> None:
        steps = list(EvidenceStrength)
        found = []
        for title, body in (STAMPEDE, PLAIN_LAYOFF):
            found.append(steps.index(evidence_strength(document(body, title))))
        assert found[0] < found[1]

    @pytest.mark.parametrize(
        ("evidence", "step"),
        [
            (-1.0, EvidenceStrength.NONE),
            (THRESHOLDS[0] - 0.01, EvidenceStrength.NONE),
            (THRESHOLDS[0], EvidenceStrength.WEAK),
            (THRESHOLDS[1], EvidenceStrength.MEDIUM),
            (THRESHOLDS[2] - 0.01, EvidenceStrength.MEDIUM),
            (THRESHOLDS[2], EvidenceStrength.STRONG),
            (9.0, EvidenceStrength.STRONG),
        ],
    )
    def test_is_a_step_of_the_heads_value(self, evidence: float, step: EvidenceStrength) -> None:
        read = document("The valley is wide. The valley is wide.")
        values = replace(read.values, evidence=evidence)
        assert evidence_strength(read.with_outputs(read.encoded, [], values)) is step


class TestLikelySummary:
    @pytest.mark.parametrize(
        ("sentence", "repeated"),
        [
            (
                "According to the town engineer, both roofs of the old pools failed an inspection in March.",
                "According to the town engineer, both roofs of the old pools failed an inspection in March.",
            ),
            (
                "Corvell said that the new pump uses 38 percent less power than the old one.",
                "Corvell said that the new pump uses 38 percent less power than the old one.",
            ),
            (
                "The new pump uses 38 percent less power than the old one, the company said.",
                "The new pump uses 38 percent less power than the old one, the company said.",
            ),
            (
                "“The new pump uses 38 percent less power than the old one,” said Talia Brandmoor.",
                "“The new pump uses 38 percent less power than the old one,” said Talia Brandmoor.",
            ),
            (
                "“The new pump uses 38 percent less power than the old one.”",
                "According to a speaker whom the text does not name: “The new pump uses 38 percent less power "
                "than the old one.”",
            ),
            (
                "The new pump uses 38 percent less power than the old one.",
                "The new pump uses 38 percent less power than the old one.",
            ),
        ],
    )
    def test_keeps_the_speaker(self, sentence: str, repeated: str) -> None:
        assert likely_summary(central(sentence)[0]) == repeated

    def test_is_no_sentence_that_leans_on_the_one_before_it(self) -> None:
        claims = central(
            "That means that Corvell has sold 41,000 pumps. Corvell has sold 40 pools this year."
        )
        leaning = [c for c in claims if c.text.startswith("That")]
        other = [c for c in claims if c not in leaning]
        assert repeated_claim((*leaning, *other)) == other[0]

    def test_is_never_a_sentence_that_is_cut(self) -> None:
        assert repeated_claim(central("The pump that Corvell makes in Tarn uses so much less " * 12)) is None

    def test_is_no_byline(self) -> None:
        byline = (
            "By Orla Threlkeld , a senior reporter who has covered 40 pumps for eight years at The Quell."
        )
        claims = central(byline)
        assert [c.claim.text for c in claims] == [byline]
        assert repeated_claim(claims) is None


class TestFaithfulSummary:
    @pytest.mark.parametrize(
        ("text", "publisher", "sort"),
        [
            ("The new pump is 38 percent faster than any other pump.", "Corvell", SourceType.COMPANY_BLOG),
            ("Corvell closes the books up to 10x faster than a clerk.", "Corvell", SourceType.OTHER),
            ("Energy density is four times that of the best cell today.", "Tarn Lab", SourceType.RESEARCH),
        ],
    )
    def test_says_of_praise_for_ones_own_that_it_is_not_shown(
        self, text: str, publisher: str, sort: SourceType
    ) -> None:
        found = faithful(text, publisher, sort)
        assert found == f"According to {publisher}: “{text}” The text does not show it."

    @pytest.mark.parametrize(
        ("text", "publisher", "sort"),
        [
            ("Velmora expects savings of 140 million crowns a year.", "Quell Wire", SourceType.MEDIA),
            ("The pump is 38 percent faster than the best of the others.", "Quell Wire", SourceType.MEDIA),
            ("Corvell expects better sales than last year.", "Corvell", SourceType.PRESS_RELEASE),
            ("Today we are reducing our team by a third.", "Corvell", SourceType.COMPANY_BLOG),
            ("We've launched more than 40 pumps this year.", "Corvell", SourceType.COMPANY_BLOG),
            ("Corvell has appointed its first woman as a director.", "Corvell", SourceType.PRESS_RELEASE),
            ("Customers who paid more will be reimbursed by 31 May.", "Corvell", SourceType.PRESS_RELEASE),
            ("In place of a reduction of 45 percent, Corvell will work for 15.", "Corvell", SourceType.OTHER),
            ("The new terms apply from 1 May in all shops.", "Corvell", SourceType.NEWSLETTER),
        ],
    )
    def test_accuses_nobody_of_a_report_or_an_act(self, text: str, publisher: str, sort: SourceType) -> None:
        assert faithful(text, publisher, sort) == f"According to {publisher}: “{text}”"

    def test_accuses_nobody_where_the_text_gives_evidence(self) -> None:
        text = "The new pump is 38 percent faster than any other pump."
        assert "not show" not in faithful(text, "Corvell", strength=EvidenceStrength.STRONG)

    @pytest.mark.parametrize(
        ("sentence", "publisher", "said"),
        [
            (
                "We have opened a plant for pumps in Tarn.",
                "Orrinware",
                "Orrinware says that it has opened a plant for pumps in Tarn.",
            ),
            (
                "Orrinware Ltd is building a plant for pumps in Tarn.",
                "Orrinware Ltd",
                "Orrinware Ltd says that it is building a plant for pumps in Tarn.",
            ),
            (
                "Orrinware's plant for pumps has opened in Tarn.",
                "Orrinware",
                "Orrinware says that its plant for pumps has opened in Tarn.",
            ),
            (
                "Orrinware and Corvell have opened a plant in Tarn.",
                "Orrinware",
                "By its own account, Orrinware and Corvell have opened a plant in Tarn.",
            ),
            (
                "The Orrinware project's plant for pumps has opened in Tarn.",
                "Orrinware",
                "By its own account, the Orrinware project's plant for pumps has opened in Tarn.",
            ),
            (
                "Orrinware today announced a plant for pumps in Tarn.",
                "Orrinware",
                "Orrinware announced a plant for pumps in Tarn.",
            ),
            (
                "Corvell has given a plant to Orrinware for pumps in Tarn.",
                "Orrinware",
                "According to Orrinware, Corvell has given a plant to Orrinware for pumps in Tarn.",
            ),
            (
                "The plant that Orrinware announced has opened in Tarn.",
                "Quell Wire",
                "According to Quell Wire, the plant that Orrinware announced has opened in Tarn.",
            ),
            (
                "Dr. Orrin Quell tries out a plant for pumps in Tarn.",
                "Dr. Orrin Quell",
                "According to the text, Dr. Orrin Quell tries out a plant for pumps in Tarn.",
            ),
            (
                "Martha Quell has opened a plant for pumps in Tarn.",
                "Martha Quell",
                "According to the author, Martha Quell has opened a plant for pumps in Tarn.",
            ),
        ],
    )
    def test_names_the_source_of_the_news_once(self, sentence: str, publisher: str, said: str) -> None:
        read = document(sentence)
        news = told(read, read.sentences[:1], publisher, publisher)
        assert faithful(sentence, publisher, news=news) == said

    def test_adds_no_mark_to_a_quotation(self) -> None:
        text = "The pumps of Tarn are not what they were"
        assert faithful(text, None) == f"According to the text: “{text}”."
        assert faithful(f"{text}.", None) == f"According to the text: “{text}.”"

    def test_adds_bad_news_that_the_lead_softens_else_what_is_lacking(self) -> None:
        text = "Orrinware opens a new chapter in Tarn."
        lacks, adds = "say what it costs", "74 posts in Tarn are touched"
        assert faithful(text, "Orrinware", lacks=lacks).endswith("The text does not say what it costs.")
        assert faithful(text, "Orrinware", lacks=lacks, adds=adds).endswith(
            "The text also says that 74 posts in Tarn are touched."
        )

    def test_names_a_body_with_its_article(self) -> None:
        text = "The Water Commission has today imposed a fine of 6 million crowns on Corvell."
        said = faithful(text, "Water Commission", SourceType.GOVERNMENT)
        assert said == f"According to the Water Commission: “{text}”"
        assert faithful(text, "The Tarn Journal").startswith("According to the Tarn Journal")
        assert faithful(text, "University of Tarn").startswith("According to the University of Tarn")
        assert faithful(text, "Tarn University").startswith("According to Tarn University")
        assert faithful(text, None).startswith("According to the text")


class TestIntegrity:
    def test_gives_reasons_for_every_risk_above_low(self) -> None:
        for story in (HYPE, STAMPEDE, PLAIN_REPORT):
            assert_reasoned(integrity_of(story))

    @pytest.mark.parametrize("profile", [RulesEngine, FastEngine])
    @pytest.mark.slow
    def test_gives_reasons_in_words_of_any_story(self, profile: type[RulesEngine] | type[FastEngine]) -> None:
        engine = profile()
        for story in HELD_BACK:
            record = article(story["text"], story["title"])
            found = engine.assess(record, TAXONOMY).integrity
            if found is None:
                continue
            assert_reasoned(found)
            words = " ".join(record.text.split())
            for reason in found.narrative_risk_reasons:
                if reason.startswith(
                    PASSED_OVER
                ):  # a statement in the third person, or what is not in the text
                    continue
                quotes = re.findall("“([^“”]{3,})”", reason)
                parts = [" ".join(part.split()) for q in quotes for part in re.split(r" …(?: |$)", q) if part]
                assert any(part in words for part in parts), reason

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


class TestRepetitionRisk:
    @pytest.mark.parametrize(
        ("phrase", "kept"),
        [
            ("OSTERBY … will be held on 12 December", None),
            ("NEW TARN, Ohio … has opened", "NEW TARN, Ohio … has opened"),
            ("ORB … will be closed", None),
            ("the mill … will be closed", "the mill … will be closed"),
        ],
    )
    def test_takes_no_dateline_for_a_subject(self, phrase: str, kept: str | None) -> None:
        class Phrases:
            def of_claim(self, number: int) -> str | None:
                return phrase

            def relayed(self, number: int) -> tuple[str, str] | None:
                return None

        assert _short_name(Phrases(), 1) == kept

    def test_is_lower_for_a_text_without_spin(self) -> None:
        claims = central("The mill in Osterby will close on 12 December.")
        finished = [c.claim for c in claims]

        class Phrases:
            def of_claim(self, number: int) -> str | None:
                return None

            def relayed(self, number: int) -> tuple[str, str] | None:
                return None

        order = [Risk.LOW, Risk.MODERATE, Risk.HIGH]
        kinds = (SPIN, msgspec.structs.replace(SPIN, primary=SpinType.HYPE))
        plain, own = (_repetition_risk(claims[0], finished, Phrases(), spin=spin)[0] for spin in kinds)
        assert order.index(plain) < order.index(own)

    def test_says_what_a_summary_would_repeat_and_why(self) -> None:
        body = "The new pump of Corvell is the best pump that the valley of Tarn has ever seen." + FILLER
        found = integrity_of(("The best pump ever", body))
        for reason in found.ai_repetition_risk_reasons:
            assert reason.startswith("A summary would repeat “")

    def test_rests_on_claims_of_the_texts_own_that_are_no_admissions(self) -> None:
        (told,) = central("Corvell will cut 310 jobs in Tarn.")
        (said,) = central("The mill will be safe, said Ines Vale of Tarn.")
        (bare,) = central("The mill is the pride of the whole valley.")
        only = [msgspec.structs.replace(c.claim, support=ClaimSupport.ASSERTED) for c in (told, said, bare)]
        assert [_is_bare(claim) for claim in only] == [False, False, True]

    @pytest.mark.parametrize(
        ("claim", "named"),
        [
            ("The mill is the pride of the valley", "The mill is the pride of the valley"),
            (
                "The mill is the pride of the valley and of all the towns that have grown around it since then",
                "The mill is the pride of the valley …",
            ),
            (
                "The mill is the pride of the valley and of all the towns that do not have a mill of their own",
                "The mill is the pride of the valley and of all the towns that do not have a mill of their own",
            ),
        ],
    )
    def test_names_a_claim_briefly_unless_its_rest_turns_it(self, claim: str, named: str) -> None:
        assert _brief(claim) == named
