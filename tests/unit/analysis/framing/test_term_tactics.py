"""Tactic and type of a loaded term, by its own words."""

import pytest

from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.spin import judge
from api.analysis.framing.term_tactics import rule_of, type_of_words
from api.analysis.text.document import Text
from schemas.enums import SpinType
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, STAMPEDE
from tests.kit.texts.taxonomy import TAXONOMY

CHARGES = {d.charge.partition("{words}”")[2] for d in DETECTORS if d.charge}


def found(words: str, kind: SpinType) -> str | None:
    read = document(f"It is about {words} for us.")
    rule = rule_of(read, kind, 12, 12 + len(words))
    return rule.tactic if rule else None


class TestATermsTactic:
    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ("a quiet garden", SpinType.HYPE),
            ("the deadline", SpinType.HALO),  # words of another type
            ("a client-first way", SpinType.HYPE),
            ("grandstanding", SpinType.HYPE),  # a word inside a word
        ],
    )
    def test_is_none_for(self, words: str, kind: SpinType) -> None:
        assert found(words, kind) is None

    @pytest.mark.parametrize(
        ("words", "kind", "tactic"),
        [
            ("an unprecedented leap", SpinType.HYPE, "breakthrough_framing"),
            ("inclusive lending", SpinType.HALO, "inclusion_framing"),
            ("a sustainable planet", SpinType.HALO, "public_good"),
            ("the closing window", SpinType.STAMPEDE, "fomo_framing"),
            ("a leaner team", SpinType.CUSHION, "efficiency_framing"),
            ("a sophisticated attack", SpinType.SHIELD, "bad_actor_framing"),
            ("various measures", SpinType.FOG, "strategic_ambiguity"),
        ],
    )
    def test_is_that_of_a_written_rule(self, words: str, kind: SpinType, tactic: str) -> None:
        assert found(words, kind) == tactic

    @pytest.mark.parametrize("story", [HYPE, CUSHION, STAMPEDE], ids=lambda s: s[0][:20])
    def test_is_one_of_its_types_tactics(self, story: tuple[str, str]) -> None:
        tactics = {(d.type, d.tactic) for d in DETECTORS} | {(kind, None) for kind in SpinType}
        for finding in judge(document(story[1], story[0]), TAXONOMY).findings:
            assert (finding.type, finding.tactic) in tactics

    def test_explains_a_learned_term_without_a_charge(self) -> None:
        text = (
            "Orrinware is in capable hands. It will emerge as a stronger company, with a vibrant community and a "
            "relentless commitment to its growers. What an incredible time it has been for the whole team."
        )
        learned = [f for f in judge(document(text), TAXONOMY).findings if f.rule in LEARNED_CODES]
        assert learned
        assert all(f.explanation.partition("”")[2] not in CHARGES for f in learned)


class TestATermsType:
    def test_is_the_sentences_unless_its_words_speak_for_a_rival(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = document("It is about a sustainable planet for us.")
        near = [SpinType.HYPE, SpinType.HALO]
        monkeypatch.setattr(type(read), "types_at", lambda self, start: near)
        assert type_of_words(read, SpinType.HYPE, 12, 32) is SpinType.HALO
        assert type_of_words(read, SpinType.HYPE, 0, 5) is SpinType.HYPE
        near.remove(SpinType.HALO)
        assert type_of_words(read, SpinType.HYPE, 12, 32) is SpinType.HYPE

    def test_begins_with_the_likeliest(self) -> None:
        read: Text = document(HYPE[1], HYPE[0])
        assert all(read.types_at(s.start)[0] is read.type_at(s.start) for s in read.sentences)
