"""A framed text is asked for what its own words leave open, and for nothing that it says."""

import msgspec
import pytest

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.absent_items import absent_items, left_out, questions_raised
from api.analysis.content.grounding import Grounding
from api.analysis.content.open_points import (
    BY_TYPE,
    CLAIM_POINTS,
    OF_CLAIMS,
    POINTS,
    open_points,
    points_of,
    unanswered_questions,
)
from api.analysis.framing.spin import judge
from schemas.assessments import Happening, Spin
from schemas.enums import HappeningKind, SpinType, Stance
from tests.kit.texts.articles import document
from tests.kit.texts.taxonomy import TAXONOMY
from tests.patterns.measure import Trial, cpu_seconds

SPIN = judge(document("The pool is open."), TAXONOMY).spin
FILLER = " The valley is wide, and the river runs through it from the north to the south." * 9
MAX_CPU_S = 1.0
LENGTH = 20_000  # characters; a page's text has fewer
ASKED = (
    "The new terms hold from May. One member, the painter Dagny Holm, asked: “Are my letters meant, yes or "
    "no?” {} The hall is open on Monday."
)


def spin(kind: SpinType, stance: Stance = Stance.PROMOTIONAL) -> Spin:
    return msgspec.structs.replace(SPIN, primary=kind, stance=stance)


def points(body: str, kind: SpinType, stance: Stance = Stance.PROMOTIONAL) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in open_points(document(f"The hall opens in May. {body}"), spin(kind, stance)):
        found.setdefault(item.code, item.lacks)
    return found


def test_a_point_quotes_no_words_of_two_phrases() -> None:
    read = document("The worm shows how sophisticated these attacks are.")
    assert points_of(read, read.sentences[0], spin(SpinType.SHIELD)) == []


class TestAPoint:
    @pytest.mark.parametrize(
        ("code", "kind", "body"),
        [
            ("checks", SpinType.FOG, "Independent assessments were made by Orrin Labs in the spring."),
            ("checks", SpinType.FOG, "Critics call for independent reviews of the pump."),
            ("checks", SpinType.FOG, "An external audit was made. Orrin Labs conducted it."),
            ("commitment", SpinType.HALO, "Corvell is as committed to it as ever."),
            ("effect", SpinType.HYPE, "Increasing costs hurt the farms."),
            ("posts", SpinType.CUSHION, "The hall has 74 posts and two doors."),
            ("pause", SpinType.CUSHION, "Corvell will pause recruitment until May."),
            ("cause", SpinType.SHIELD, "The pump failed because of a worn valve."),
            ("parties", SpinType.FOG, "Certain partners, including Orrin and Tarn, will have the data."),
            ("measures", SpinType.FOG, "Appropriate measures such as locks and lamps are taken."),
            ("dates", SpinType.FOG, "Corvell will say more in the coming weeks, by 4 May."),
            ("superlative", SpinType.HYPE, "Corvell was ranked the world's largest maker of pumps."),
            ("superlative", SpinType.HYPE, "Corvell aims to build the world's largest pump."),
            ("users_say", SpinType.HYPE, "Customers have seen savings of 40 percent since May."),
            ("effect", SpinType.HYPE, "The pump will improve efficiency by 12%."),
            ("effect", SpinType.HYPE, "“The pump improves performance?” asked Ines Vale."),
            ("amounts", SpinType.HYPE, "Corvell had significant growth of 14% in May."),
            ("majority", SpinType.STAMPEDE, "It outruns the most efficient enterprises of the valley."),
            ("majority", SpinType.STAMPEDE, "A survey found that most companies have a pump."),
            ("authority", SpinType.STAMPEDE, "Analysts say so at Orrin, according to Tarn."),
            ("forecast", SpinType.STAMPEDE, "If it rains, the pump will transform the valley."),
            ("alarm", SpinType.STAMPEDE, "Growing threats cost 4 firms their pumps."),
            ("commitment", SpinType.HALO, "Corvell is committed to planting 400 trees."),
        ],
    )
    def test_is_not_open_where_the_sentence_says_more(self, code: str, kind: SpinType, body: str) -> None:
        assert code not in points(body, kind)

    @pytest.mark.parametrize(
        ("code", "kind", "body", "words"),
        [
            (
                "checks",
                SpinType.FOG,
                "Independent assessments have been carried out.",
                "Independent assessments",
            ),
            ("posts", SpinType.CUSHION, "In all 74 posts fall within the scope of a review.", "74 posts"),
            (
                "temporary",
                SpinType.CUSHION,
                "It faces a temporary softening in demand.",
                "temporary softening",
            ),
            (
                "cause",
                SpinType.SHIELD,
                "Pay was late because of the banking rules.",
                "the banking rules",
            ),
            ("parties", SpinType.FOG, "The data go to select partners in May.", "select partners"),
            (
                "measures",
                SpinType.FOG,
                "Appropriate measures will be applied in May.",
                "Appropriate measures",
            ),
            ("conditions", SpinType.FOG, "Members in eligible regions can see it.", "eligible regions"),
            ("dates", SpinType.FOG, "Corvell will say more in due course.", "in due course"),
            (
                "effect",
                SpinType.HYPE,
                "Pumps improve the efficiency of farms.",
                "the efficiency of farms",
            ),
            ("amounts", SpinType.HYPE, "The firm has seen significant growth.", "significant growth"),
            ("praise", SpinType.HYPE, "It is made with cutting-edge technology.", "cutting-edge technology"),
            (
                "superlative",
                SpinType.HYPE,
                "Corvell is a leading maker of pumps.",
                "a leading maker of pumps",
            ),
            ("majority", SpinType.STAMPEDE, "By now most companies have a pump.", "most companies"),
            ("authority", SpinType.STAMPEDE, "Experts agree that pumps are needed.", "Experts agree"),
            ("alarm", SpinType.STAMPEDE, "Farms face growing threats from the river.", "growing threats"),
            ("urgency", SpinType.STAMPEDE, "Those without a pump will be left behind.", "be left behind"),
            ("commitment", SpinType.HALO, "Corvell is committed to fairness.", "committed to fairness"),
            ("standard", SpinType.HALO, "It stands for responsible innovation.", "responsible innovation"),
        ],
    )
    def test_quotes_a_whole_phrase(self, code: str, kind: SpinType, body: str, words: str) -> None:
        assert f"{words}”" in points(body, kind)[code]

    def test_is_open_in_the_speech_of_others_only_if_the_text_makes_it_its_own(self) -> None:
        body = "“We have seen significant growth this year, and all of us are glad of it,” said Ines Vale."
        assert "amounts" in points(body, SpinType.HYPE)
        assert "amounts" not in points(body, SpinType.HYPE, Stance.MIXED)

    def test_is_about_the_story(self) -> None:
        launched = Happening(kind=HappeningKind.LAUNCH, subject="Corvell", spans=[])
        results = msgspec.structs.replace(launched, kind=HappeningKind.EARNINGS)
        praise = "Corvell offers an innovative platform."
        for body, told_as, told in (
            (praise, launched, True),
            (praise, results, False),
            (f"Corvell is open. It is open. It is open today.\nAbout Corvell\n{praise}", launched, False),
            ("Corvell is a leading maker of pumps.", launched, True),
            ("It works with Orrin Bank, a leading maker of pumps.", launched, False),
            ("Corvell supplies the world's leading makers.", launched, False),
        ):
            found = open_points(document(f"The hall opens in May. {body}"), spin(SpinType.HYPE), told_as)
            assert bool(found) is told, body

    def test_quotes_no_name(self) -> None:
        assert points("Corvell has a kit for Responsible Mining in May.", SpinType.HALO) == {}

    def test_is_not_asked_of_a_text_without_a_type(self) -> None:
        assert points("Independent assessments have been carried out.", SpinType.NONE) == {}


