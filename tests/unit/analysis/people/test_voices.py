"""Voices: speakers, their shares, and missing ones."""

import pytest

from api.analysis.people.voice_names import listed_name
from api.analysis.people.voices import voices
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import PLAIN_REPORT


class TestVoices:
    @pytest.mark.parametrize(
        "body",
        [
            "",
            "Nobody speaks here.",
            "“The pool will close in June, and that is final.”",
            "The rule says that it rains.",
        ],
    )
    def test_are_none_where_nobody_is_named(self, body: str) -> None:
        assert voices(document(body)) == []

    def test_have_names_shares_and_their_own_words(self) -> None:
        found = {v.name: v for v in voices(document(PLAIN_REPORT[1], PLAIN_REPORT[0]))}
        assert "Peer Lund" in found
        assert "children of Eastside" in "".join(s.quote or "" for s in found["Peer Lund"].spans)
        assert 0 < found["Peer Lund"].share < 1
        assert sum(v.share for v in found.values()) <= 1

    @pytest.mark.parametrize("name", ["Marta Eide", "Orrin J. Eide Jr."])
    def test_count_a_surname_to_the_full_name(self, name: str) -> None:
        body = (
            f"“The pumps are sold out until May,” said {name}, who leads sales at Corvell. "
            "“We will build more of them in Tarn,” Eide said."
        )
        assert [v.name for v in voices(document(body))] == [name]

    def test_describe_the_speaker_in_the_words_of_the_text(self) -> None:
        body = "“The pumps are sold out until May,” said Marta Eide, head of sales at Corvell, on Monday."
        assert [v.description for v in voices(document(body))] == ["head of sales at Corvell"]

    @pytest.mark.parametrize(
        "name",
        [
            "The incident",
            "that council's own figures",
            "time",
            "how much value",
            "these efforts",
            "The more natural way",
            "an interview with the Quill Times",
            "Its recent memo to employees",
            "whims of its founders",
            "Employment Decision Tool",
            "the new Corvell policy",
            "a newsletter",
            "a recent internal report",
            "Corvell's Head of",
            "Harbour Wire",
            "HW",
            "Getty Images",
            "TensorFlow",
        ],
    )
    def test_are_no_things_and_not_the_paper_itself(self, name: str) -> None:
        assert listed_name(name, publisher="Harbour Wire") is None

    @pytest.mark.parametrize(
        ("name", "listed"),
        [
            ("My sister", "My sister"),
            ("The leader", "The leader"),
            ("our customers", "our customers"),
            ("Some experts", "Some experts"),
            ("the coauthors", "the coauthors"),
            ("a barber", "a barber"),
            ("one of the insiders", "one of the insiders"),
            ("The Tarn administration", "The Tarn administration"),
            ("A spokesman for Minister Ewan Strick", "A spokesman for Minister Ewan Strick"),
            ("Varn Geological Survey", "Varn Geological Survey"),
            ("a report by Pell & Marrow", "Pell & Marrow"),
            ("The survey from the Orrin Corporation", "Orrin Corporation"),
            ("a 2019 Verrin report", "Verrin"),
            ("Marta Eide Marta Eide’s", "Marta Eide"),
        ],
    )
    def test_are_people_and_bodies(self, name: str, listed: str) -> None:
        assert listed_name(name, publisher="Harbour Wire") == listed

    @pytest.mark.parametrize(
        "second",
        [
            "“We will build them in Tarn,” Cllr Eide said.",
            "“We will build them in Tarn,” the leader said.",
            "“We will build them in Tarn,” Marta said.",
        ],
    )
    def test_put_title_office_and_first_name_to_the_full_name(self, second: str) -> None:
        body = f"“The pumps are sold out until May,” said council leader Marta Eide on Monday. {second}"
        assert [v.name for v in voices(document(body))] == ["Marta Eide"]

    def test_put_an_office_with_its_place_to_the_holder(self) -> None:
        body = (
            "Norland Governor, Marta Eide, came on Monday. “The pumps are sold out until May,” said Eide. "
            "“We will build them in Tarn,” said the Norland Governor."
        )
        assert [v.name for v in voices(document(body))] == ["Marta Eide"]

    def test_keep_an_office_that_two_of_them_hold(self) -> None:
        body = (
            "“The pumps are sold out until May,” said party leader Marta Eide on Monday. "
            "“They are cheap in May,” said union leader Orrin Vale. "
            "“We will build them in Tarn,” the leader said."
        )
        assert len(voices(document(body))) == 3

    def test_take_the_full_name_from_the_text(self) -> None:
        body = (
            "Marta Eide has sold pumps since May. The town is small, and the river is wide. "
            "“We will build more of them in Tarn,” Eide said."
        )
        assert [v.name for v in voices(document(body))] == ["Marta Eide"]

    def test_leave_out_percentages_that_believe(self) -> None:
        assert voices(document("40 percent of growers believe that the harvest will be late.")) == []


class TestManyOffices:
    def test_are_listed_in_bounded_time(self) -> None:
        letters = "bcdfghjklmnpqrstvwxz"
        names = [f"the {a}{b}{c} firm" for a in letters for b in letters for c in letters][:900]
        body = " ".join(f"{name.capitalize()} said that tea is good." for name in names)
        assert len(voices(document(body))) == 20

    @pytest.mark.parametrize(
        ("name", "listed"),
        [
            ("NTSB Chairman Ada Roe", "Ada Roe"),
            ("Corvell Cloud CISO Ada Roe", "Ada Roe"),
            ("Interview Ada Roe", "Ada Roe"),
            ("Chief Executive Officer", "Chief Executive Officer"),
        ],
    )
    def test_have_no_title_in_their_names(self, name: str, listed: str) -> None:
        assert listed_name(name) == listed

    def test_are_described_by_words_of_their_own_sentence(self) -> None:
        said = "“The quay will hold for forty years,” said Ada Roe"
        assert [
            v.description
            for v in voices(document(f"She came to Tarn. Its spokeswoman Ada Roe left. {said}."))
        ] == ["Its spokeswoman"]
        other = f"{said}, and Senator Olaf Lund was there, too."
        assert [v.description for v in voices(document(other))] == [None]
