"""Findings and loaded terms are whole phrases, and say something."""

import pytest

from api.analysis.framing.phrases import clean_phrase, is_telling, rule_phrase, whole_phrase
from tests.kit.texts.articles import document

TEXT = {
    "Lumen offers a world-class innovative platform for farms.": [
        ("world-class innovative", "world-class innovative platform"),
    ],
    "The app will transform rural banking for good.": [("transform", "transform rural banking")],
    "This was not a decision we took lightly.": [("not a decision we", "not a decision we took")],
    "They kept the peace of mind of every family.": [
        ("mind of every", "mind of every family"),
    ],
    "Our innovative approach enhances care.": [("innovative approach", "innovative approach")],
    "The results speak for themselves, and the mood is bright.": [
        ("speak for themselves", "speak for themselves"),
        ("and the mood", "mood"),
    ],
    "It was a truly remarkable, historic day.": [("remarkable", "truly remarkable")],
}
CASES = [(text, found, whole) for text, rows in TEXT.items() for found, whole in rows]


def _phrase(text: str, found: str) -> str:
    read = document(text)
    start = read.text.index(found)
    low, high = whole_phrase(read, start, start + len(found))
    return read.text[low:high]


def _telling(text: str, words: str, *, sure: bool = True) -> bool:
    read = document(text)
    start = read.text.index(words)
    return is_telling(read, start, start + len(words), sure=sure)


class TestAPhrase:
    @pytest.mark.parametrize(("text", "found", "whole"), CASES)
    def test_is_whole(self, text: str, found: str, whole: str) -> None:
        assert _phrase(text, found) == whole

    def test_stays_in_its_sentence(self) -> None:
        assert _phrase("The plan is bold. Rivals wait.", "bold") == "bold"

    def test_of_a_text_without_words_is_unchanged(self) -> None:
        assert whole_phrase(document("Bold."), 0, 4) == (0, 4)


def _clean(text: str, words: str, *, written: bool = False) -> str | None:
    read = document(text)
    start = read.text.index(words)
    places = (rule_phrase if written else clean_phrase)(read, start, start + len(words))
    return None if places is None else read.text[slice(*places)]


class TestACleanPhrase:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("“Care is who we are,” said Marlow Finch.", "are,” said Marlow"),
            ("Traps are surpassing humans’ skill by far.", "surpassing humans"),
            ("The vote came. “Now,” he said.", ",” he said"),
        ],
    )
    def test_is_not_cut_out_of_another(self, text: str, words: str) -> None:
        cut = _clean(text, words)
        assert cut is None or not _telling(text, cut)

    @pytest.mark.parametrize(
        ("text", "words", "clean"),
        [
            ("It is a scandal in itself; no owner knew.", "scandal in itself; no", "scandal in itself"),
            ("Steps were bravely taken thanks to the crew.", "bravely taken thanks", "bravely taken"),
            ("It sells data-enabled experiences.", "enabled experiences", "data-enabled experiences"),
            ("The mood is bright and", "bright and", "bright"),
            ("You know how greedy banks have become.", "greedy banks have become", "greedy banks"),
            ("They meet the robust Marl Mill Code in all they do.", "robust Marl", "robust Marl Mill Code"),
            ("They trade with firms that have robust Know Your Mill rules.", "robust Know", "robust"),
        ],
    )
    def test_ends_at_borders_and_with_words_of_its_own(self, text: str, words: str, clean: str) -> None:
        assert _clean(text, words) == clean

    def test_of_a_written_rule_has_all_its_words(self) -> None:
        text = "It was done in line with the plan of the board."
        assert _clean(text, "in line with", written=True) == "in line with the plan"

    def test_of_a_written_rule_crosses_no_quotation_mark(self) -> None:
        text = "He “saved” the market, and “prices” fell."
        assert _clean(text, "saved” the market, and “prices", written=True) is None


class TestATellingPhrase:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Prices went up in a new way.", "up"),
            ("Prices went up in a new way.", "new"),
            ("He chose his words with care.", "words"),
            ("Sales came to 40 million crowns.", "40"),
            ("They met Anna Roe in Berlin.", "Anna Roe"),
            ("They met Anna Roe in Berlin.", "in"),
            ("It is what they have.", "what they have"),
            ("The board chose Farm Wide Technology for it.", "Farm Wide Technology"),
        ],
    )
    def test_is_none_of(self, text: str, words: str) -> None:
        assert not _telling(text, words)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("A groundbreaking pump came to town.", "groundbreaking"),
            ("They offer peace of mind.", "peace of mind"),
            ("It is the best choice in town.", "best choice"),
        ],
    )
    def test_is_any_of(self, text: str, words: str) -> None:
        assert _telling(text, words)

    def test_is_one_word_only_if_the_tagger_is_sure(self) -> None:
        assert not _telling("A groundbreaking pump came to town.", "groundbreaking", sure=False)
        assert _telling("A groundbreaking pump came to town.", "groundbreaking pump", sure=False)
