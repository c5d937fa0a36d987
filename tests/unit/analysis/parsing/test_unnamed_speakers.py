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


class TestTheSpeakerIsAnother:
    def test_than_the_one_whom_the_words_address(self) -> None:
        body = f"“{WORDS},” answered Ada Roe, the engineer.\n\n“{WORDS} if it rains, Ms Roe.”"
        assert speakers(body) == ["Ada Roe", None]

    @pytest.mark.parametrize(("said", "speaker"), [("had", None), ("has", "Ada Roe")])
    def test_than_one_who_did_not_say_so(self, said: str, speaker: str | None) -> None:
        wish = "I wish he had said" if said == "had" else "he has said"
        body = f"Ada Roe built the quay. She said it would last.\n\nHere is what {wish}.\n\n“{WORDS}.”"
        assert speakers(body.replace("he ha", "she ha")) == [speaker]

    def test_than_one_before_a_heading_in_quotation_marks(self) -> None:
        assert speakers(f"Ada Roe said that it is firm.\n\n“{WORDS}”\n\nThat was the heading.") == [None]

    def test_than_one_of_whom_only_a_part_of_a_sentence_tells(self) -> None:
        body = (
            f"Ada Roe came to Tarn. At first she hid her grief at the fall of Olaf Lund. “{WORDS},” she said."
        )
        assert speakers(body) == ["Ada Roe"]

    def test_if_a_passive_names_him(self) -> None:
        body = "Ada Roe said that it is firm. The damage was summed up by Olaf Lund, the mason."
        body += f"\n\n“{WORDS},” he said."
        assert speakers(body) == ["Olaf Lund"]

    def test_and_is_named_behind_a_description(self) -> None:
        assert speakers(f"A captain I sail with, Ada Roe, would refuse. “{WORDS},” she says.") == ["Ada Roe"]

    def test_if_a_predecessor_spoke_last(self) -> None:
        body = (
            f"Minister Olaf Lund came. His predecessor, now at sea, said it was late.\n\n“{WORDS},” she said."
        )
        assert speakers(body) == ["His predecessor"]


class TestAQuestion:
    def test_is_the_writer_s_only_as_a_question(self) -> None:
        assert speakers(f"Its page told visitors: “{WORDS}.” We asked for the plans.") == ["Its page"]
        assert speakers(f"“{WORDS}?” we asked.") == [None]


class TestAName:
    def test_is_told_in_full(self) -> None:
        body = f"“{WORDS},” said Ada Winckless of Corvell. It was cold. “{WORDS},” said Winckless."
        assert speakers(body) == ["Ada Winckless"] * 2

    def test_has_no_label_before_it(self) -> None:
        assert speakers(f"Interview Ada Roe has an idea.\n\n“{WORDS},” she says.") == ["Ada Roe"]
