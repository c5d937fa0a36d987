"""Interviews without labels: the answers are the guest's, and other texts that ask are nobody's."""

import pytest

from tests.kit.texts.articles import document

TITLE = "Marta Eide on her year without the mill"
INTRO = "Marta Eide runs the pump works in Tarn. Jon Rem met her in her office.\n\n"
ASKED = (
    "{0}Why did you sell the mill?{0}\n\nI sold it in May, and I would do it again.\n\n"
    "It had cost us a fortune.\n\n"
    "{0}What do you say to the growers?{0}\n\nI say that they are right.\n\n"
    "{0}Will you build another?{0}\n\nI will not. We have no money."
)
BOLD, PLAIN = ASKED.format("**"), ASKED.format("")


def voices(body: str, title: str = "") -> dict[str, str]:
    return {s.text: s.voice for s in document(body, title).sentences}


class TestAnInterview:
    @pytest.mark.parametrize(
        "body",
        [
            BOLD.replace("you ", "one "),
            PLAIN,
            PLAIN.replace("I ", "We "),
            INTRO + PLAIN.replace("Will you build another?", "The third year."),
            "We answer your questions.\n\n" + PLAIN.replace("you", "they"),
            "The works were shut.\n\n" + PLAIN.replace("I ", "They "),
        ],
    )
    def test_is_not_every_text_that_asks(self, body: str) -> None:
        assert set(voices(body, "A year without the mill").values()) == {"document"}

    @pytest.mark.parametrize(
        ("body", "title"),
        [
            (INTRO + BOLD, TITLE),
            (INTRO + PLAIN, TITLE),
            (
                "We interviewed the owner of the mill.\n\n"
                + PLAIN.replace("I sold", "I'm Marta Eide. I sold"),
                "",
            ),
            ("We spoke to Marta Eide.\n\n" + PLAIN.replace("you", "one"), "A year without the mill"),
        ],
    )
    def test_gives_the_answers_to_the_guest_and_the_questions_to_the_document(
        self, body: str, title: str
    ) -> None:
        found = voices(body, title)
        assert found["I say that they are right."] == "Marta Eide"
        assert found["It had cost us a fortune."] == "Marta Eide"
        assert {v for s, v in found.items() if s.strip("*").endswith("?")} == {"document"}

    def test_without_a_name_is_still_not_the_documents_words(self) -> None:
        found = voices("This week we interviewed the owner of the mill.\n\n" + PLAIN)
        assert found["I say that they are right."] == "unnamed speaker"

    def test_ends_with_the_last_answer_in_the_first_person(self) -> None:
        found = voices(INTRO + BOLD + "\n\nThe mill was built in 1911 by a grower.", TITLE)
        assert found["The mill was built in 1911 by a grower."] == "document"
        assert found["I will not."] == "Marta Eide"
