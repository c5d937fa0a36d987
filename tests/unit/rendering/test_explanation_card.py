"""The explanation in a terminal: a line for every step and change, within its columns."""

import io
import re

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console

from api.analysis.engines.rules import RulesEngine
from api.analysis.text.spans import spans
from api.rendering.explanation_card import explanation_card
from api.rendering.score_explanations import build_explanation
from schemas.assessments import NotScorable
from schemas.enums import AblationKind, LedgerRowKind, NotScorableReason, ReadAgainKind, SpinType
from schemas.score_explanations import ReadAgain, ScoreExplanation
from schemas.spans import Span
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import HYPE
from tests.kit.texts.taxonomy import TAXONOMY

RECORD = article(HYPE[1], HYPE[0])
READ = ReadAgain(
    kind=ReadAgainKind.SENTENCE,
    type=None,
    spans=spans(RECORD.text, RECORD.body_start, RECORD.text.index("industry.")),
    score=41,
    primary=SpinType.FOG,
    confidence=0.5,
    not_scorable=None,
)
READINGS = [
    READ,
    replace(READ, spans=[Span(start=3, end=9, quote=None, prefix=None, suffix=None)]),
    replace(
        READ,
        kind=ReadAgainKind.TYPE,
        type=SpinType.HYPE,
        score=None,
        primary=None,
        confidence=None,
        not_scorable=NotScorable(reason=NotScorableReason.TOO_SHORT, detail="Too little is left."),
    ),
    replace(READ, kind=ReadAgainKind.FINDINGS),
]


@pytest.fixture(scope="module")
def explanation() -> ScoreExplanation:
    return build_explanation(RulesEngine().assess(RECORD, TAXONOMY))


def printed(explanation: ScoreExplanation, text: str | None = RECORD.text, width: int = 100) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    console.print(explanation_card(explanation, HYPE[0], text, TAXONOMY))
    return out.getvalue()


class TestExplanationCard:
    def test_gives_a_text_that_cannot_be_judged_its_reason(self) -> None:
        refused = build_explanation(RulesEngine().assess(article("Too short."), TAXONOMY))
        assert "Not scorable: " in printed(refused)

    def test_names_each_part_with_its_points_and_facts(self, explanation: ScoreExplanation) -> None:
        shown = " ".join(re.sub("[█▒]", "", printed(explanation)).split())
        for part in explanation.parts:
            points = f"{part.points / 100:+.2f}" if part.points else "–"
            facts = f": {part.facts}" if part.facts else ""
            assert f"{points} {part.label}{facts}" in shown

    def test_names_each_finding_of_half_a_point_with_its_words_and_place(
        self, explanation: ScoreExplanation
    ) -> None:
        steps = [
            msgspec.structs.replace(step, points=30 if step.finding in ("f1", "f2") else 120)
            if step.finding
            else step
            for step in explanation.steps
        ]
        shown = " ".join(printed(msgspec.structs.replace(explanation, steps=steps)).split())
        for step in steps:
            if step.kind is LedgerRowKind.FINDING:
                assert (f"{step.finding} · {step.rule}" in shown) == (step.points == 120)
        for step in steps:
            for span in step.spans if step.points == 120 else []:
                assert f"{span.start}:{span.end}" in shown
        assert "+0.60 2 more findings of less than half a point each" in shown

    def test_shows_only_places_where_it_has_no_words(self, explanation: ScoreExplanation) -> None:
        lost = [
            msgspec.structs.replace(
                step,
                spans=[msgspec.structs.replace(s, quote=None, prefix=None, suffix=None) for s in step.spans],
            )
            for step in explanation.steps
        ]
        parts = [msgspec.structs.replace(part, spans=[]) for part in explanation.parts]
        shown = printed(msgspec.structs.replace(explanation, steps=lost, parts=parts), text=None)
        _, _, below = shown.partition("What would change it")
        for step in explanation.steps:
            assert all(f"“{span.quote}”" not in shown for span in step.spans)
        assert "f1" in below
        assert f"(characters {lost[1].spans[0].start} to {lost[1].spans[0].end})" in shown

    def test_shows_what_would_change_the_type_before_what_changes_the_score(
        self, explanation: ScoreExplanation
    ) -> None:
        assert explanation.ablations is not None
        assert explanation.spin is not None
        by_kind = {a.kind: a for a in explanation.ablations}
        less = explanation.spin.score - 2
        chosen = msgspec.structs.replace(by_kind[AblationKind.FLIP], kind=AblationKind.CHOSEN, score=1)
        weighty = msgspec.structs.replace(by_kind[AblationKind.FINDING], score=less)
        lines = printed(
            msgspec.structs.replace(explanation, ablations=[*explanation.ablations, chosen, weighty])
        ).partition("What would change it")[2]
        asked, flips = lines.index("what was asked for"), lines.index("until it is The Hype no more")
        assert asked < flips < lines.index("all findings of The Hype")
        assert f"{less}  The Hype" in lines

    def test_shows_texts_read_again_if_there_are_any(self, explanation: ScoreExplanation) -> None:
        assert "without these sentences" not in printed(explanation)
        shown = printed(replace(explanation, read_again=READINGS)).partition("without these sentences")[2]
        lines = [" ".join(line.split()) for line in shown.splitlines()]
        assert "“Orrinware today announced Furrow, the …” 41 The Fog" in lines
        assert "characters 3 to 9 41 The Fog" in lines
        everything = lines.index("all sentences with findings of The Hype none")
        assert lines[everything + 1] == "too short"
        assert "all sentences with findings 41 The Fog" in lines

    @pytest.mark.parametrize("width", [60, 80, 100])
    def test_stays_within_its_columns(self, explanation: ScoreExplanation, width: int) -> None:
        explanation = replace(explanation, read_again=READINGS)
        assert max(len(line) for line in printed(explanation, width=width).splitlines()) <= width

    def test_lets_no_escape_sequence_through(self, explanation: ScoreExplanation) -> None:
        step = explanation.steps[1]
        evil = msgspec.structs.replace(step.spans[0], quote="a\x1b[2Jb\u202ec", prefix=None, suffix=None)
        steps = [explanation.steps[0], msgspec.structs.replace(step, spans=[evil]), *explanation.steps[2:]]
        shown = printed(msgspec.structs.replace(explanation, steps=steps))
        assert "“a[2Jbc”" in shown
        assert "\x1b" not in shown
