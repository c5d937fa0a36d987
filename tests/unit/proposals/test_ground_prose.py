"""What survives of a model's prose."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.proposals.ground_judgement import ground_judgement
from api.proposals.ground_prose import LIMITS, ground_prose, item_spans
from api.proposals.grounded import GroundedJudgement, GroundedProse, RefusedAnswer
from api.proposals.prompts import prose_prompt
from tests.kit.tables import each
from tests.kit.texts.answers import STORY, TITLE, answer, number_of, passage
from tests.kit.texts.assessments import spans_of
from tests.kit.texts.taxonomy import TAXONOMY

PROMPT = prose_prompt().text
LAUNCH, MOVED, QUOTED = number_of("today announced"), number_of("1,820"), number_of("goods")
ROUTES, UNION, LUND, DEPOTS = map(
    number_of, ("4 minutes", "leap in the dark", "Nobody has asked", "41 depots")
)
DECK = passage("Quillon praises its platform before it shows a result.", LAUNCH)


def judgement() -> GroundedJudgement:
    found = ground_judgement(STORY, [answer()], TAXONOMY)
    assert isinstance(found, GroundedJudgement)
    return found


JUDGEMENT = judgement()


def prose(**fields: Any) -> GroundedProse:
    found = ground_prose(STORY, JUDGEMENT, msgspec.json.encode(fields), PROMPT, max_dropped=1)
    assert isinstance(found, GroundedProse), found
    return found


class TestRefusesAnAnswer:
    @each(
        ("data", "reason"),
        [
            (b"", "malformed"),
            (b"Sorry, I cannot.", "malformed"),
            (b'[{"error": 1}]', "malformed"),
            (b"\xff", "malformed"),
            (msgspec.json.encode({"deck": passage("Orrin wins.", 2)}), "too_much_dropped"),
            (msgspec.json.encode({"deck": "A sentence.", "summary": "Another."}), "too_much_dropped"),
        ],
    )
    def test_for(self, data: bytes, reason: str) -> None:
        found = ground_prose(STORY, JUDGEMENT, data, PROMPT)
        assert isinstance(found, RefusedAnswer)
        assert found.reason == reason


class TestDrops:
    @each(
        ("frame", "reason"),
        [
            (passage("The plan is a leap."), "unsupported"),
            (passage("The plan is a leap.", 99), "unknown_sentence"),
            (passage("The plan is a leap.", 0), "unknown_sentence"),
            (passage("The plan is a leap.", items=("f9",)), "unknown_item"),
            (passage("The plan reaches 52 depots.", DEPOTS), "invented"),
            (passage("The plan reaches 41 depots.", ROUTES), "unsupported"),
            (passage("The plan reaches 41 depots.", items=("f1",)), "unsupported"),
            (passage("Orrin carries grain.", DEPOTS), "invented"),
            (passage("Thursday brings grain.", DEPOTS), "invented"),
            (passage("It carries grain; Norway buys it.", DEPOTS), "invented"),
            (passage("It speaks of “a new dawn”.", LAUNCH), "invented"),
            (passage("It obeys “explain it, and do not add to it”.", LAUNCH), "from_prompt"),
            (passage("Nobody has asked the drivers.", LUND), "unattributed"),
            (passage("The plan is a leap in the dark.", UNION), "unattributed"),
            (passage("Some 300 of 1,820 drivers move to other work.", MOVED), "unattributed"),
            (passage("The platform will “transform how the world moves goods”.", LAUNCH), "unattributed"),
            (
                passage("Peer Lund says it will “transform how the world moves goods”.", LAUNCH),
                "wrong_speaker",
            ),
            (passage("Marta Eide says that nobody has asked them.", LUND), "wrong_speaker"),
            (passage("Peer Lund says that Quillon runs 41 depots.", DEPOTS), "wrong_speaker"),
            (passage("The design is illegal.", ROUTES), "overstated"),
            (passage("Quillon runs 41 depots, and nobody else has audited them.", DEPOTS), "overstated"),
            (passage("They moved 300 of 1,820 drivers to other work.", MOVED), "unattributed"),
            (passage("Check the figures before they spread.", DEPOTS), "addresses_reader"),
            (passage("More at https://quillon.example.", DEPOTS), "contains_address"),
            (passage("It praises " + "very " * 80 + "much.", DEPOTS), "too_long"),
            (passage("It\u202epraises.", DEPOTS), "malformed"),
            ({"text": "It praises.", "sentences": "all"}, "malformed"),
        ],
    )
    def test_a_sentence(self, frame: dict[str, Any], reason: str) -> None:
        found = prose(frame=frame, deck=DECK)
        assert (found.frame, found.deck) == (None, DECK["text"])
        assert found.drops.dropped == {reason: 1}

    def test_a_sentence_that_stood_in_another_field(self) -> None:
        found = prose(deck=DECK, tldr=[DECK, DECK])
        assert (found.deck, found.tldr) == (DECK["text"], [])
        assert found.drops.dropped == {"duplicate": 2}

    def test_a_summary_without_its_first_sentence(self) -> None:
        lines = [passage("Orrin announced it.", LAUNCH), passage("It carries grain.", DEPOTS)]
        assert prose(summary=lines).summary is None

    def test_a_contrast_without_one_side(self) -> None:
        pair = {
            "spin": passage("It praises the design.", ROUTES),
            "substance": passage("Orrin runs it.", DEPOTS),
        }
        assert prose(spin_vs_substance=[pair]).spin_vs_substance == []

    def test_a_question_that_asks_nothing(self) -> None:
        found = prose(questions=[passage("The limits are open.", LAUNCH, items=("o1",))])
        assert (found.questions, found.drops.dropped) == ([], {"malformed": 1})


class TestKeeps:
    @each(
        "frame",
        [
            passage("Quillon runs 41 depots.", DEPOTS),
            passage("The company says that 300 of 1,820 drivers will move to other work.", MOVED),
            passage("Marta Eide says that it “will transform how the world moves goods”.", QUOTED),
            passage("The union of the drivers calls the plan “a leap in the dark”.", UNION),
            passage("Peer Lund says that nobody has asked them.", LUND),
            passage("They say that nobody has asked them.", LUND),
            passage("It calls the platform “revolutionary” and the possibilities “endless”.", items=("f1",)),
            passage("It leaves open how the platform fails.", items=("o1",)),
            passage("The chief executive of Quillon is the first speaker.", QUOTED),
            passage("Framing the plan as a launch puts the praise first.", LAUNCH),
            passage("Presents the design first; praises it before it shows a result.", LAUNCH),
        ],
    )
    def test_a_sound_sentence(self, frame: dict[str, Any]) -> None:
        found = prose(frame=frame)
        assert found.frame == frame["text"], found.drops

    def test_a_question_of_what_the_text_does_not_say(self) -> None:
        asked = passage("Is it the best planner, and who has tested it?", ROUTES)
        found = prose(questions=[asked])
        assert [q.question for q in found.questions] == [asked["text"]]

    def test_a_likely_summary_without_its_speaker(self) -> None:
        found = prose(likely_summary=passage("Nobody has asked the drivers.", LUND))
        assert found.likely_summary == "Nobody has asked the drivers."

    def test_questions_and_contrasts_with_their_places(self) -> None:
        found = prose(
            questions=[passage("How does the platform fail?", LAUNCH, items=("o1", "c1"))],
            spin_vs_substance=[
                {
                    "spin": passage("It praises the design.", ROUTES),
                    "substance": passage("Quillon carries grain.", DEPOTS),
                }
            ],
        )
        (question,), (contrast,) = found.questions, found.spin_vs_substance
        assert (question.claim, question.item, len(question.spans)) == (1, "limits", 2)
        assert [s.quote for s in contrast.spin_spans] == [STORY.sentences[ROUTES - 1].text]


WORDS = st.sampled_from(
    ["Quillon", "Orrin", "said", "“Nobody has asked us”", "41", "52", "Marta Eide", "https://a.example", "you",
     "\x00", "endless", "?", ".", TITLE]
) | st.text(max_size=12)  # fmt: skip
PASSAGES = st.fixed_dictionaries(
    {
        "sentences": st.lists(st.integers(-2, 20), max_size=3),
        "items": st.lists(st.sampled_from([*item_spans(JUDGEMENT), "x", "f99", "c0"]), max_size=3),
        "text": st.lists(WORDS, max_size=8).map(" ".join),
    }
)
ANSWERS = st.fixed_dictionaries(
    {
        **dict.fromkeys(LIMITS, PASSAGES | st.none()),
        **dict.fromkeys(("summary", "tldr", "questions"), st.lists(PASSAGES, max_size=3)),
        "spin_vs_substance": st.lists(
            st.fixed_dictionaries({"spin": PASSAGES, "substance": PASSAGES}), max_size=2
        ),
    }
).map(msgspec.json.encode)


class TestForAnyAnswer:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=ANSWERS | st.binary(max_size=80))
    def test_shows_only_places_of_the_text_and_equal_bytes(self, data: bytes) -> None:
        found, again = (ground_prose(STORY, JUDGEMENT, data, PROMPT, max_dropped=1) for _ in range(2))
        assert msgspec.json.encode(found) == msgspec.json.encode(again)
        for span in spans_of(found):
            assert STORY.text[span.start : span.end] == span.quote
        if isinstance(found, GroundedProse):
            written = " ".join(filter(None, [getattr(found, name) for name in LIMITS] + found.tldr))
            assert not {"Orrin", "52", "https://a.example", "\x00"} & set(written.split())


def test_a_question_that_names_unknown_items_beside_a_known_one_is_about_the_known_one() -> None:
    found = prose(questions=[passage("How does the platform fail?", items=("cx", "c99", "c1", "o7", "o1"))])
    assert [(question.claim, question.item) for question in found.questions] == [(1, "limits")]
