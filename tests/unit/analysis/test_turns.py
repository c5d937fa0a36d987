"""Interviews: whose words a turn is."""

from itertools import pairwise

import pytest

from api.analysis.fast.skimming import skim
from api.analysis.voices import voices
from tests.articles import article, document

INTRODUCTION = "Farid Nassour took over the Coastal Rail Authority in May. He met us in his office.\n\n"
INTERVIEW = INTRODUCTION + (
    "Transit Weekly: You have been here for six months. What went wrong last summer?\n\n"
    "Farid Nassour: We wrote a timetable for a railway that we did not have.\n\n"
    "TW: Will fares rise?\n\n"
    "Nassour: Not this year. I would rather run a train that comes.\n\n"
    "After that it depends on the ministry, and on the price of energy.\n\n"
    "TW: The chair of the union, Benedikt Mauer, told us that “it is easy to be on time if you do not run”.\n\n"
    "Nassour: He has a point, and I have promised him that half of them will be back.\n\n"
    "The interview has been shortened."
)


def voice_of(body: str, words: str) -> str:
    read = document(body)
    return next(s.voice for s in read.sentences if words in s.text)


class TestTurns:
    @pytest.mark.parametrize(
        "body",
        [
            "Note: The shop opens in May.\n\nThe river is wide.",
            "Update: The shop opens in May.\n\nUpdate: The shop is open.\n\nNote: The river is wide.",
            "Price: 40 crowns for a pump.\n\nRating: It is good.\n\nPrice: 50 crowns.\n\nRating: It is better.",
            "Marta Eide: The pumps are sold out until May.\n\nThe river is wide.",
            "Above: The works of Corvell in May.\n\nThe river is wide.\n\nAbove: The works in June.",
            "Step 2: Open the lid of the pump.\n\nStep 3: Close the lid.\n\nStep 2: Open the lid again.",
            "Q: Will my plan change?\n\nA: No, our plans stay as they are.\n\nQ: What does it cost?\n\n"
            "A: We charge 4 crowns a month.",
        ],
    )
    def test_are_none_where_nobody_talks(self, body: str) -> None:
        assert document(body).quotations == ()
        assert skim(article(body)).quotations == ()

    @pytest.mark.parametrize(
        ("words", "voice"),
        [
            ("took over", "document"),
            ("We wrote a timetable", "Farid Nassour"),
            ("What went wrong last", "Transit Weekly"),
            ("I would rather", "Farid Nassour"),
            ("After that it depends", "Farid Nassour"),
            ("He has a point", "Farid Nassour"),
            ("shortened", "document"),
        ],
    )
    def test_are_the_words_of_whoever_has_them(self, words: str, voice: str) -> None:
        assert voice_of(INTERVIEW, words) == voice
        assert next(s.voice for s in skim(article(INTERVIEW)).sentences if words in s.text) == voice

    def test_keep_what_stands_in_marks_for_whoever_said_it(self) -> None:
        read = document(INTERVIEW)
        at = read.text.index("it is easy")
        assert read.voice_at(at, at + 10) == "Benedikt Mauer"

    def test_make_voices(self) -> None:
        found = voices(document(INTERVIEW))
        assert found[0].name == "Farid Nassour"
        assert {"Transit Weekly", "Benedikt Mauer"} <= {v.name for v in found}

    def test_may_belong_to_one_who_answers_alone(self) -> None:
        body = (
            "We met Marta Eide in Tarn.\n\nWhat went wrong?\n\nEide: The pumps were late by half a year.\n\n"
            "And now?\n\nEide: They are sold out until the end of May."
        )
        assert voice_of(body, "sold out") == "Eide"

    @pytest.mark.parametrize("asks", ["Q", "INTERVIEWER"])
    def test_of_a_and_q_are_those_of_the_one_introduced(self, asks: str) -> None:
        body = (
            f"We spoke to Marta Eide in Tarn about pumps.\n\n{asks}: What went wrong last summer in Tarn?\n\n"
            f"A: The pumps were late by half a year.\n\n{asks}: And now?\n\nA: They are sold out until May."
        )
        assert voice_of(body, "late by half") == "Marta Eide"
        assert voice_of(body, "What went wrong") == "unnamed speaker"

    def test_of_q_and_a_that_say_i_are_an_interview(self) -> None:
        body = "Q: What went wrong?\n\nA: I do not know, and I said so.\n\nQ: And now?\n\nA: I wait for May."
        assert voice_of(body, "I do not know") == "unnamed speaker"

    def test_end_where_another_is_heard(self) -> None:
        body = INTERVIEW.replace("After that it", "Marta Eide on the radio: After that it")
        assert voice_of(body, "After that it depends") == "document"

    def test_never_overlap(self) -> None:
        body = "Eide: “The pumps\n\nLund: “are” late”\n\nEide: “and sold out”, he said “in\n\nLund: May” she said"
        places = [(q.start, q.end) for q in document(body).quotations]
        assert all(left[1] <= right[0] for left, right in pairwise(places))
