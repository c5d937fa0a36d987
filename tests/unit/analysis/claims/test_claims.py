"""Central claims: selection, order, and support."""

import pytest

from api.analysis.claims.claim_support import support_of
from api.analysis.claims.claims import MAX_CLAIMS, CentralClaim, central_claims
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.missing_evidence import missing_evidence
from api.analysis.engines import reading
from api.analysis.framing.spin import judge
from api.analysis.models.linear_models import LinearModel
from api.analysis.models.sentence_features import sentence_features
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.text.article import SourceFacts
from schemas.assessments import Claim, Happening
from schemas.enums import (
    ClaimSupport,
    EvidenceStrength,
    HappeningKind,
    InputFlag,
    Risk,
    SourceType,
    Verification,
)
from tests.kit.texts.articles import article, document
from tests.kit.texts.framed_texts import HYPE, PLAIN_LAYOFF
from tests.kit.texts.taxonomy import TAXONOMY

PLAIN = judge(document("The pool is open."), TAXONOMY).spin
PUMPS = (
    "Corvell has sold 41,000 pumps in the last two years, more than any other maker in the region.",
    "Subscribe to our newsletter for more stories like this one.",
    "Why does that matter?",
    "The new pump uses 38 percent less power than the model before it, the company said.",
    "It is blue.",
    "Tarn lies in the north.",
)


def claims_of(body: str, title: str = "") -> tuple[CentralClaim, ...]:
    read = document(body, title)
    return central_claims(read, sentence_features(read))


def lacking(body: str, flags: list[InputFlag]) -> list[str]:
    read = document(body)
    read.article.flags.extend(flags)
    claims = central_claims(read, sentence_features(read))
    return [
        m.item
        for one in missing_evidence(read, claims, KeyPhrases(read, NounChunks(read), claims), PLAIN)
        for m in one
    ]


class TestCentralClaims:
    @pytest.mark.parametrize(
        "opening",
        ["- ", "• ", "TARN, June 3, 2025 (PRNewswire) -- ", "- TARN, June 3, 2025 (PRNewswire) -- "],
    )
    def test_begin_behind_a_bullet_or_dateline(self, opening: str) -> None:
        claim = claims_of(f"{opening}{PUMPS[0]}")[0].claim
        assert claim.text == PUMPS[0]
        assert claim.spans[0].start == len(opening)

    @pytest.mark.parametrize(
        "scrap",
        [
            "[1] Corvell has sold 41,000 pumps, according to its report of 2024.",
            "2025-04-14: Corvell has sold 41,000 pumps in the last two years.",
        ],
    )
    def test_are_no_footnotes_and_no_entries_of_a_log(self, scrap: str) -> None:
        assert scrap not in [c.claim.text for c in claims_of(f"{PUMPS[3]}\n\n{scrap}")]

    @pytest.mark.parametrize("body", ["", "?!", "Is it so? And why?", "12 34 56", "🙂🙂"])
    def test_are_none_where_nothing_is_said(self, body: str) -> None:
        assert claims_of(body) == ()

    def test_are_no_questions_and_no_page_furniture(self) -> None:
        assert not {c.claim.text for c in claims_of(" ".join(PUMPS))} & {PUMPS[1], PUMPS[2]}

    def test_put_the_measured_sentences_before_the_idle_ones(self) -> None:
        assert {c.claim.text for c in claims_of(" ".join(PUMPS))[:2]} == {PUMPS[0], PUMPS[3]}

    def test_are_whole_sentences_under_their_spans(self) -> None:
        read = document(*reversed(HYPE))
        for central in central_claims(read, sentence_features(read)):
            claim: Claim = central.claim
            assert claim.text == read.text[claim.spans[0].start : claim.spans[-1].end]
            assert claim.text == central.sentence.text

    def test_are_numbered_and_at_most_eight(self) -> None:
        body = " ".join(f"The plant in town {n} makes {n + 2} pumps of sort {n} a day." for n in range(200))
        numbers = [c.claim.number for c in claims_of(body)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert 1 <= len(numbers) <= MAX_CLAIMS

    def test_fall_back_on_a_title_that_says_something(self) -> None:
        claims = claims_of("Why? How?", "Corvell closes its plant in Tarn")
        assert [c.claim.text for c in claims] == ["Corvell closes its plant in Tarn"]

    def test_take_the_quoted_speaker_for_the_one_who_claims(self) -> None:
        body = "“The new pump uses 38 percent less power than any other pump,” said Marta Eide of Corvell."
        assert claims_of(body)[0].claim.voice == "Marta Eide"

    def test_say_verification_by_the_support(self) -> None:
        expected = {
            ClaimSupport.SHOWN: Verification.SHOWN_IN_SOURCE,
            ClaimSupport.ATTRIBUTED: Verification.ATTRIBUTED_IN_SOURCE,
            ClaimSupport.ASSERTED: Verification.UNVERIFIED_IN_SOURCE,
        }
        for central in claims_of(*reversed(PLAIN_LAYOFF)):
            assert central.claim.verification is expected[central.claim.support]

    def test_never_call_a_sentence_without_source_attributed(self) -> None:
        body = (
            "Corvell makes the best pump of all. Corvell has 40 plants. Corvell sells pumps in 12 countries."
        )
        assert all(c.claim.support is not ClaimSupport.ATTRIBUTED for c in claims_of(body))

    def test_list_the_hedges(self) -> None:
        central = claims_of("The pump could possibly save Corvell 12 million crowns a year.")[0]
        assert central.claim.hedges == ["could", "possibly"]
        assert central.claim.risk is not Risk.HIGH

    def test_say_of_what_is_only_expected_that_it_is_limited(self) -> None:
        central = claims_of(
            "We expect the pump to save Corvell 12 million crowns a year, more than any other."
        )[0]
        assert central.claim.hedges == ["expect"]
        assert central.claim.risk is not Risk.HIGH

    def test_are_no_less_risky_for_a_bound_on_a_figure(self) -> None:
        bare = claims_of("The pump works 10x faster than any other and prevents 95% of faults.")[0].claim
        bound = claims_of("The pump works up to 10x faster than any other and prevents 95% of faults.")[
            0
        ].claim
        assert bound.hedges == ["up to"]
        assert bound.risk is bare.risk


# A model that marks everything as shown, so that the rules behind it are visible.
SHOWING = {
    support.value: LinearModel(features={"bias": float(support is ClaimSupport.SHOWN)}, words={})
    for support in ClaimSupport
}


def supported(
    text: str,
    strength: EvidenceStrength = EvidenceStrength.STRONG,
    source: SourceType = SourceType.MEDIA,
) -> ClaimSupport:
    read = reading.read(article(text, source=SourceFacts(name=None, type=source, host=None)))
    return support_of(read, read.sentences[0], sentence_features(read)[0], SHOWING, strength)


class TestSupportOf:
    def test_shows_nothing_in_a_text_without_evidence(self) -> None:
        text = "The plant in Tarn makes 40 pumps a day."
        assert supported(text, EvidenceStrength.NONE) is ClaimSupport.ASSERTED
        assert supported(text, EvidenceStrength.WEAK) is ClaimSupport.SHOWN

    @pytest.mark.parametrize(
        "text",
        [
            "Within eighteen months, seven in ten pumps will be replaced or no longer run.",
            "The market could reach 38 billion crowns over the next six years.",
            "Sales are expected to double.",
        ],
    )
    def test_shows_no_forecast(self, text: str) -> None:
        assert supported(text) is ClaimSupport.ASSERTED

    @pytest.mark.parametrize(
        "text",
        [
            "It found that 38 percent of the wells held too much lead.",
            "The group reported 412 cases in six villages.",
            "A survey by Wellwatch found that most growers in Tarn had sold their pumps.",
        ],
    )
    def test_hands_the_findings_of_others_to_them(self, text: str) -> None:
        assert supported(text) is ClaimSupport.ATTRIBUTED

    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ("The team found that 38 percent of the wells held too much lead.", SourceType.RESEARCH),
            ("We found that 38 percent of the wells held too much lead.", SourceType.MEDIA),
            ("The pumps were found in 40 wells.", SourceType.MEDIA),
            ("Sales fell by 9 percent in May.", SourceType.MEDIA),
        ],
    )
    def test_leaves_ones_own_findings_and_what_happened(self, text: str, source: SourceType) -> None:
        assert supported(text, source=source) is ClaimSupport.SHOWN


