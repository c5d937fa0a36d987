"""Generated sentences tell the news and how it is framed, in words of the story, or nothing."""
# Long because each field has its table of cases.

import re
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.grounding import Grounding
from api.analysis.content.news import News, told
from api.analysis.content.promises import Promises
from api.analysis.prose.explained_story import Story, speaker_of
from api.analysis.prose.explanations import Explanations
from api.analysis.prose.quoted_terms import Term
from api.analysis.text.shown_words import MIN_STORY_WORDS
from schemas.assessments import SourceRole, Spin
from schemas.enums import Band, HappeningKind, Independence, Intent, SourceType, SpinType, Stance
from tests.kit.texts.articles import article, document
from tests.kit.texts.taxonomy import TAXONOMY

FRAMED = [kind for kind in SpinType if kind is not SpinType.NONE]
TACTICS = {tactic.code: kind.type for kind in TAXONOMY.types for tactic in kind.tactics}
BODY = (
    "Orrinware opens its planning engine for farms to all growers. It is a groundbreaking leap forward. "
    "“It is truly game-changing,” said Talia Brandmoor. The engine has 40 users in Tarn."
)
TITLE = "Orrinware opens its planning engine"
TEXT = article(BODY, TITLE)
READ = document(BODY, TITLE)
PRICE = AbsentItem("price", "what the engine costs", "a price", "What does it cost?")
TRIAL = AbsentItem("trial", "who has tried it", "a trial", "Who has tried it?")
SPOKEN = Term("truly game-changing", "Talia Brandmoor", 0, 0)


def news(place: int = 1, actor: str | None = "Orrinware") -> News:
    return told(READ, [READ.sentences[place]], actor, "Orrinware")


def make_story(
    kind: SpinType = SpinType.HYPE,
    tactic: str | None = "breakthrough_framing",
    stance: Stance = Stance.PROMOTIONAL,
) -> Story:
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
            stance=stance,
            emphasis=None,
        ),
        role=SourceRole(
            publisher="Orrinware",
            publisher_type=SourceType.COMPANY_BLOG,
            host=None,
            intent=Intent.PROMOTIONAL_DISTRIBUTION,
            independence=Independence.LOW,
        ),
        kind=HappeningKind.LAUNCH,
        title=TITLE,
        news=news(),
        subject="Orrinware",
        actor="Orrinware",
        terms=[Term("groundbreaking leap forward", "document", 0, 0, of_tactic=True)],
        plain="Orrinware opens its planning engine for farms to all growers",
        absent=[PRICE, TRIAL],
        voices=["Talia Brandmoor"],
    )


def media(story: Story) -> Story:
    role = msgspec.structs.replace(
        story.role,
        publisher="The Tarn Courier",
        publisher_type=SourceType.MEDIA,
        intent=Intent.EDITORIAL_REPORTING,
    )
    return replace(story, role=role, actor=None)


def argument(**fields: Any) -> Story:
    fields = {"kind": HappeningKind.TREND_OR_ARGUMENT, "news": news(4, None), **fields}
    return replace(media(make_story()), **fields)


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


def content(sentence: str) -> set[str]:
    own = set(re.findall(r"[^\W_]{3,}", TEXT.text.lower()))
    return set(re.findall(r"[^\W_]{3,}", sentence.lower())) & own


