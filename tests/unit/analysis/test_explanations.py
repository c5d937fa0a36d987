"""Generated sentences: in the story's own words, or not at all."""

import re
from dataclasses import replace

import pytest

from api.analysis.explanations import MIN_STORY_WORDS, Explanations, Story, standing_of
from api.analysis.grounding import Grounding
from schemas.assessments import Claim, SourceRole, Spin
from schemas.enums import (
    Band,
    ClaimKind,
    ClaimRole,
    ClaimSupport,
    Independence,
    Intent,
    Risk,
    SourceType,
    SpinType,
    Stance,
    Verification,
)
from tests.articles import article
from tests.taxonomy import TAXONOMY

FRAMED = [kind for kind in SpinType if kind is not SpinType.NONE]
TACTICS = [tactic.code for kind in TAXONOMY.types for tactic in kind.tactics]
TEXT = article(
    "Orrinware calls Furrow a groundbreaking leap forward. “It is truly game-changing,” said Talia Brandmoor. "
    "The planning engine for farms has 40 users in Tarn.",
    "Orrinware unveils its planning engine",
)


def make_story(kind: SpinType = SpinType.HYPE, tactic: str | None = "breakthrough_framing") -> Story:
    return Story(
        spin=Spin(
            primary=kind,
            secondary=None,
            tactic=tactic,
            tactic_name=None,
            score=50,
            band=Band.STRONG,
            confidence=None,
            interval=None,
            stance=Stance.PROMOTIONAL,
            emphasis=None,
        ),
        role=SourceRole(
            publisher="Orrinware",
            publisher_type=SourceType.COMPANY_BLOG,
            host=None,
            intent=Intent.PROMOTIONAL_DISTRIBUTION,
            independence=Independence.LOW,
        ),
        actor="Orrinware",
        terms=[("groundbreaking leap", "document"), ("truly game-changing", "Talia Brandmoor")],
        clauses=[
            ("Orrinware calls Furrow a groundbreaking leap forward", "document"),
            ("It is truly game-changing", "Talia Brandmoor"),
        ],
        subject="planning engine",
        core="The planning engine for farms has 40 users in Tarn",
        standing="stated by Orrinware",
        lacks="a named benchmark or test",
    )


def sentences(story: Story) -> dict[str, str | None]:
    said = Explanations(story, Grounding(TEXT))
    mechanics = said.mechanics
    return {
        "deck": said.deck,
        "emphasis": said.emphasis,
        "frame": said.frame,
        "objective": said.objective,
        "plain_english": mechanics.plain_english if mechanics else None,
        "believe": mechanics.believe if mechanics else None,
        "hard_to_question": mechanics.hard_to_question if mechanics else None,
        "how": mechanics.how if mechanics else None,
    }


def attributed(text: str, voice: str = "document") -> Claim:
    return Claim(
        number=1,
        text=text,
        role=ClaimRole.PRIMARY,
        kind=ClaimKind.TECHNICAL,
        support=ClaimSupport.ATTRIBUTED,
        verification=Verification.ATTRIBUTED_IN_SOURCE,
        risk=Risk.LOW,
        voice=voice,
        hedges=[],
        missing_evidence=[],
        spans=[],
    )


def content(sentence: str) -> set[str]:
    own = set(re.findall(r"[^\W_]{3,}", TEXT.text.lower()))
    return set(re.findall(r"[^\W_]{3,}", sentence.lower())) & own


