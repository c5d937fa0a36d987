"""Quotations whose speaker stands further off: in a signature, behind a participle, or in the body."""

import pytest

from tests.kit.texts.articles import document

END = "\n\nThe ferry leaves at nine. The library has a new door."
WORDS = "The new quay will hold for forty years"


def speakers(body: str, title: str = "") -> list[str | None]:
    return [q.speaker for q in document(body + END, title).quotations]


class TestASignature:
    @pytest.mark.parametrize(
        ("behind", "speaker"),
        [
            ("Ada Roe, Chief Engineer, Corvell", "Ada Roe"),
            ("(Site manager, furniture)", "Site manager"),
            ("(Anonymous)", None),
            ("Ada Roe, who was there, left.", None),
        ],
    )
    def test_names_the_speaker_of_the_paragraph(self, behind: str, speaker: str | None) -> None:
        assert speakers(f"The quay is open.\n\n“{WORDS}.” {behind}") == [speaker]


class TestAReport:
    @pytest.mark.parametrize("name", ["Jane Roe", "Jonas Lindworth"])
    def test_is_not_by_a_participle(self, name: str) -> None:
        body = f"The quay is open.\n\nCommenting, Chief Executive {name} said:\n\n“{WORDS}.”"
        assert speakers(body) == [name]

    @pytest.mark.parametrize("office", ["Chief People Officer", "Chief Executive"])
    def test_is_not_by_an_office_and_a_name(self, office: str) -> None:
        assert speakers(f"“{WORDS},” said {office} Philippa Lundworth.") == ["Philippa Lundworth"]

    def test_may_have_two_single_marks_before_it(self) -> None:
        body = f'“{WORDS},’’ said Ada Roe, head of Corvell. "The old one fell down in the last winter."'
        assert speakers(body) == ["Ada Roe"] * 2

    @pytest.mark.parametrize(
        ("before", "speaker"),
        [
            ("The guild issued a note on Monday. The note opens:", "The guild"),
            ("We read it. The brochure opens with a drum roll:", "The brochure"),
            ("We issued a note on Monday. The note opens:", None),
            ("It was drafted by a schoolgirl in Eskbridge, Philippa Lundworth:", "Philippa Lundworth"),
        ],
    )
    def test_of_a_writing_is_its_sender_s(self, before: str, speaker: str | None) -> None:
        assert speakers(f"{before} “{WORDS}.”") == [speaker]


class TestATitle:
    def test_has_the_full_name_of_the_body(self) -> None:
        body = "Minister Sorin Roe opened the quay in Tarn. Sorin Roe left at noon."
        assert speakers(body, f"Minister Roe: “{WORDS}”") == ["Sorin Roe"]

    def test_has_the_speaker_of_the_same_words(self) -> None:
        body = f"The quay is open.\n\n“{WORDS}, and more,” said Ada Roe in Tarn."
        assert speakers(body, f"“{WORDS}”") == ["Ada Roe"] * 2
        assert speakers(body.replace("forty", "fifty"), f"“{WORDS}”") == [None, "Ada Roe"]


class TestAContinuation:
    def test_goes_on_before_text_of_the_page(self) -> None:
        body = f"“The old one fell,” Ada Roe says.\n\n“{WORDS}.” Exploration The quay was built in May."
        assert speakers(body) == ["Ada Roe"] * 2