class TestMissingEvidence:
    def test_is_not_charged_to_a_text_too_short_to_hold_it(self) -> None:
        assert lacking("Corvell's pump is the fastest pump in the world and uses less power.", []) == []

    def test_is_not_charged_to_a_text_that_was_cut(self) -> None:
        assert lacking(HYPE[1] + "\n\n" + HYPE[1], [InputFlag.TRUNCATED]) == []
        assert lacking(HYPE[1] + "\n\n" + HYPE[1], []) != []

    def test_is_not_what_the_text_does_give(self) -> None:
        bare = (
            "Furrow is more accurate than all planning engines for farms before it. "
            + "Growers in every valley speak of nothing else, and the harvest is near. " * 12
        )
        given = bare + "Furrow was measured on the public YieldBench benchmark by an independent laboratory."
        assert "named_benchmark" in lacking(bare, [])
        assert not {"named_benchmark", "independent_run"} & set(lacking(given, []))

    def test_names_what_was_looked_for(self) -> None:
        read = document(HYPE[1] + "\n\n" + HYPE[1], HYPE[0])
        claims = central_claims(read, sentence_features(read))
        found = missing_evidence(read, claims, KeyPhrases(read, NounChunks(read), claims), PLAIN)
        assert any(found)
        assert all(m.looked_for and m.text for one in found for m in one)


class TestAScrap:
    @pytest.mark.parametrize(
        "scrap",
        [
            "But these are not reviewed yet.",
            "It would give you 40 other numbers.",
            "| Corvell sold 40 pumps. |",
        ],
    )
    def test_is_no_claim_beside_whole_sentences(self, scrap: str) -> None:
        whole = "Corvell sold 410 pumps in Tarn in May, more than any rival."
        body = f"{whole}\n\n{scrap}\n\nThe mill is an old one, and it stands."
        assert scrap not in {c.claim.text for c in claims_of(body)}

    def test_is_a_title_that_states_nothing(self) -> None:
        argument = Happening(kind=HappeningKind.TREND_OR_ARGUMENT, subject=None, spans=[])
        for title, stated in (("Why the bill is higher now", False), ("The last mill has been shut", True)):
            read = document("The town pays 40 crowns a year for the mill.", title)
            found = central_claims(read, sentence_features(read), happening=argument, news=read.sentences[0])
            assert (found[0].claim.text == title) is stated
