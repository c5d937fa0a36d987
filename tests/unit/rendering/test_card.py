"""The verdict card: an assessment in words and bars, safe for terminals."""

import io
from datetime import UTC, datetime

import msgspec
import pytest
from rich.console import Console

from api.analysis.engines.empty_assessment import empty_assessment, nothing_found
from api.rendering.card import WIDTH, CardFacts, card
from api.rendering.card_text import quoted
from api.rendering.plain_text import plain
from schemas.assessments import (
    Assessment,
    Beneficiary,
    Claim,
    EngineRef,
    Finding,
    Integrity,
    LedgerRow,
    LoadedTerm,
    MissingEvidence,
    MissingVoice,
    NotScorable,
    Omission,
    SourceRole,
    Spin,
)
from schemas.enums import (
    Band,
    ClaimKind,
    ClaimRole,
    ClaimSupport,
    EvidenceStrength,
    Independence,
    Intent,
    LedgerRowKind,
    NotScorableReason,
    Risk,
    SourceType,
    SpinType,
    Stance,
    StoryStatus,
    Verification,
)
from schemas.spans import Range, Span
from tests.kit.tables import each
from tests.kit.texts.factories import make_article
from tests.kit.texts.taxonomy import TAXONOMY

TEXT = (
    "Glowbird is growing up\n\nWe are saying goodbye to 140 valued colleagues so that we can move faster. "
    "Our new lamp will be the first that learns the rhythm of a home, and we believe it will change how people "
    "live with light."
)
FACTS = CardFacts(
    title="Glowbird is growing up",
    source="Wickmere Home",
    url="https://wickmere-home.example/journal/glowbird-is-growing-up",
    published_at=datetime(2026, 2, 17, 9, tzinfo=UTC),
    words=412,
)


def span(quote: str) -> Span:
    start = TEXT.index(quote)
    end = start + len(quote)
    return Span(
        start=start,
        end=end,
        quote=quote,
        prefix=TEXT[max(0, start - 32) : start],
        suffix=TEXT[end : end + 32],
    )


def finding(number: int, quote: str, label: str, kind: SpinType, points: int) -> Finding:
    return Finding(
        id=f"f{number}",
        rule=label.replace(" ", "_"),
        label=label,
        explanation="",
        type=kind,
        tactic=None,
        voice="document" if number != 2 else "Ines Karvonen",
        points=points,
        spans=[span(quote)],
    )


def row(kind: LedgerRowKind, label: str, points: int, finding: str | None = None) -> LedgerRow:
    ranges = [Range(start=0, end=4)] if finding else []
    return LedgerRow(kind=kind, rule=label, label=label, points=points, finding=finding, ranges=ranges)


def integrity() -> Integrity:
    return Integrity(
        evidence_strength=EvidenceStrength.WEAK,
        verification=Verification.UNVERIFIED_IN_SOURCE,
        narrative_risk=Risk.MODERATE,
        narrative_risk_reasons=[],
        ai_repetition_risk=Risk.HIGH,
        ai_repetition_risk_reasons=[],
        likely_ai_summary="Wickmere's new lamp is the first that learns the rhythm of a home.",
        faithful_summary="Wickmere Home says that its new lamp will be the first that learns.",
    )


@pytest.fixture
def scored() -> Assessment:
    role = SourceRole(
        publisher="Wickmere Home",
        publisher_type=SourceType.COMPANY_BLOG,
        host=None,
        intent=Intent.PROMOTIONAL_DISTRIBUTION,
        independence=Independence.LOW,
    )
    engine = EngineRef(name="rules", version="0.1.0", digest="0" * 64)
    return msgspec.structs.replace(
        nothing_found(
            empty_assessment(make_article(), engine, TAXONOMY, status=StoryStatus.SCORED, role=role)
        ),
        spin=Spin(
            primary=SpinType.CUSHION,
            secondary=SpinType.HYPE,
            tactic="job_loss_softening",
            tactic_name="job-loss softening",
            score=57,
            band=Band.STRONG,
            confidence=0.71,
            interval=(44, 70),
            stance=Stance.DEFENSIVE,
            emphasis="Emphasises the new lamp while minimising 140 dismissals.",
        ),
        ledger=[
            row(LedgerRowKind.BASE, "base", 800),
            row(LedgerRowKind.FINDING, "job-loss softening", 2410, "f1"),
            row(LedgerRowKind.FINDING, "first of its kind", 1250, "f2"),
            row(LedgerRowKind.FEATURE, "central claims only asserted", 1605),
            row(LedgerRowKind.FEATURE, "facts and figures", -330),
            row(LedgerRowKind.ROUNDING, "rounding", -35),
        ],
        findings=[
            finding(
                1, "saying goodbye to 140 valued colleagues", "job-loss softening", SpinType.CUSHION, 2410
            ),
            finding(2, "the first that learns", "first of its kind", SpinType.HYPE, 1250),
        ],
        loaded_terms=[
            LoadedTerm(term=term, type=SpinType.CUSHION, voice="document", spans=[span(term)])
            for term in ("saying goodbye", "valued colleagues", "move faster")
        ],
        deck="A layoff told as a step towards a lamp.",
        beneficiaries=[Beneficiary(name="Wickmere Home", why="sells the lamp", spans=[])],
        left_out=[Omission(item="terms", text="What the 140 people are offered.", claims=[1])],
        integrity=integrity(),
        missing_voices=[MissingVoice(code="staff", name="The staff", why="they lose their jobs", claims=[1])],
        claims=[
            Claim(
                number=1,
                text="Our new lamp will be the first that learns the rhythm of a home.",
                role=ClaimRole.PRIMARY,
                kind=ClaimKind.PRODUCT,
                support=ClaimSupport.ASSERTED,
                verification=Verification.UNVERIFIED_IN_SOURCE,
                risk=Risk.HIGH,
                voice="document",
                hedges=[],
                missing_evidence=[
                    MissingEvidence(item=text, text=f"No sign of {text}.", looked_for="")
                    for text in ("the basis", "the test")
                ],
                spans=[span("Our new lamp will be the first")],
            )
        ],
    )


