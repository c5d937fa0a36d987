"""The parts of a score: each number in their sentences is a field, and they add up to the score."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from api.analysis.engines.fast.engine import FastEngine
from api.analysis.engines.rules import RulesEngine
from api.rendering.score_parts import part_codes, score_parts
from schemas.assessments import Assessment, Finding, LedgerRow
from schemas.enums import ClaimSupport, LedgerRowKind, ScorePartCode, SpinType
from schemas.score_explanations import ScorePart
from schemas.spans import Range, Span
from tests.kit.texts.articles import article
from tests.kit.texts.assessments import spans_of
from tests.kit.texts.filled import filled_story
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_REPORT
from tests.kit.texts.taxonomy import TAXONOMY

STORIES = (HYPE, CUSHION, PLAIN_REPORT)
VERDICT = filled_story().verdict
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
SHARES = ("steering_sentences", "asserted_claims", "own_voice", "omitted")
SIZES = st.integers(-900, 900)


@pytest.fixture(scope="module", params=["rules", "fast"])
def judgements(request: pytest.FixtureRequest) -> list[Assessment]:
    engine = RulesEngine() if request.param == "rules" else FastEngine()
    return [engine.assess(article(text, title), TAXONOMY) for title, text in STORIES]


def row(kind: LedgerRowKind, rule: str, points: int, **fields: Any) -> LedgerRow:
    return LedgerRow(
        **{"kind": kind, "rule": rule, "label": rule, "points": points, "finding": None, "ranges": []}
        | fields
    )


def found(number: int, kind: SpinType) -> Finding:
    return replace(VERDICT.findings[0], id=f"f{number}", type=kind)


@st.composite
def verdicts(draw: st.DrawFn) -> Assessment:
    """With any findings, counts and measures, as any engine might have written them."""
    kinds = st.sampled_from([kind for kind in SpinType if kind is not SpinType.NONE])
    findings = [found(n, kind) for n, kind in enumerate(draw(st.lists(kinds, max_size=6)))]
    ledger = [row(LedgerRowKind.BASE, "base", draw(st.integers(0, 3_000)))]
    ledger += [
        row(
            LedgerRowKind.FINDING,
            "rule",
            draw(SIZES.filter(bool)),
            finding=f.id,
            ranges=[Range(start=0, end=1)],
        )
        for f in findings
    ]
    if findings and draw(st.booleans()):
        words = draw(st.integers(len(findings), 5_000))
        ledger.append(row(LedgerRowKind.FEATURE, "loaded_wording", 0, count=len(findings), of=words))
    for rule in draw(st.sets(st.sampled_from(SHARES))):
        of = draw(st.integers(0, 60))
        plain = draw(st.none() | st.floats(0, 1))
        count = draw(st.integers(0, of))
        ledger.append(row(LedgerRowKind.FEATURE, rule, draw(SIZES), count=count, of=of, plain=plain))
    for rule in draw(st.lists(st.sampled_from("abcdefghijklmnop"), max_size=30)):
        ledger.append(row(LedgerRowKind.FEATURE, rule, draw(SIZES), ranges=[Range(start=0, end=1)]))
    if draw(st.booleans()):
        ledger.append(row(LedgerRowKind.FEATURE, "reading", draw(SIZES)))
    ledger.append(row(LedgerRowKind.ROUNDING, "rounding", draw(st.integers(-50, 50))))
    if draw(st.booleans()):
        ledger.append(row(LedgerRowKind.CLAMP, "clamp", draw(SIZES)))
    return replace(VERDICT, ledger=ledger, findings=findings)


def permitted(part: ScorePart) -> set[str]:
    """The numbers that a part's sentence may contain."""
    numbers = {"100"} if part.code is ScorePartCode.LOADED_WORDING else set()
    numbers |= {str(number) for number in (part.count, part.of) if number is not None}
    numbers |= {f"{each.points / 100:+.2f}" for each in part.types}
    if part.of and part.count is not None:
        numbers.add(f"{100 * part.count / part.of:.1f}")
        numbers |= {str(round(100 * part.count / part.of + nudge)) for nudge in (-0.001, 0.001)}
    if part.plain is not None:
        numbers |= {str(round(100 * part.plain + nudge)) for nudge in (-0.001, 0.001)}
    return numbers


class TestAnyLedger:
    @given(verdicts())
    def test_adds_up_to_the_sum_of_its_rows(self, verdict: Assessment) -> None:
        parts = score_parts(verdict)
        total = 0
        for part in parts:
            total += part.points
            assert part.total == total
        assert total == sum(row.points for row in verdict.ledger)

    @given(verdicts())
    def test_says_no_number_that_is_not_a_field(self, verdict: Assessment) -> None:
        for part in score_parts(verdict):
            assert set(NUMBER.findall(part.facts)) <= permitted(part)
            assert sum(each.points for each in part.types) in (0, part.points)

    @given(verdicts())
    def test_has_one_line_a_part_and_no_measure_below_half_a_point(self, verdict: Assessment) -> None:
        parts = score_parts(verdict)
        codes = [part.code for part in parts if part.code is not ScorePartCode.MEASURE]
        assert len(codes) == len(set(codes))
        measures = [part.points for part in parts if part.code is ScorePartCode.MEASURE]
        assert len(measures) <= 8
        assert all(abs(points) >= 50 for points in measures)
        assert measures == sorted(measures, key=lambda points: -abs(points))

    @given(verdicts())
    def test_puts_small_measures_and_the_rounding_into_the_reading_if_there_is_one(
        self, verdict: Assessment
    ) -> None:
        codes = set(part_codes(verdict.ledger))
        has_reading = any(row.rule == "reading" for row in verdict.ledger)
        assert (ScorePartCode.REST in codes, ScorePartCode.READING in codes) == (not has_reading, has_reading)