class TestExplanations:
    def test_are_null_without_words_of_the_story(self) -> None:
        bare = replace(
            make_story(),
            news=None,
            plain=None,
            subject=None,
            actor=None,
            terms=[],
            absent=[],
            voices=[],
            title="",
        )
        assert set(sentences(bare).values()) == {None}
        assert Explanations(bare, Grounding(TEXT)).mechanics is None

    def test_are_null_where_the_words_are_not_of_the_text(self) -> None:
        nothing: dict[str, Any] = {"news": None, "plain": None, "actor": None, "title": ""}
        other = Term("tidal leap", "document", 0, 0)
        strange = replace(make_story(), subject="Quillon", terms=[other], **nothing)
        assert set(sentences(strange).values()) == {None}

    def test_quote_beside_the_plain_fact_no_words_that_it_has(self) -> None:
        loaded = "Orrinware opens its groundbreaking leap forward"
        plain = sentences(replace(make_story(), plain=loaded))["plain_english"]
        assert plain is not None
        assert plain.count("groundbreaking leap forward") == 1

    def test_are_null_but_for_the_news_without_words_that_steer(self) -> None:
        found = sentences(replace(make_story(), terms=[], absent=[]))
        assert found.pop("deck") == (
            "Orrinware opens its planning engine for farms to all growers; the post presents the launch in "
            "glowing terms."
        )
        assert found.pop("frame") == "Orrinware's launch told in glowing terms."
        assert found.pop("objective") is not None
        assert found.pop("plain_english") == (
            "Put plainly, Orrinware opens its planning engine for farms to all growers."
        )
        assert set(found.values()) == {None}

    @pytest.mark.parametrize("happening", [*HappeningKind])
    def test_fill_every_field_for_every_tactic_and_happening(self, happening: HappeningKind) -> None:
        stories = [replace(make_story(kind, tactic), kind=happening) for tactic, kind in TACTICS.items()]
        for found in (sentences(one) for story in stories for one in (story, media(story))):
            assert None not in found.values(), found
            for sentence in found.values():
                assert (sentence or "").endswith((".", "”"))
                assert "{" not in (sentence or "")
                assert (sentence or "")[0].isupper() or (sentence or "")[0] == "“"

    @pytest.mark.parametrize("kind", FRAMED)
    def test_have_words_of_the_story_without_a_tactic(self, kind: SpinType) -> None:
        found = sentences(make_story(kind, None))
        assert None not in found.values(), found
        assert all(len(content(s or "")) >= MIN_STORY_WORDS for f, s in found.items() if f != "objective")

    def test_differ_by_type_and_by_what_happened(self) -> None:
        assert len({sentences(make_story(kind, None))["deck"] for kind in FRAMED}) == len(FRAMED)
        kinds = (HappeningKind.LAUNCH, HappeningKind.JOB_CUTS, HappeningKind.TREND_OR_ARGUMENT)
        assert len({sentences(replace(make_story(), kind=kind))["frame"] for kind in kinds}) == len(kinds)

    def test_say_the_same_of_the_same_story(self) -> None:
        assert sentences(make_story()) == sentences(make_story())


class TestDeck:
    @pytest.mark.parametrize(
        ("story", "deck"),
        [
            (
                make_story(),
                "Orrinware opens its planning engine for farms to all growers; the post presents the launch as a "
                "breakthrough (“groundbreaking leap forward”).",
            ),
            (
                replace(make_story(), terms=[SPOKEN]),
                "Orrinware opens its planning engine for farms to all growers; the post quotes Talia Brandmoor, "
                "who presents the launch in glowing terms (“truly game-changing”).",
            ),
            (
                replace(make_story(), news=news(4)),
                "Orrinware says that the engine has 40 users in Tarn; the post presents the launch as a "
                "breakthrough (“groundbreaking leap forward”).",
            ),
            (
                replace(make_story(), terms=[Term("farms to all growers", "document", 0, 0)]),
                "The post says that Orrinware opens its planning engine for farms to all growers; it presents "
                "the launch in glowing terms (“farms to all growers”).",
            ),
            (
                argument(thesis=news(4, None)),
                "The article argues that the engine has 40 users in Tarn; it presents its case as a "
                "breakthrough (“groundbreaking leap forward”).",
            ),
            (
                make_story(SpinType.NONE, None, Stance.NEUTRAL),
                "Orrinware opens its planning engine for farms to all growers.",
            ),
            (
                replace(media(make_story(SpinType.NONE, None, Stance.CRITICAL)), news=news(1, None)),
                "Orrinware opens its planning engine for farms to all growers; the article takes a critical "
                "view.",
            ),
        ],
    )
    def test_tells_the_news_and_how_it_is_framed(self, story: Story, deck: str) -> None:
        assert sentences(story)["deck"] == deck

    def test_charges_a_quoted_statement_to_its_speaker(self) -> None:
        quoted = replace(media(make_story()), news=news(3, None))
        assert "Talia Brandmoor" in (sentences(quoted)["deck"] or "")

    def test_takes_the_tactic_only_with_words_of_it(self) -> None:
        other = replace(make_story(), terms=[Term("groundbreaking leap forward", "document", 0, 0)])
        assert "breakthrough (" not in (sentences(other)["deck"] or "")


