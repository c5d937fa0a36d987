"""Antecedents of pronouns beside statements."""

import pytest

from tests.kit.texts.articles import document

ACCUSED = (
    "Clean Water Watch published 400 measurements of the river on Monday.\n\n"
    "Castor Copper, which runs the mine, rejected them. The company said that it had kept to every limit. "
)


def quoted(body: str) -> list[str | None]:
    return [q.speaker for q in document(body).quotations]


def reported(body: str) -> list[str | None]:
    return [s.attributed_to for s in document(body).sentences if s.attributed_to]


class TestPronouns:
    @pytest.mark.parametrize(
        "body",
        [
            "I asked one of the missing where he had been. He said that he had been at sea.",
            "It was reported on Friday that Corvell had closed a mine.",
            "Marta Eide and Peer Lund wrote a letter, in which they said that tea is good.",
            "The pumps of Corvell are sold out. They say that tea is good.",
        ],
    )
    def test_are_nobody_where_nothing_fits(self, body: str) -> None:
        assert reported(body) == []

    def test_of_a_body_are_what_spoke_last_and_not_its_accuser(self) -> None:
        body = f"{ACCUSED}“We care for our neighbours, and we always have,” it said."
        assert quoted(body) == ["The company"]

    def test_of_a_body_are_what_the_sentences_before_are_about(self) -> None:
        body = (
            "The Harbour Commission said that it would open a review. The sale ends in May.\n\n"
            "Corvell expects savings of 140 million crowns from the sale. It said that no mine would close."
        )
        assert reported(body)[-1] == "Corvell"

    def test_of_several_are_people_or_bodies(self) -> None:
        body = "Now the scientists who trained the model have mended it. The change is small, they say."
        assert reported(body) == ["the scientists"]

    @pytest.mark.parametrize(
        ("body", "speaker"),
        [
            (
                "Marta Eide said the pumps were sold out. When Corvell bought Orrin Vale in May, she said, "
                "900 of them were left.",
                "Marta Eide",
            ),
            (
                "Dorothea Quill runs Corvell.\n\nPriya Lund, an economist, said that fares would rise.\n\n"
                "Quill declined to say when it would sell the works. She said that it was confident.",
                "Dorothea Quill",
            ),
            (
                "Peer Lund, a doctor, said his son had been tested twice.\n\nThe river is wide. "
                "Tests are rare, and they cost 40 crowns, he said.",
                "Peer Lund",
            ),
            ("The mayor opened the bridge on Monday. She said that it was late.", "The mayor"),
            (
                "Mr Lund said that tea is good. Ms Eide praised the coffee. Tea is better, he said.",
                "Lund",
            ),
        ],
    )
    def test_of_a_person_are_the_subject_or_who_spoke_last(self, body: str, speaker: str) -> None:
        assert reported(body)[-1] == speaker

    def test_are_nobody_named_within_quotation_marks(self) -> None:
        body = (
            "Marta Eide sells pumps at Corvell.\n\n“My friend Peer Lund said that they are sold out, and he is "
            "always right,” she said."
        )
        assert quoted(body) == ["Marta Eide"]


class TestSubjects:
    @pytest.mark.parametrize(
        "body",
        [
            "Customers are advised to be alert to fraud by telephone.",
            "The staff were told that the works would close.",
        ],
    )
    def test_that_are_told_do_not_speak(self, body: str) -> None:
        assert reported(body) == []

    def test_are_whoever_is_said_to_state_it(self) -> None:
        assert reported("The cost is estimated by Corvell to be worth 300 million crowns a year.") == [
            "Corvell"
        ]

    @pytest.mark.parametrize(
        ("body", "speaker"),
        [
            (
                "“The incident, while regrettable, affected few of the payments that we process,” added Chief "
                "Operating Officer Shirin Vale.",
                "Shirin Vale",
            ),
            (
                "“The party takes no orders, whims of its founders or other people who stand behind it,” "
                "Janis Eide, party leader for the New Greens, told supporters after the election.",
                "Janis Eide",
            ),
        ],
    )
    def test_are_no_words_of_the_quotation(self, body: str, speaker: str) -> None:
        assert quoted(body) == [speaker]


class TestHostileTexts:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        "text",
        [
            "Velmora-HE said it fell.",
            "“The plan is late,” Velmora-IT said that the plan was late.",
            "Reuters-THEY said that the plan was late.",
            "The IT said no. " * 1_500 + "The IT said that the plan was late.",
            "It said that it said that they said that he said no. " * 200,
            "Ada and Ada and Ada said no. " * 200 + "It said that it knew. " * 250,
            "Ada’s" + " goal’s" * 200 + " plan said no. " + "It said that it knew. " * 100,
        ],
    )
    def test_are_read_to_the_end(self, text: str) -> None:
        assert document(text).sentences
