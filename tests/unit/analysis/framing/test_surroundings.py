"""The phrase in which words are shown that say too little alone."""

import pytest

from api.analysis.framing.surroundings import surroundings
from tests.kit.texts.articles import document


@pytest.mark.parametrize(
    ("text", "words", "phrase"),
    [
        ("We have done all that was in our hands.", "hands", "We have done all that was in our hands"),
        ("It is sought by nations unfriendly to the town.", "unfriendly", "unfriendly to the town"),
        (
            "They are moved by a slew of financial, civic, or personal agendas.",
            "slew of financial",
            "slew of financial, civic, or personal agendas",
        ),
        ("Those who were keen about the mill and whose help was vast left.", "keen", "keen about the mill"),
        ("It is awesome.", "awesome", None),
        ("It is a truly open pump for mills.", "truly open pump", None),
        ("It is even more critical for small mills in the north.", "even more critical", None),
        ("Bravo!", "Bravo", None),
    ],
)
def test_is_the_smallest_phrase_with_another_telling_word(text: str, words: str, phrase: str | None) -> None:
    start = text.index(words)
    assert surroundings(document(text), start, start + len(words)) == phrase


def test_is_none_if_it_is_long() -> None:
    text = f"The mill that {' and '.join(f'mill {n}' for n in range(12))} saw was grand."
    start = text.index("grand")
    assert surroundings(document(text), start, start + len("grand")) is None
