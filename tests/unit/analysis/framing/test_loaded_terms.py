"""Which loaded terms are listed."""

import pytest

from api.analysis.framing.detector import Hit
from api.analysis.framing.evidence import ALL_DETECTORS, Evidence
from api.analysis.framing.loaded_terms import MOST, loaded_terms
from api.analysis.text.document import Document
from schemas.enums import SpinType
from tests.kit.texts.articles import document

BY_CODE = {d.code: d for d in ALL_DETECTORS}


def listed(
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    chances: dict[str, float],
    primary: SpinType = SpinType.NONE,
    code: str = "loaded_hype",
) -> list[str]:
    """The terms listed of these words of the text, which readers mark with these chances."""
    read = document(text)
    places = {read.text.index(words): words for words in chances}
    found = [
        Evidence(BY_CODE[code], Hit(at, at + len(places[at])), "document", 1000) for at in sorted(places)
    ]
    by_place = {at: chances[words] for at, words in places.items()}
    monkeypatch.setattr(Document, "chance", lambda self, start, end: by_place[start])
    return [term.term for term in loaded_terms(read, found, primary)]


FAR = "The mill is here. The hall is there. "  # so that the words stand in the body


class TestLoadedTerms:
    def test_are_those_that_many_readers_mark_the_surest_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        chances = {"vibrant crew": 0.6, "sturdy pump": 0.42, "splendid hall": 0.8}
        text = f"{FAR}It has a vibrant crew. It has a sturdy pump. It has a splendid hall."
        assert listed(monkeypatch, text, chances) == ["splendid hall", "vibrant crew"]

    def test_need_less_if_they_are_of_the_texts_type(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert listed(monkeypatch, f"{FAR}It has a sturdy pump.", {"sturdy pump": 0.42}, SpinType.HYPE)

    @pytest.mark.parametrize(("code", "number"), [("loaded_hype", 1), ("loaded_halo", 0)])
    def test_of_a_plain_text_need_more_the_more_so_if_they_praise_conduct(
        self, monkeypatch: pytest.MonkeyPatch, code: str, number: int
    ) -> None:
        text, words = f"{FAR}It has a sturdy pump.", "sturdy pump"
        assert len(listed(monkeypatch, text, {words: 0.63}, code=code)) == number
        assert not listed(monkeypatch, text, {words: 0.5}, code=code)

    def test_of_a_text_with_a_type_are_never_none_if_any_was_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert listed(monkeypatch, f"{FAR}It has a sturdy pump.", {"sturdy pump": 0.1}, SpinType.HALO)
        assert not listed(monkeypatch, f"{FAR}It has a sturdy pump.", {"sturdy pump": 0.1})

    def test_are_not_listed_inside_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = f"{FAR}It is brighter. It is smaller, faster and brighter."
        assert listed(monkeypatch, text, {"faster and brighter": 0.9, "brighter": 0.8}) == [
            "faster and brighter"
        ]

    def test_are_limited_in_a_text_of_usual_length(self, monkeypatch: pytest.MonkeyPatch) -> None:
        nouns = [f"pump{letter}" for letter in "abcdefghijklmnopqrst"]
        text = FAR + " ".join(f"It has a vibrant {noun}." for noun in nouns)
        assert len(listed(monkeypatch, text, {f"vibrant {noun}": 0.9 for noun in nouns})) == MOST