class TestEmphasis:
    def test_says_what_is_put_forward_and_what_is_not_there(self) -> None:
        assert sentences(make_story())["emphasis"] == (
            "Puts praise forward (“groundbreaking leap forward”); does not say what the engine costs, or who "
            "has tried it."
        )

    def test_tells_what_is_promised_and_what_is_not_there(self) -> None:
        story = replace(make_story(), promises=Promises(["the engine has 40 users in Tarn"]))
        found = sentences(story)
        assert found["emphasis"] == (
            "Puts forward that the engine has 40 users in Tarn; does not say what the engine costs, or who has "
            "tried it."
        )
        assert found["believe"] == "That the engine has 40 users in Tarn."

    @pytest.mark.parametrize(
        ("voice", "says"), [("document", "Orrinware"), ("Talia Brandmoor", "Talia Brandmoor")]
    )
    def test_quotes_a_promise_that_cannot_be_told(self, voice: str, says: str) -> None:
        quoted = Promises(quoted="It is truly game-changing", voice=voice)
        assert sentences(replace(make_story(), promises=quoted))["believe"] == (
            f"That it is as {says} says: “It is truly game-changing”."
        )

    def test_takes_a_promise_for_the_thesis_of_an_argument_about_an_event(self) -> None:
        deck = sentences(argument(promises=Promises(["it is a groundbreaking leap"])))["deck"] or ""
        assert deck.startswith("The article argues that it is a groundbreaking leap; it presents")

    def test_argues_for_no_event(self) -> None:
        found = sentences(argument())
        assert (found["deck"] or "").startswith(
            "The engine has 40 users in Tarn; the article presents its case"
        )
        assert "argu" not in (found["objective"] or "") + (found["plain_english"] or "")
        plain = replace(argument(), spin=make_story(SpinType.NONE, None, Stance.NEUTRAL).spin)
        assert sentences(plain)["objective"] == "To inform readers that the engine has 40 users in Tarn."
        assert sentences(plain)["frame"] == f"Told as an argument, under the title “{TITLE}”."

    def test_takes_no_claim_that_a_critic_tests_for_what_he_tells(self) -> None:
        of_news = news(4, None)
        tested = replace(of_news, sentence=replace(of_news.sentence, attributed_to="Orrinware"))
        critical = replace(
            argument(), spin=make_story(SpinType.NONE, None, Stance.CRITICAL).spin, news=tested, thesis=None
        )
        assert sentences(critical)["objective"] == f"To give a critical account under the title “{TITLE}”."
        assert "40 users" in (sentences(replace(critical, news=of_news))["objective"] or "")

    def test_names_the_title_if_the_news_cannot_be_told(self) -> None:
        untold = replace(make_story(), news=replace(news(), statement=None, quote="the engine " * 30))
        assert (sentences(untold)["deck"] or "").startswith(f"Under the title “{TITLE}”, the post presents")

    def test_is_hard_to_question_if_nobody_else_speaks(self) -> None:
        alone = replace(make_story(), absent=[], thin="quotes nobody")
        assert sentences(alone)["hard_to_question"] == (
            "The post quotes nobody, so that little stands against words such as “groundbreaking leap forward”."
        )

    def test_names_the_means_of_the_words_without_one_of_the_tactic(self) -> None:
        term = Term("groundbreaking leap forward", "document", 0, 0, form="newness")
        assert sentences(replace(make_story(), terms=[term]))["how"] == (
            "Newness stands for usefulness: “groundbreaking leap forward”."
        )
        assert "Newness" not in (
            sentences(replace(make_story(), terms=[replace(term, of_tactic=True)]))["how"] or ""
        )

    def test_takes_the_voice_of_the_words_of_the_tactic(self) -> None:
        spoken = replace(SPOKEN, of_tactic=True)
        own = Term("groundbreaking leap forward", "document", 0, 0)
        frame = sentences(replace(make_story(), terms=[own, spoken]))["frame"] or ""
        assert frame.endswith("as a breakthrough: “truly game-changing” (in the words of Talia Brandmoor).")

    def test_prove_the_tactic_by_its_own_words(self) -> None:
        proof = Term("groundbreaking leap forward", "document", 0, 0, of_tactic=True)
        other = Term("truly game-changing", "document", 0, 0)
        said = sentences(replace(make_story(), terms=[other, proof]))
        for name in ("frame", "how"):
            assert (said[name] or "").endswith(": “groundbreaking leap forward”.")

    def test_frames_an_argument_by_its_title_if_no_words_can_be_quoted(self) -> None:
        assert sentences(argument(terms=[], subject=None))["frame"] == (
            f"Told as an argument, under the title “{TITLE}”."
        )

    def test_praises_newness_only_in_words_that_name_it(self) -> None:
        story = make_story(tactic="innovation_framing")
        said = [
            sentences(replace(story, terms=[Term(words, "document", 0, 0, of_tactic=True)]))["how"] or ""
            for words in ("truly game-changing", "groundbreaking leap forward")
        ]
        assert ["Newness" in one for one in said] == [False, True]

    def test_ends_with_one_mark_behind_an_item_with_a_comma(self) -> None:
        cost = replace(PRICE, lacks="what it costs, and who pays for it")
        softened = replace(make_story(SpinType.CUSHION, None), absent=[cost])
        assert (sentences(softened)["hard_to_question"] or "").endswith(
            "awkward to ask what it costs, and who pays for it."
        )

    def test_is_hard_to_question_in_the_way_of_what_happened(self) -> None:
        kinds = (
            HappeningKind.LAUNCH,
            HappeningKind.EARNINGS,
            HappeningKind.SURVEY_OR_REPORT,
            HappeningKind.PLEDGE_OR_DONATION,
            HappeningKind.TREND_OR_ARGUMENT,
            HappeningKind.OTHER_EVENT,
        )
        story = make_story(SpinType.HYPE, None)
        hard = {sentences(replace(story, kind=kind))["hard_to_question"] for kind in kinds}
        assert len(hard) == len(kinds)
        assert None not in hard

    def test_takes_a_promise_for_the_thesis_of_an_argument_without_a_short_one(self) -> None:
        untold = replace(news(4, None), statement=None, quote="the engine " * 30)
        found = sentences(
            argument(news=untold, thesis=untold, promises=Promises(["the engine has 40 users in Tarn"]))
        )
        assert (found["deck"] or "").startswith(
            "The article argues that the engine has 40 users in Tarn; it presents"
        )

    def test_asks_about_the_teller_last(self) -> None:
        stake = AbsentItem("author_stake", "what its author gains", "a stake", "What?")
        found = sentences(replace(make_story(), absent=[stake, PRICE]))
        assert (found["emphasis"] or "").endswith(
            "does not say what the engine costs, or what its author gains."
        )
        assert "gains" not in (found["hard_to_question"] or "")

    def test_tells_bad_news_in_place_of_a_softened_lead(self) -> None:
        softened = replace(make_story(SpinType.CUSHION, None), bad=True, plain="40 users in Tarn leave")
        deck = sentences(softened)["deck"] or ""
        assert deck.startswith("40 users in Tarn leave; the post presents the news in")

    def test_speak_of_one_piece_of_bad_news_in_the_singular(self) -> None:
        told_as: dict[str, Any] = {"bad": True, "plain": "40 users in Tarn leave"}
        story = replace(make_story(SpinType.CUSHION, "restructuring_framing"), **told_as)
        results = replace(story, kind=HappeningKind.EARNINGS)
        assert (sentences(results)["believe"] or "").startswith("That the news is a matter of structure")

    def test_asks_for_no_words_that_it_shows(self) -> None:
        proof = AbsentItem("proof", "what “groundbreaking leap forward” rests on", "a test", "On what?")
        found = sentences(replace(make_story(), absent=[proof]))
        assert "rests on" not in (found["hard_to_question"] or "")
        assert found["emphasis"] == "Puts praise forward (“groundbreaking leap forward”)."

    def test_prefers_what_is_told_late(self) -> None:
        late = replace(make_story(), late="says only at its end that it has 40 users in Tarn")
        told_late = "says only at its end that it has 40 users in Tarn."
        assert (
            sentences(late)["emphasis"] == f"Puts praise forward (“groundbreaking leap forward”); {told_late}"
        )

    def test_says_that_the_text_is_thin_or_only_what_it_stresses(self) -> None:
        bare = replace(make_story(), absent=[])
        assert sentences(bare)["emphasis"] == "Puts praise forward (“groundbreaking leap forward”)."
        assert sentences(replace(bare, thin="quotes nobody"))["emphasis"] == (
            "Puts praise forward (“groundbreaking leap forward”); quotes nobody."
        )

    @pytest.mark.parametrize("stance", [Stance.NEUTRAL, Stance.CRITICAL])
    def test_and_mechanics_are_null_where_nothing_steers(self, stance: Stance) -> None:
        plain = make_story(SpinType.NONE, None, stance)
        assert sentences(plain)["emphasis"] is None
        assert Explanations(plain, Grounding(TEXT)).mechanics is None


