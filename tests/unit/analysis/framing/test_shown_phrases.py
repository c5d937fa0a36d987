"""The words that are shown for a place."""

import pytest

from api.analysis.framing.detector import Hit
from api.analysis.framing.evidence import ALL_DETECTORS, Evidence
from api.analysis.framing.places import places
from api.analysis.framing.shown_phrases import shown_phrase, shown_places
from tests.kit.texts.articles import document

LEARNED = next(d for d in ALL_DETECTORS if d.code == "loaded_hype")


def shown(text: str, words: str) -> str:
    read = document(text)
    at = read.text.index(words)
    start, end = shown_phrase(read, at, at + len(words))
    return read.text[start:end]


class TestShownPhrase:
    @pytest.mark.parametrize(
        ("text", "words", "expected"),
        [
            ("It was a chink in the armor of the mill.", "chink", "chink in the armor"),
            ("It works without losing quality here.", "losing quality", "without losing quality"),
            ("The mill is therefore safe and sound today.", "therefore safe", "safe"),
            ("She oversaw remarkable growth at the mill.", "oversaw remarkable growth", "remarkable growth"),
            (
                "It is a trusted partner that forges ties in Marl.",
                "trusted partner that forges ties",
                "trusted partner",
            ),
            ("It boosts remarkable growth at the mill.", "boosts remarkable growth", "boosts remarkable growth"),
            (
                "They transform how mills work and make decisions.",
                "transform how mills work and make",
                "transform how mills work",
            ),
            ("It has a greater openness and trust than others.", "greater openness and", "greater openness"),
            ("This week we are thrilled to open.", "week we are thrilled", "we are thrilled"),
            ("The reply so far has been superb.", "far has been superb", "has been superb"),
            ("It gave us the courage to keep building pumps.", "courage to keep", "courage"),
            ("The change is already under way.", "already under way", "already under way"),
            ("We are really excited to let you know this.", "really excited to let", "really excited"),
            ("It is a plan we’re excited to invest time in this fall!", "we’re excited", "we’re excited"),
            ("There is much to be excited about.", "much to be excited about", "much to be excited about"),
            ("It has a vibrant community in Marl.", "vibrant community", "vibrant community"),
        ],
    )  # fmt: skip
    def test_is_the_loaded_phrase(self, text: str, words: str, expected: str) -> None:
        assert shown(text, words) == expected


class TestShownPlaces:
    def test_do_not_reach_into_another_place(self) -> None:
        read = document("It was a chink in the armor.")
        first, other = read.text.index("chink"), read.text.index("armor")
        hits = [Hit(first, first + 5), Hit(other, other + 5)]
        both = [Evidence(LEARNED, hit, "document", 1000) for hit in hits]
        assert [(p.start, p.end) for p in shown_places(read, both, places(both))] == [
            (h.start, h.end) for h in hits
        ]
        (alone,) = shown_places(read, both[:1], places(both[:1]))
        assert read.text[alone.start : alone.end] == "chink in the armor"