class TestAnUnansweredQuestion:
    @pytest.mark.parametrize("answer", ["Yes, they are.", "No.", "They will not be."])
    def test_is_none_if_the_text_answers(self, answer: str) -> None:
        assert unanswered_questions(document(ASKED.format(answer))) == []

    @pytest.mark.parametrize(
        "body",
        [
            "“Who pays? We all pay,” said Ines Vale of the union, who runs the hall in Tarn.",
            "Do you want a pump? The new one is quick and quiet.",
            "“Customers ask us how they can save water,” said Ines Vale. “The pump saves it.”",
            "“How many are there?” asked Ines Vale. There are 40 of them in the hall.",
        ],
    )
    def test_is_none_if_nobody_asks_it_of_the_text(self, body: str) -> None:
        assert unanswered_questions(document(body)) == []

    def test_is_the_first_omission_and_question_with_its_asker(self) -> None:
        read = document(ASKED.format("It is a great question. The sense depends on many things.") + FILLER)
        absent = absent_items(read, None, spin(SpinType.FOG))
        grounding = Grounding(read.article)
        assert left_out(absent, grounding)[0].text == (
            "Does not give an answer to the question raised by Dagny Holm, “Are my letters meant, yes or no?”."
        )
        asked = questions_raised(read, absent, None, grounding)[0]
        assert asked.question == "In the words of Dagny Holm: “Are my letters meant, yes or no?”"
        assert asked.spans[0].quote in read.text

    def test_is_also_one_that_a_speaker_reports(self) -> None:
        body = (
            "The union's head, Ines Vale, said: “We are glad. Students are also asking who will be left "
            "to teach, and they would like to be heard.” A walk by the river begins in May."
        )
        assert "“who will be left to teach”" in unanswered_questions(document(body))[0].lacks


class TestTheTable:
    def test_has_a_reason_and_two_questions_for_each_point(self) -> None:
        assert {code for codes in BY_TYPE.values() for code in codes} | {*OF_CLAIMS} == set(POINTS)
        for row in [*POINTS.values(), *CLAIM_POINTS.values()]:
            assert row.reason
            assert row.looked_for
            assert row.question.endswith("?")

    def test_has_patterns_that_end_soon_on_any_text(self) -> None:
        trials = [Trial(code, point.pattern, "finditer", LENGTH) for code, point in POINTS.items()]
        trials += [
            Trial(f"{code} unless {n}", pattern, "search", LENGTH)
            for code, point in POINTS.items()
            for n, pattern in enumerate([*point.exceptions, *([point.answer] if point.answer else [])])
        ]
        assert {key: cost for key, cost in cpu_seconds(trials).items() if cost > MAX_CPU_S} == {}


def test_an_absent_item_is_told_with_its_verb() -> None:
    assert AbsentItem("price", "what it costs", "a price", "What does it cost?").omission == (
        "Does not say what it costs."
    )
