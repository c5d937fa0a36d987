"""Satire: recognised by wording, located, dismissed by a ruling, and learned."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from api.analysis.engines.fast.engine import FastEngine
from api.analysis.engines.rules import RulesEngine
from api.analysis.framing.satire_detector import FEWEST_WORDS, satire_scores
from api.analysis.models.satire import SATIRE, satire_model
from api.analysis.text.rulings import Ruling
from api.training.satire_training import Example, fit_satire
from api.training.wording_training import Words, apply_wording, count_words
from schemas.assessments import Assessment
from schemas.enums import AblationKind, ClaimSupport, Risk, SpinType, Stance
from tests.kit.texts.articles import article, document
from tests.kit.texts.framed_texts import HYPE
from tests.kit.texts.taxonomy import TAXONOMY
from tests.kit.texts.trap_texts import names, story

ENGINES = {"full": RulesEngine(), "fast": FastEngine()}
SATIRES = names("satire")


@cache
def judged(name: str, profile: str = "full") -> Assessment:
    title, body = story(name)
    return ENGINES[profile].assess(article(body, title), TAXONOMY)


class TestASatire:
    @pytest.mark.parametrize("name", SATIRES)
    @pytest.mark.parametrize("profile", ENGINES)
    def test_has_no_type_and_is_critical(self, name: str, profile: str) -> None:
        spin = judged(name, profile).spin
        assert spin is not None
        assert spin.satire
        assert (spin.primary, spin.secondary, spin.tactic) == (SpinType.NONE, None, None)
        assert spin.stance is Stance.CRITICAL
        assert spin.confidence == satire_model().certainty

    @pytest.mark.parametrize("name", SATIRES)
    def test_is_led_to_one_sentence(self, name: str) -> None:
        (finding,) = (f for f in judged(name).findings if f.rule == SATIRE)
        (span,) = finding.spans
        assert span.quote in "\n\n".join(story(name))
        assert (finding.type, finding.points) == (None, 0)

    @pytest.mark.parametrize("name", SATIRES)
    def test_is_dangerous_to_repeat(self, name: str) -> None:
        integrity = judged(name).integrity
        assert integrity is not None
        assert integrity.ai_repetition_risk is Risk.HIGH
        assert "satire" in integrity.ai_repetition_risk_reasons[0]
        assert "satire" in (integrity.faithful_summary or "")

    @pytest.mark.parametrize("name", SATIRES)
    def test_is_not_asked_what_only_a_serious_text_can_be_asked(self, name: str) -> None:
        said = judged(name)
        lists = (said.left_out, said.questions_raised, said.questions_answered, said.missing_voices)
        assert lists == (None,) * 4
        assert (said.beneficiaries, said.key_stats, said.objective) == (None,) * 3
        assert (said.mechanics, said.spin_vs_substance) == (None, None)
        assert ClaimSupport.SHOWN not in {claim.support for claim in said.claims}
        assert {claim.missing_evidence is None for claim in said.claims} == {True}
        assert "satire" in (said.deck or "")
        assert "satire" in (said.frame or "")

    @pytest.mark.parametrize("name", SATIRES)
    def test_is_judged_as_another_text_once_a_ruling_dismisses_it(self, name: str) -> None:
        title, body = story(name)
        said = judged(name)
        (finding,) = (f for f in said.findings if f.rule == SATIRE)
        ruling = Ruling(
            text_sha256=said.text_sha256,
            rule=SATIRE,
            start=0,  # wherever it points
            end=1,
            note="It means what it says.",
        )
        after = ENGINES["full"].assess(article(body, title), TAXONOMY, [ruling])
        assert said.spin is not None
        assert after.spin is not None
        assert not after.spin.satire
        assert after.spin.score == said.spin.score
        assert after.left_out is not None
        own = [a for a in said.ablations or [] if a.finding_ids == [finding.id]]
        assert {(a.score, a.primary) for a in own} == {(after.spin.score, after.spin.primary)}
        flips = [a for a in own if a.kind is AblationKind.FLIP]
        assert bool(flips) is (after.spin.primary is not SpinType.NONE)


class TestATextThatIsTooShort:
    def test_is_not_asked(self) -> None:
        words = next(
            cut
            for cut in _cuts()
            if satire_scores(document(cut), satire_model()).value >= satire_model().line
        )
        said = ENGINES["full"].assess(article(words), TAXONOMY)
        assert said.spin is not None
        assert [f for f in said.findings if f.rule == SATIRE] == []


def _cuts() -> Iterator[str]:
    """Pieces of satires, each one word below the minimum length."""
    for name in SATIRES:
        words = story(name)[1].split()
        for start in range(len(words) - FEWEST_WORDS + 1):
            yield " ".join(words[start : start + FEWEST_WORDS - 1])


class TestSatireScores:
    @pytest.mark.parametrize("text", [story(SATIRES[1]), HYPE], ids=["satire", "hype"])
    def test_is_the_sum_of_its_sentences(self, text: tuple[str, str]) -> None:
        model = satire_model()
        found = satire_scores(document(text[1], text[0]), model)
        assert found.value == pytest.approx(model.words.bases[0] + sum(found.sentences))

    def test_equals_what_training_computes(self) -> None:
        model, text = satire_model(), document(HYPE[1], HYPE[0])
        words = count_words(text.text, text.folded)
        assert satire_scores(text, model).value == pytest.approx(
            float(apply_wording(model.words, [words])[0][0])
        )


def words(number: int, manner: str) -> Words:
    subject = ("mill", "boat", "oven", "road")[number % 4]
    text = f"{manner} the {subject} of {'many ' * (number % 3)}people and the {subject} was seen again"
    return count_words(text, text)


class TestFitSatire:
    TEXTS = tuple(
        Example(
            words(n, "we are thrilled to bury" if n % 2 else "we are sorry to close"),
            "abcdef"[n % 6],
            bool(n % 2),
        )
        for n in range(60)
    )
    STORIES = tuple(words(n, "the council will repair") for n in range(200))

    def test_learns_what_tells_them_apart(self) -> None:
        model = fit_satire(self.TEXTS, self.STORIES, "invented")
        said = apply_wording(model.words, [t.words for t in self.TEXTS])[:, 0]
        satires = np.array([t.satire for t in self.TEXTS])
        assert said[satires].min() > said[~satires].max()
        assert model.certainty == 1.0

    def test_draws_the_line_above_sincere_texts_in_the_manner_of_satire(self) -> None:
        near = [Example(text.words, text.writer, satire=False) for text in self.TEXTS[1:13:2]]
        assert (
            fit_satire([*self.TEXTS, *near], self.STORIES, "invented").line
            > fit_satire(self.TEXTS, self.STORIES, "invented").line
        )

    def test_gives_the_same_twice(self) -> None:
        assert fit_satire(self.TEXTS, self.STORIES, "x") == fit_satire(self.TEXTS, self.STORIES, "x")