class TestAVerdict:
    def test_has_no_parts_without_a_score(self) -> None:
        assert score_parts(RulesEngine().assess(article("Too short."), TAXONOMY)) == []

    def test_ends_at_the_score_and_quotes_what_the_verdict_quotes(self, judgements: list[Assessment]) -> None:
        for judged in judgements:
            assert judged.spin is not None
            parts = score_parts(judged)
            assert parts[-1].total == 100 * judged.spin.score
            quoted = {(span.start, span.end, span.quote) for span in spans_of(judged)}
            assert {(s.start, s.end, s.quote) for part in parts for s in part.spans} <= quoted

    def test_counts_loaded_wording_as_its_findings_do(self, judgements: list[Assessment]) -> None:
        for judged, (title, text) in zip(judgements, STORIES, strict=True):
            (part,) = (p for p in score_parts(judged) if p.code is ScorePartCode.LOADED_WORDING)
            counted = [f for f in judged.findings if f.points]
            assert (part.count, part.points) == (len(counted), sum(f.points for f in counted))
            assert part.of in (None, len(f"{title}\n\n{text}".split()))
            for each in part.types:
                assert each.points == sum(f.points for f in counted if f.type is each.type)

    def test_counts_claims_as_the_claims_do(self) -> None:
        judged = RulesEngine().assess(article(HYPE[1], HYPE[0]), TAXONOMY)
        (part,) = (p for p in score_parts(judged) if p.code is ScorePartCode.ASSERTED_CLAIMS)
        asserted = [claim for claim in judged.claims if claim.support is ClaimSupport.ASSERTED]
        assert (part.count, part.of) == (len(asserted), len(judged.claims))
        assert part.facts.startswith(f"{len(asserted)} of {len(judged.claims)} central ones")


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({"count": 12, "of": 31, "plain": 0.132}, "12 of 31, 39 % (13 % in plain reports)"),
        ({"count": 5, "of": 8}, "5 of 8, 63 %"),
        ({"count": 0, "of": 31, "plain": 0.132}, "0 of 31, 0 % (13 % in plain reports)"),
        ({"count": 0, "of": 0, "plain": 0.132}, "nothing to count"),
        ({}, ""),
    ],
)
def test_says_what_a_share_counts(fields: dict[str, Any], facts: str) -> None:
    ledger = [row(LedgerRowKind.FEATURE, "steering_sentences", 0, **fields)]
    _, part = score_parts(replace(VERDICT, ledger=ledger, findings=[]))
    assert (part.code, part.facts) == (ScorePartCode.STEERING_SENTENCES, facts)


def test_says_how_the_usual_facts_differ_from_what_is_left_out() -> None:
    ledger = [row(LedgerRowKind.FEATURE, "omitted", 0, count=1, of=3)]
    said = [
        score_parts(replace(VERDICT, ledger=ledger, findings=[], left_out=left_out))[1].facts
        for left_out in ([], VERDICT.left_out)
    ]
    assert said[0] == "1 of 3 asked of all such news, 33 %"
    assert said[1] == f"{said[0]}; what this text leaves open is listed as left out"


def test_says_why_the_points_of_another_type_may_be_more() -> None:
    assert VERDICT.spin is not None
    ledger = [row(LedgerRowKind.FINDING, "rule", 120, finding="f0")]
    ledger.append(row(LedgerRowKind.FEATURE, "loaded_wording", 0, count=1, of=200))
    said = [
        score_parts(
            replace(
                VERDICT,
                spin=replace(VERDICT.spin, primary=primary),
                ledger=ledger,
                findings=[found(0, SpinType.HYPE)],
            )
        )[0].facts
        for primary in (SpinType.HYPE, SpinType.NONE, SpinType.CUSHION)
    ]
    assert said[:2] == ["1 place, 0.5 in 100 words: hype +1.20"] * 2
    assert said[2].startswith(f"{said[0]}; each place counts for the type of its own words")


def test_quotes_of_steering_sentences_what_the_verdict_quotes_in_them_phrases_first() -> None:
    places = [(0, 10), (20, 40), (50, 70), (80, 90), (100, 120)]
    quotes = ["word", None, "a phrase", "two words", "some more words"]
    ranges = [Range(start=start, end=end) for start, end in places]
    findings = [
        replace(
            found(n, SpinType.HYPE), spans=[Span(start=start, end=end, quote=quote, prefix=None, suffix=None)]
        )
        for n, ((start, end), quote) in enumerate(zip(places, quotes, strict=True))
        if quote
    ]
    ledger = [row(LedgerRowKind.FEATURE, "steering_sentences", 500, count=5, of=8, ranges=ranges)]
    bare = replace(VERDICT, ledger=ledger, findings=findings, claims=[], happening=None, loaded_terms=[])
    assert [span.quote for span in score_parts(bare)[1].spans] == ["a phrase", "two words", "some more words"]


def test_says_loaded_wording_by_type_the_most_points_first() -> None:
    ledger = [
        row(LedgerRowKind.FINDING, "rule", points, finding=f"f{n}") for n, points in enumerate((120, 300, 45))
    ]
    ledger.append(row(LedgerRowKind.FEATURE, "loaded_wording", 0, count=3, of=200))
    findings = [found(n, kind) for n, kind in enumerate((SpinType.FOG, SpinType.HYPE, SpinType.FOG))]
    (part,) = score_parts(replace(VERDICT, ledger=ledger, findings=findings))
    assert part.facts == "3 places, 1.5 in 100 words: hype +3.00, fog +1.65"
    assert (part.points, part.count, part.of) == (465, 3, 200)