def printed(
    assessment: Assessment, facts: CardFacts = FACTS, *, colour: bool = False, width: int = WIDTH
) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None).print(
        card(assessment, facts, TAXONOMY)
    )
    return out.getvalue()


class TestCard:
    def test_gives_a_text_that_cannot_be_judged_its_reason_and_no_number(self, scored: Assessment) -> None:
        refused = msgspec.structs.replace(
            scored,
            status=StoryStatus.NOT_SCORABLE,
            not_scorable=NotScorable(reason=NotScorableReason.TOO_SHORT, detail="Only 31 words."),
            spin=None,
            **{name: [] for name in ("findings", "ledger", "loaded_terms", "claims", "left_out")},
            missing_voices=[],
            beneficiaries=[],
        )
        text = printed(refused)
        assert "NOT SCORABLE" in text
        assert "too short" in text
        assert "Only 31 words." in text
        assert "of 100" not in text

    @each(
        "part",
        [
            "Wickmere Home · company blog",
            "17 Feb 2026",
            "THE CUSHION",
            "also The Hype",
            "57 of 100",
            "(90 %: 44-70)",
            "+24.1",
            "We are “saying goodbye to 140 valued colleagues” so that we can move",
            "in the words of Ines Karvonen",
            "missing: No sign of the basis; the test",
            "The staff: they lose their jobs",
            "-3.3",
            "rules 0.1.0",
        ],
    )
    def test_puts_it_into_words(self, scored: Assessment, part: str) -> None:
        assert part in printed(scored)

    @pytest.mark.parametrize("width", [60, 80, 100])
    def test_stays_within_its_columns(self, scored: Assessment, width: int) -> None:
        assert max(len(line) for line in printed(scored, width=width).splitlines()) <= width

    def test_explains_a_finding_unless_its_label_stands_in(self, scored: Assessment) -> None:
        first, *rest = scored.findings
        bare = printed(scored)
        for said, more in (("It is a soft word.", 1), (first.label, 0)):
            explained = msgspec.structs.replace(first, explanation=said)
            text = printed(msgspec.structs.replace(scored, findings=[explained, *rest]))
            assert text.count(said) == bare.count(said) + more

    def test_says_the_same_with_and_without_colour(self, scored: Assessment) -> None:
        assert "\x1b[" in printed(scored, colour=True)
        assert "\x1b" not in printed(scored)

    def test_lets_no_escape_sequence_or_markup_through(self, scored: Assessment) -> None:
        facts = msgspec.structs.replace(FACTS, title="[red]A\x1b[2J\u202eB[/red] :smile:")
        assert "[red]A[2JB[/red] :smile:" in printed(scored, facts)


class TestPlain:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("a\n\n b\tc", "a b c"),
            ("a\x1b[31mb", "a[31mb"),
            ("a\u202eb\u200bc", "abc"),
            ("naïve — ok", "naïve — ok"),
        ],
    )
    def test_leaves_one_harmless_line(self, text: str, shown: str) -> None:
        assert plain(text) == shown


class TestQuoted:
    def test_shows_a_place_whose_words_are_not_served(self) -> None:
        place = Span(start=3, end=9, quote=None, prefix=None, suffix=None)
        assert quoted(place, "bold").plain == "(characters 3 to 9)"

    def test_keeps_whole_words_of_the_same_paragraph_around_it(self) -> None:
        assert quoted(span("We are saying goodbye"), "bold").plain == "“We are saying goodbye” to 140 valued"

    def test_cuts_a_long_quote_at_a_word(self) -> None:
        shown = quoted(span(TEXT[24:]), "bold").plain
        assert shown.endswith(" …”")
        assert len(shown) < 180
