"""Answered questions are in English, and their answers are words of the text."""

import pytest

from api.analysis.claims.claims import central_claims
from api.analysis.content.grounding import Grounding
from api.analysis.models.sentence_features import sentence_features
from api.analysis.prose.answers import ROWS
from api.analysis.prose.questions import questions_answered
from schemas.assessments import Happening
from schemas.enums import HappeningKind
from tests.kit.texts.articles import document
from tests.patterns.measure import Trial, cpu_seconds
from tests.patterns.register import LENGTH

REST = (
    " The town lies on the Tarn, and its market opens at seven every day of the week but Sunday."
    " The mill by the bridge is an old one, and most of its floors stand empty."
)


def answered(
    body: str, title: str = "", kind: HappeningKind | None = None, *, told: bool = False
) -> list[str]:
    read = document(body + REST, title)
    news = list(read.body_sentences())[:1] if told else []
    claims = central_claims(read, sentence_features(read))
    happening = Happening(kind=kind, subject=None, spans=[]) if kind else None
    found = questions_answered(read, news, happening, claims, Grounding(read.article))
    assert all(q.answer in " ".join(read.text.split()) for q in found)
    assert all(place.quote and place.quote in read.text for q in found for place in q.spans)
    return [q.question for q in found]


def answers(body: str, title: str, kind: HappeningKind) -> dict[str, str]:
    """The answers to the questions of a text whose first sentence tells the news."""
    read = document(body + REST, title)
    claims = central_claims(read, sentence_features(read))
    happening = Happening(kind=kind, subject="Corvell", spans=[])
    news = list(read.body_sentences())[:1]
    found = questions_answered(read, news, happening, claims, Grounding(read.article))
    return {q.question: q.answer for q in found}


