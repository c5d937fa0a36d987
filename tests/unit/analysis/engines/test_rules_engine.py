"""The rules engine: protocol, refusals, and a full assessment of each kind of story."""

import string
import subprocess
import sys

import msgspec
import pytest

from api.analysis.engines import rules
from api.analysis.engines.engine import Engine
from api.analysis.engines.engine_digest import engine_digest
from api.analysis.engines.rules import RulesEngine
from api.analysis.text.rulings import Ruling
from api.rendering.flat import flat
from schemas.assessments import Assessment, Happening
from schemas.enums import HappeningKind, NotScorableReason, SpinType, StoryStatus
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE
from tests.kit.texts.taxonomy import TAXONOMY

ENGINE: Engine = RulesEngine()
LONG = HYPE[1] + "\n\n" + "The valley is wide, and the river runs through it from north to south. " * 4


def assess(body: str, title: str = "") -> Assessment:
    return ENGINE.assess(article(body, title), TAXONOMY)


class TestRulesEngine:
    @pytest.mark.parametrize(
        ("title", "body", "reason"),
        [
            ("", "", NotScorableReason.EMPTY),
            ("Corvell closes its plant", "", NotScorableReason.HEADLINE_ONLY),
            ("Corvell closes its plant", "More soon.", NotScorableReason.HEADLINE_ONLY),
            ("Corvell", "The plant in Tarn closes in June. " * 6, NotScorableReason.TOO_SHORT),
        ],
    )
    def test_refuses_too_little(self, title: str, body: str, reason: NotScorableReason) -> None:
        found = assess(body, title)
        assert found.not_scorable is not None
        assert (found.status, found.not_scorable.reason) == (StoryStatus.NOT_SCORABLE, reason)
        assert flat(found, TAXONOMY) == {"status": "not_scorable"}

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "body",
        [
            "word " * 12_000,
            "a" * 60_000,
            "1,234 " * 5_000,
            "“Yes,” “no,” " * 800,
            "🙂👩‍👩‍👧‍👦 " * 3_000,
            "שלום עולם. مرحبا بالعالم. " * 600,
            "e\u0301\u0300\u0302" * 3_000,
            "Der Zug hält. The train stops. Le train s'arrête. " * 200,
            "\u202eevil\u202c \ufeff \u200b " * 2_000,
            "\n" * 5_000 + "x",
            "?!" * 5_000,
            "The plant. " * 5_000,
            "Quillon " * 4_000 + ".",
            "1,1,1," * 8_000,
            "A.B.C." * 8_000,
        ],
        ids=lambda body: repr(body[:12]),
    )
    def test_never_raises_on_hostile_text(self, body: str) -> None:
        found = assess(body, "A title")
        assert msgspec.json.decode(msgspec.json.encode(found), type=Assessment) == found

    def test_has_a_reference_that_covers_its_files(self) -> None:
        assert ENGINE.ref.name == "rules"
        assert ENGINE.ref.digest == engine_digest()
        assert len(ENGINE.ref.digest) == 64
        assert set(ENGINE.ref.digest) <= set(string.hexdigits)

    @pytest.mark.slow
    def test_runs_none_of_the_files_that_its_reference_leaves_out(self) -> None:
        judge = (
            "from api.pages.articles import article_from_text as article\n"
            "from api.analysis.engines.fast.engine import FastEngine\n"
            "from api.analysis.engines.rules import RulesEngine\n"
            "from api.runtime.load_taxonomy import load_taxonomy\n"
            "import sys\n"
            f"text = article(None, {PLAIN_REPORT[1]!r}, None, None)\n"
            "for engine in (RulesEngine(), FastEngine()):\n"
            "    assert engine.assess(text, load_taxonomy()).spin\n"
            "print(*(name for name in sys.modules if name.startswith('api.') and name.endswith('training')))"
        )
        ran = subprocess.run([sys.executable, "-c", judge], capture_output=True, text=True, check=True)
        assert ran.stdout == "\n"

    @pytest.mark.parametrize(("title", "body"), [HYPE, CUSHION, STAMPEDE, PLAIN_REPORT, PLAIN_LAYOFF])
    def test_scores_a_story_with_claims_and_words_for_it(self, title: str, body: str) -> None:
        found = assess(body, title)
        assert found.status is StoryStatus.SCORED
        assert found.claims
        assert found.summary
        assert found.deck
        assert found.keywords
        assert found.integrity is not None

    def test_finds_the_beneficiary_of_a_framed_story_and_none_of_a_plain_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        launch = Happening(kind=HappeningKind.LAUNCH, subject="Orrinware", spans=[])
        monkeypatch.setattr(rules, "happening_of", lambda document: launch)
        said = assess(HYPE[1], HYPE[0])
        assert [b.name for b in said.beneficiaries or []] == ["Orrinware"]
        assert assess(PLAIN_REPORT[1], PLAIN_REPORT[0]).beneficiaries == []

    def test_asks_for_what_is_left_out(self) -> None:
        found = assess(LONG, HYPE[0])
        assert [q.item for q in found.questions_raised][: len(found.left_out)] == [
            o.item for o in found.left_out
        ]
        assert "price" in [o.item for o in found.left_out]
        assert all(o.text.startswith("Does not ") and o.looked_for for o in found.left_out)

    def test_lets_a_ruling_take_the_points_of_a_finding(self) -> None:
        first = assess(HYPE[1], HYPE[0])
        finding = max(first.findings, key=lambda f: f.points)
        rulings = [
            Ruling(
                text_sha256=first.text_sha256,
                rule=rule,
                start=finding.spans[0].start,
                end=finding.spans[-1].end,
                note="Upheld: the words are a product's name.",
            )
            for rule in finding.rules
        ]
        again = ENGINE.assess(article(HYPE[1], HYPE[0]), TAXONOMY, rulings)
        assert (
            next(f for f in again.findings if f.spans == finding.spans and f.rule == finding.rule).points == 0
        )
        assert first.spin is not None
        assert again.spin is not None
        assert again.spin.score <= first.spin.score


class TestFlat:
    def test_names_the_tactic_in_words(self) -> None:
        row = flat(assess(STAMPEDE[1], STAMPEDE[0]), TAXONOMY)
        assert row["primary"] == SpinType.STAMPEDE
        names = {
            t.name.lower() for kind in TAXONOMY.types if kind.type == row["primary"] for t in kind.tactics
        }
        assert row["tactic"] in names

    def test_says_none_for_a_plain_report(self) -> None:
        row = flat(assess(PLAIN_REPORT[1], PLAIN_REPORT[0]), TAXONOMY)
        assert (row["primary"], row["tactic"]) == ("none", "none")

    def test_has_every_key_that_evaluation_reads(self) -> None:
        row = flat(assess(HYPE[1], HYPE[0]), TAXONOMY)
        assert set(row) == {
            "score",
            "primary",
            "secondary",
            "stance",
            "tactic",
            "loaded_terms",
            "claims",
            "evidence_strength",
            "confidence",
            "interval",
            "event",
            "subject",
            "news",
        }
        assert isinstance(row["claims"], list)
        assert set(row["claims"][0]) == {"text", "kind", "support"}
