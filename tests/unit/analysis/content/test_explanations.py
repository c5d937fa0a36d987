"""Generated sentences use the story's own words, or none."""

import re
from dataclasses import replace

import pytest

from api.analysis.content.explanations import Explanations, Story, standing_of, story_of
from api.analysis.content.grounding import Grounding
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.quoted_terms import Term
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.text.shown_words import MIN_STORY_WORDS
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
from tests.kit.texts.articles import article, document
from tests.kit.texts.taxonomy import TAXONOMY

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
        believed=[
            ("Orrinware calls Furrow a groundbreaking leap forward", "document"),
            ("It is truly game-changing", "Talia Brandmoor"),
        ],
        clauses=[
            ("Orrinware calls Furrow a groundbreaking leap forward", "document"),
            ("It is truly game-changing", "Talia Brandmoor"),
        ],
        subject="planning engine",
        core="The planning engine for farms has 40 users in Tarn",
        core_voice="document",
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


def framed(body: str, *terms: tuple[str, bool], kind: SpinType = SpinType.HYPE) -> Story:
    """The sentences for these terms, and whether a written rule found each term."""
    read = document(body)
    found = [
        Term(words, "document", at := read.text.index(words), at + len(words), written, len(words.split()))
        for words, written in terms
    ]
    model = make_story(kind)
    return story_of(
        read, model.spin, model.role, model.actor, found, [], KeyPhrases(read, NounChunks(read), ())
    )


class TestStoryOf:
    @pytest.mark.parametrize(
        ("body", "term"),
        [
            ("Orrinware has a groundbreaking engine.", "groundbreaking"),
            (
                "Nobody says that Furrow fails. The rivals of Furrow are never groundbreaking leaps.",
                "groundbreaking leaps",
            ),
            ("Furrow shows a groundbreaking leap although it has many limits.", "groundbreaking leap"),
            (
                "Furrow was a groundbreaking leap, but it did not sell.",
                "Furrow was a groundbreaking leap, but it",
            ),
        ],
    )
    def test_keeps_no_clause_of_a_lone_guess_or_one_that_takes_back(self, body: str, term: str) -> None:
        assert framed(body, (term, False)).clauses == []

    def test_keeps_the_clause_of_weighty_words(self) -> None:
        story = framed("Furrow shows a groundbreaking leap for farms.", ("groundbreaking leap", False))
        assert [c for c, _ in story.clauses] == ["Furrow shows a groundbreaking leap for farms"]
        assert story.believed == []

    def test_believes_what_a_written_rule_found(self) -> None:
        story = framed("Furrow shows a groundbreaking leap for farms.", ("groundbreaking", True))
        assert story.believed == [("Furrow shows a groundbreaking leap for farms", "document")]

    def test_lets_a_text_soften_by_saying_what_is_not_so(self) -> None:
        story = framed("The closing is no great loss.", ("great loss", True), kind=SpinType.CUSHION)
        assert story.believed == [("The closing is no great loss", "document")]


class TestExplanations:
    def test_are_null_without_words_of_the_story(self) -> None:
        bare = replace(
            make_story(), actor=None, terms=[], clauses=[], believed=[], subject=None, core=None, lacks=None
        )
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
            believed=[("the tidal turbine leaps", "document")],
        )
        assert set(sentences(strange).values()) == {None}

    def test_are_null_with_a_single_word_of_the_story(self) -> None:
        thin = replace(
            make_story(), actor=None, terms=[("truly", "document")], clauses=[], subject="engine", core=None
        )
        assert all(s is None or len(content(s)) >= MIN_STORY_WORDS for s in sentences(thin).values())

    @pytest.mark.parametrize("kind", FRAMED)
    def test_speak_of_every_type_in_words_of_the_story(self, kind: SpinType) -> None:
        found = sentences(make_story(kind, next(t.tactics[0].code for t in TAXONOMY.types if t.type is kind)))
        assert None not in found.values(), found
        assert all(len(content(s or "")) >= MIN_STORY_WORDS for s in found.values())

    @pytest.mark.parametrize("tactic", TACTICS)
    def test_say_how_each_tactic_works(self, tactic: str) -> None:
        assert sentences(make_story(SpinType.HYPE, tactic))["how"] is not None

    def test_say_nothing_of_belief_without_words_that_a_written_rule_found(self) -> None:
        guessed = sentences(replace(make_story(), believed=[]))
        assert guessed["believe"] is None
        assert (
            guessed["frame"]
            == "A great step forward, in words like “groundbreaking leap” and “truly game-changing”."
        )

    def test_take_no_domain_for_a_word_of_the_story(self) -> None:
        thin = replace(make_story(), actor="orrinware.example", subject="engine", core=None)
        assert sentences(thin)["objective"] is None

    def test_differ_by_type(self) -> None:
        assert len({sentences(make_story(kind))["deck"] for kind in FRAMED}) == len(FRAMED)

    def test_say_the_same_of_the_same_story(self) -> None:
        assert sentences(make_story()) == sentences(make_story())

    def test_name_the_quoted_speaker_as_the_one_who_frames(self) -> None:
        quoted = replace(make_story(), clauses=[("It is truly game-changing", "Talia Brandmoor")])
        deck = sentences(quoted)["deck"] or ""
        assert deck.startswith("Talia Brandmoor ")
        assert "Orrinware" not in deck

    def test_put_no_term_beside_what_the_text_says_of_another_thing(self) -> None:
        framed = " ".join(s for s in sentences(make_story()).values() if s)
        assert "“groundbreaking leap” for" not in framed
        assert "lacks" not in framed
        assert "a named benchmark or test for “The planning engine for farms has 40 users in Tarn”" in framed

    def test_say_of_nobody_that_it_is_known_in_its_own_words(self) -> None:
        assert sentences(replace(make_story(), subject="Orrinware", core=None))["objective"] is None

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
