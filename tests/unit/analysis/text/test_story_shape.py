"""Counted signs of a page: what each adds or takes away."""

from api.analysis.engines.fast.skimming import skim
from api.analysis.text.story_shape import past, shape
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import PLAIN_REPORT

LINES = "Pumps for wells\n\nPumps for ships\n\nSpare parts and seals\n\nOur shop in Tarn\n\n" * 8
SPOKEN = (
    "Your firm lost a third of its customers?\n\nWe raised the price.\n\n"
    "And the people who had to go?\n\nEleven are back.\n\nWould you do it again?\n\nNo, and that is all.\n\n"
)


def points(body: str, title: str = "") -> float:
    return shape(skim(article(body, title))).points


class TestShape:
    def test_of_a_report_is_far_from_a_page(self) -> None:
        assert points(PLAIN_REPORT[1], PLAIN_REPORT[0]) < 0 < points(LINES)

    def test_is_nearer_to_a_page_with_commands(self) -> None:
        steps = (
            "Turn the tap. Lift the lid. Press the button. Wait a minute. Close the lid. Open the tap. " * 3
        )
        assert points(LINES + steps) > points(LINES)
        assert shape(skim(article(steps))).looks_like == "instructions"

    def test_counts_the_same_command_once(self) -> None:
        assert points(LINES + "Buy now.\n\n" * 6) < points(
            LINES + "Buy now. Look here. Pay later. Send it.\n\n"
        )

    def test_takes_a_title_that_tells_for_a_story(self) -> None:
        assert points(LINES, "Corvane has closed its hall in Tarn") < points(LINES, "Hall of Corvane in Tarn")

    def test_takes_answered_questions_for_an_interview_but_not_a_readers(self) -> None:
        asked = SPOKEN.replace("Your firm", "How do I know that it").replace("the people", "my people")
        assert points(SPOKEN) < points(asked)

    def test_names_what_a_thread_looks_like(self) -> None:
        posts = "".join(f"penny · Oct {day}\n\nMine leaks too.\n\n" for day in range(1, 9))
        assert shape(skim(article(posts))).points > points(LINES) - 2
        assert points(posts) > points(posts.replace("Oct", "no"))

    def test_has_points_for_prices(self) -> None:
        assert points(LINES + "Oat €79\n\nMoss €81\n\nCoal €82\n\n") > points(
            LINES + "Oat\n\nMoss\n\nCoal\n\n"
        )


class TestPast:
    def test_is_not_a_participle(self) -> None:
        assert past("The hall closed on Monday and opened on Friday") > past(
            "The hall is closed on Monday and newly opened"
        )

    def test_of_an_empty_text_is_none(self) -> None:
        assert past("") == 0
