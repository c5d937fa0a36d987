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

    def test_is_not_with_its_author(self) -> None:
        lead = "Interview: Sigrun Lund\n\nThe owner of the mill, Jane Roe, receives us in her office.\n\n"
        assert voices(lead + PLAIN)["I say that they are right."] == "Jane Roe"

    def test_has_remarks_of_the_interviewer(self) -> None:
        body = INTRO + PLAIN.replace("It had cost us a fortune.\n\n", "").replace(
            "I say that they are right.",
            "I say that they are right.\n\nThe mill was old.\n\nYes, and I knew it.",
        )
        found = voices(body, TITLE)
        assert (found["The mill was old."], found["Yes, and I knew it."]) == ("document", "Marta Eide")
        own = voices(body.replace("The mill was", "My mill was"), TITLE)
        assert own["My mill was old."] == "Marta Eide"

    def test_is_quoted_in_its_title(self) -> None:
        read = document(INTRO + PLAIN, "Marta Eide on the mill: “We were hit from all sides”")
        assert read.quotations[0].speaker == "Marta Eide"