class TestObjective:
    @pytest.mark.parametrize(
        ("story", "objective"),
        [
            (make_story(), "To win users and attention for Orrinware's launch."),
            (
                media(make_story()),
                "To report Orrinware's launch, and to pass on praise for the launch (“groundbreaking leap "
                "forward”).",
            ),
            (
                replace(make_story(SpinType.CUSHION, None), kind=HappeningKind.JOB_CUTS),
                "To have Orrinware's job cuts accepted with little protest.",
            ),
            (
                media(make_story(SpinType.NONE, None, Stance.NEUTRAL)),
                "To inform readers that Orrinware opens its planning engine for farms to all growers.",
            ),
        ],
    )
    def test_follows_from_type_and_happening(self, story: Story, objective: str) -> None:
        assert sentences(story)["objective"] == objective

    def test_is_to_argue_the_thesis(self) -> None:
        spin = make_story(SpinType.NONE, None, Stance.CRITICAL).spin
        critical = argument(spin=spin, news=news(1, None), thesis=news(4, None))
        assert sentences(critical)["objective"] == "To argue that the engine has 40 users in Tarn."


@pytest.mark.parametrize(
    ("publisher", "sort", "speaker"),
    [
        ("Orrinware", SourceType.COMPANY_BLOG, "Orrinware"),
        ("Tarn Newswire", SourceType.PRESS_RELEASE, None),
        ("Quell Wire", SourceType.NGO, "Quell Wire"),
        ("blog.orrinware.example", SourceType.COMPANY_BLOG, None),
    ],
)
def test_the_speaker_is_no_wire_and_no_address(publisher: str, sort: SourceType, speaker: str | None) -> None:
    role = msgspec.structs.replace(make_story().role, publisher=publisher, publisher_type=sort)
    assert speaker_of(role, publisher) == speaker