class TestAnAnsweredQuestion:
    @pytest.mark.parametrize(
        "body",
        [
            "They sold 410 pumps in Tarn in a week.",
            "Corvell did not sell 410 pumps in Tarn.",
            "“Corvell sold 410 pumps in Tarn,” said Ines Vale, who keeps the books.",
            "Corvell wants to sell 410 pumps in Tarn.",
            "This pump moves 410 buckets a day.",
            "Corvell had sold 410 pumps in Tarn.",
        ],
    )
    def test_is_not_made_of_a_sentence_that_does_not_turn(self, body: str) -> None:
        assert [q for q in answered(body) if q.startswith("How many")] == []

    @pytest.mark.parametrize(
        ("body", "question"),
        [
            ("Corvell will cut 310 jobs in Tarn.", "How many jobs will Corvell cut?"),
            ("Corvell sold 410 pumps in Tarn.", "How many pumps did Corvell sell?"),
            (
                "410 posts fall within the scope of a review.",
                "How many posts fall within the scope of a review?",
            ),
            ("Corvell raised $16 million in Tarn.", "How much did Corvell raise?"),
            ("The rules will take effect on 4 May 2027.", "When will the rules take effect?"),
            ("The hall was opened in March 2024.", "When was the hall opened?"),
            ("The hall is shut because the roof leaks.", "Why is the hall shut?"),
        ],
    )
    def test_turns_a_sentence_round(self, body: str, question: str) -> None:
        assert question in answered(body)

    def test_is_what_happened_if_the_news_repeats_the_title(self) -> None:
        body = "Corvell opens a new hall in Tarn, and the mayor is there."
        assert "What is new?" in answered(body, "Corvell opens hall", HappeningKind.LAUNCH, told=True)
        assert "What is new?" not in answered(body, "A word on rain", HappeningKind.LAUNCH, told=True)
        assert "What happened?" not in answered(body, "Corvell opens hall", HappeningKind.NO_EVENT, told=True)

    def test_is_a_heading_that_asks(self) -> None:
        body = "It has a roof.\n\nWhy did the doors jam?\n\nFrost had bent the rails in the night.\n\n"
        assert "Why did the doors jam?" in answered(body)

    def test_is_never_only_who_says_so(self) -> None:
        body = "The bridge is safe, said Ida Rem, an engineer. The bridge is safe, said Bo Ek."
        assert [q for q in answered(body) if q.startswith("Who")] == []

    @pytest.mark.parametrize(
        ("kind", "body", "question"),
        [
            ("job_cuts", "About 84 jobs in Tarn will be cut by the board.", "How many jobs are affected?"),
            ("incident", "Some 4,000 customers of Corvell were notified by mail.", "How many are affected?"),
            ("launch", "Corvell sells the pump at $40 in its shops.", "What does it cost?"),
            ("price_change", "The fee rises from £40 to £52 a month.", "What are the old and the new price?"),
            (
                "lawsuit_or_fine",
                "A court fined Corvell £40,000 for the spill.",
                "How much money is at stake?",
            ),
            ("trend_or_argument", "The council should shut the mill.", "What does the text call for?"),
            (
                "how_to_or_reference",
                "Growers in Tarn should shut the doors of Corvell at night.",
                "What does the text advise?",
            ),
        ],
    )
    def test_is_what_its_kind_makes_one_ask(self, kind: str, body: str, question: str) -> None:
        assert question in answered(body, "Corvell in Tarn", HappeningKind(kind))
        assert question not in answered(body, "Corvell in Tarn", HappeningKind.NO_EVENT)

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            (HappeningKind.LAUNCH, "Floods cost the world more than $300 billion a year."),
            (HappeningKind.JOB_CUTS, "The firm has 84 workers, and it stands by the bridge."),
            (HappeningKind.TREND_OR_ARGUMENT, "Nobody pays for the mill but its owner."),
        ],
    )
    def test_is_not_answered_by_words_that_only_look_like_it(self, kind: HappeningKind, body: str) -> None:
        assert answered(body, "Corvell in Tarn", kind) == []

    @pytest.mark.parametrize(
        ("body", "wrong"),
        [
            ("TARN – More than 300 pumps will be sold on 4 May.", "TARN"),
            ("More than 300 pumps are sold in Tarn each year.", "When"),
            ("The board fined Corvell $2 million on Monday.", " fin "),
            ("Why does it work?\n\nOnce the pump runs, the following lamp lights up.\n\n", "Why"),
        ],
    )
    def test_is_not_cut_from_words_that_do_not_bear_it(self, body: str, wrong: str) -> None:
        assert [q for q in answered(body) if wrong in q.replace("?", " ")] == []

    def test_for_a_figure_of_the_news_is_answered_by_the_figure(self) -> None:
        body = "Corvell will cut 310 jobs at its old mill in Tarn by the end of May."
        found = answers(body, "Corvell cuts jobs in Tarn", HappeningKind.JOB_CUTS)
        assert found["What happened?"] == body
        assert found["How many jobs are affected?"] == "310 jobs"

    def test_for_a_figure_is_that_one_of_several_with_which_the_wording_is_complete(self) -> None:
        body = "Corvell will close one of its three mills in Tarn and dismiss 84 of its 310 workers."
        found = answers(body, "Corvell closes mill in Tarn", HappeningKind.JOB_CUTS)
        assert found["How many jobs are affected?"] == "84 of its 310 workers"

    def test_is_answered_without_dateline_or_connective(self) -> None:
        body = "TARN, Ohio, May 3, 2027 -- Corvell has opened a new hall in Tarn."
        assert answers(body, "Corvell opens hall", HappeningKind.LAUNCH)["What is new?"].startswith(
            "Corvell has"
        )

    def test_is_never_answered_by_the_bare_title_of_a_story_that_tells_more(self) -> None:
        body = (
            "As part of this step, the cloud of the lamp will end on 31 March, and 79 lamps will be cut off."
        )
        found = answers(body, "Glow is growing up", HappeningKind.UPDATE)
        assert "Glow is growing up" not in found.values()

    @pytest.mark.parametrize(
        ("kind", "body", "question"),
        [
            (
                HappeningKind.APPOINTMENT_OR_DEPARTURE,
                "Ada Roe joined Corvell as a clerk of the mill in 2016.",
                "Who takes the post?",
            ),
            (
                HappeningKind.CLOSURE,
                "Many towns pay for roofs, but growers like the mill because the roofs of Tarn are small.",
                "What reason is given?",
            ),
            (
                HappeningKind.TREND_OR_ARGUMENT,
                "A part was missing that should have held the roof of the mill.",
                "What does the text call for?",
            ),
            (
                HappeningKind.TREND_OR_ARGUMENT,
                "Ada Roe of Tarn booked a seat with Corvell last March.",
                "What does the text argue?",
            ),
            (
                HappeningKind.PROFILE_OR_INTERVIEW,
                "That would be the mill of Corvell in Tarn.",
                "Whom is the text about?",
            ),
            (
                HappeningKind.BENCHMARK_OR_RESEARCH,
                "Ada Roe was itching for a look at the mill of Corvell in Tarn.",
                "What is reported?",
            ),
            (
                HappeningKind.LAWSUIT_OR_FINE,
                "The court of Tarn said it had fined Corvell for the spill at the mill.",
                "What does the other side say?",
            ),
            (
                HappeningKind.FUNDING,
                "Corvell opens a mill. Corvell had raised $16 million in Tarn.",
                "How much money is raised?",
            ),
        ],
    )
    def test_is_not_answered_by_something_else(self, kind: HappeningKind, body: str, question: str) -> None:
        assert question not in answers(body, "Corvell in Tarn", kind)

    @pytest.mark.parametrize(
        ("asked", "answer", "is_one"),
        [
            ("Why did the doors jam?", "Frost had bent the rails in the night.", True),
            ("Why did the doors jam?", "First, let us look at how doors are made in Tarn.", False),
            ("Why did the doors jam?", "There are a couple of reasons for the doors that jam.", False),
            ("Who will pay for the doors?", "The doors of the hall are old and heavy.", False),
            ("Who will pay for the doors?", "Corvell has offered to pay for the doors.", True),
            ("What is Corvell doing about the doors?", "The right way to close doors is to push.", False),
            ("What is Corvell doing about the doors?", "Corvell has sent two smiths for the doors.", True),
            (
                "What if I have other questions about doors?",
                "Open a letter about the doors of the hall.",
                False,
            ),
        ],
    )
    def test_of_the_text_itself_is_answered_by_what_follows_or_not_at_all(
        self, asked: str, answer: str, is_one: bool
    ) -> None:
        assert (asked in answered(f"It has a roof.\n\n{asked}\n\n{answer}\n\n")) is is_one

    def test_in_a_list_of_questions_has_no_answer(self) -> None:
        body = "Why did the doors jam?\n\nWhy did the roof leak?\n\nThe roof and the hall stood by.\n\n"
        assert [q for q in answered(body) if q.startswith("Why")] == []


@pytest.mark.slow
def test_the_patterns_of_answers_end_soon_on_any_text() -> None:
    trials = [Trial(row.question, row.pattern, "search", LENGTH) for row in ROWS]
    assert len(trials) > 10
    assert {key: cost for key, cost in cpu_seconds(trials).items() if cost > 1.0} == {}