class TestExplanations:
    def test_are_null_without_words_of_the_story(self) -> None:
        bare = replace(make_story(), actor=None, terms=[], clauses=[], subject=None, core=None, lacks=None)
        assert set(sentences(bare).values()) == {None}
        assert Explanations(bare, Grounding(TEXT)).mechanics is None

    def test_are_null_where_the_words_are_not_of_the_text(self) -> None:
        strange = replace(
            make_story(),
            actor="Quillon",
            subject="tidal turbine",
            core=None,
            terms=[("tidal leap", "x")],
            clauses=[("the tidal turbine leaps", "x")],
        )
        assert set(sentences(strange).values()) == {None}

    def test_are_null_with_a_single_word_of_the_story(self) -> None:
        thin = replace(
            make_story(), actor=None, terms=[("truly", "document")], clauses=[], subject="engine", core=None
        )
        assert all(s is None or len(content(s)) >= MIN_STORY_WORDS for s in sentences(thin).values())

    @pytest.mark.parametrize("kind", FRAMED)
    def test_speak_of_every_type_in_words_of_the_story(self, kind: SpinType) -> None:
        tactic = next(t.tactics[0].code for t in TAXONOMY.types if t.type is kind)
        found = sentences(make_story(kind, tactic))
        assert None not in found.values(), found
        assert all(len(content(s or "")) >= MIN_STORY_WORDS for s in found.values())

    @pytest.mark.parametrize("tactic", TACTICS)
    def test_say_how_each_tactic_works(self, tactic: str) -> None:
        assert sentences(make_story(SpinType.HYPE, tactic))["how"] is not None

    def test_differ_by_type(self) -> None:
        decks = {sentences(make_story(kind))["deck"] for kind in FRAMED}
        assert len(decks) == len(FRAMED)

    def test_say_the_same_of_the_same_story(self) -> None:
        assert sentences(make_story()) == sentences(make_story())

    def test_name_the_quoted_speaker_as_the_one_who_frames(self) -> None:
        quoted = replace(make_story(), clauses=[("It is truly game-changing", "Talia Brandmoor")])
        deck = sentences(quoted)["deck"] or ""
        assert deck.startswith("Talia Brandmoor ")
        assert "Orrinware" not in deck

    def test_put_no_term_beside_what_the_text_says_of_another_thing(self) -> None:
        said = sentences(make_story())
        told = " ".join(s for s in said.values() if s)
        assert "“groundbreaking leap” for" not in told
        assert "lacks" not in told
        assert "a named benchmark or test for “The planning engine for farms has 40 users in Tarn”" in told

    def test_say_of_nobody_that_it_is_known_in_its_own_words(self) -> None:
        same = replace(make_story(), subject="Orrinware", core=None)
        assert sentences(same)["objective"] is None

    def test_of_a_plain_report_hold_no_mechanics(self) -> None:
        assert Explanations(make_story(SpinType.NONE, None), Grounding(TEXT)).mechanics is None

    def test_end_as_sentences_do(self) -> None:
        for kind in FRAMED:
            assert all(
                (s or ".").endswith((".", "”")) and "{" not in (s or "")
                for s in sentences(make_story(kind)).values()
            )


class TestStandingOf:
    @pytest.mark.parametrize(
        ("text", "standing"),
        [
            (
                "Orrinware will pay 18 crowns a share, the companies said in a joint statement.",
                "according to the companies",
            ),
            (
                "A test of blood may find the illness early, according to a study of 1,862 adults published on "
                "Monday in the Tarn Journal of Medicine.",
                "according to a study of 1,862 adults published on Monday in the Tarn Journal of Medicine",
            ),
            (
                "According to a finance paper, repayments come to 820,000 crowns a year.",
                "according to a finance paper",
            ),
            ("The auditors found that 40 wells were dry.", "according to the auditors"),
            ("Sales fell by half, a filing on Friday showed.", "according to a filing on Friday"),
            ("It found that 40 wells were dry.", "attributed in the text"),
            ("The apps say Enabled where they run, while others say Disabled.", "attributed in the text"),
            ("The pump is the best, making it the largest order ever reported.", "attributed in the text"),
        ],
    )
    def test_names_the_source_in_the_words_of_the_sentence(self, text: str, standing: str) -> None:
        assert standing_of(attributed(text), make_story().role, "") == standing

    def test_does_not_name_a_source_twice(self) -> None:
        text = "The auditors found that 40 wells were dry."
        assert standing_of(attributed(text), make_story().role, text.lower()) == "attributed in the text"

    def test_sets_a_name_into_the_sentence(self) -> None:
        role = make_story().role
        assert standing_of(attributed("x", "Its memo to all"), role, "") == "according to its memo to all"
        body = "Tarn Water Commission"
        assert standing_of(attributed("x", body), role, "") == "according to the Tarn Water Commission"
