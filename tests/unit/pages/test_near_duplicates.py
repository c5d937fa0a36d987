"""Near-duplicates are found despite typographic changes."""

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.near_duplicates import (
    COPY_THRESHOLD,
    MIN_WORDS,
    SHINGLE_WORDS,
    bands,
    signature,
    similarity,
)

_RANDOM = random.Random(20)
VOCABULARY = ["".join(_RANDOM.choices("bdfgklmnprstvaeiou", k=_RANDOM.randint(3, 9))) for _ in range(3_000)]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=MIN_WORDS, max_size=120)


def _article(seed: int, words: int = 600) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=words)


def _jaccard(first: list[str], second: list[str]) -> float:
    sets = [
        {tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}
        for words in (first, second)
    ]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


class TestSignature:
    @pytest.mark.parametrize("text", ["", "word", "word " * (MIN_WORDS - 1), "!!! ... ---" * 50])
    def test_refuses_a_text_too_short_to_compare(self, text: str) -> None:
        assert signature(text) == b""
        assert bands(b"") == []
        assert similarity(b"", signature(" ".join(_article(1)))) == 0.0
        assert similarity(b"", b"") == 0.0

    @given(WORDS)
    def test_ignores_case_punctuation_and_white_space(self, words: list[str]) -> None:
        plain = " ".join(words)
        assert signature("\u201c" + ",\n ".join(words).title() + "\u201d!") == signature(plain)

    @given(WORDS)
    def test_has_one_size_and_agrees_with_itself(self, words: list[str]) -> None:
        created = signature(" ".join(words))
        assert len(created) == 512
        assert similarity(created, created) == 1.0

    def test_reads_scripts_without_spaces_by_the_character(self) -> None:
        text = "港の再生可能エネルギー計画について市議会は昨日の会議で議論した。" * 2
        assert len(signature(text)) == 512

    @pytest.mark.slow
    def test_is_the_same_in_every_process(self) -> None:
        text = " ".join(_article(3, 100))
        code = f"from api.pages.near_duplicates import bands, signature; print(bands(signature({text!r})))"
        said = [
            subprocess.run(
                [sys.executable, "-c", code],
                capture_output=True,
                text=True,
                check=True,
                env={"PYTHONHASHSEED": seed},
            ).stdout
            for seed in ("1", "2")
        ]
        assert said == [f"{bands(signature(text))}\n"] * 2


class TestBands:
    def test_gives_database_integers(self) -> None:
        found = bands(signature(" ".join(_article(5))))
        assert len(found) == 16
        assert all(-(2**63) <= band < 2**63 for band in found)

    def test_finds_every_one_of_two_hundred_near_copies(self) -> None:
        missed = 0
        for seed in range(200):
            original = _article(seed, 400)
            copy = list(original)
            for place in random.Random(seed).sample(range(400), 3):
                copy[place] = "replaced"
            assert _jaccard(original, copy) > COPY_THRESHOLD
            shared = set(bands(signature(" ".join(original)))) & set(bands(signature(" ".join(copy))))
            missed += not shared
        assert missed == 0

    def test_keeps_unlike_texts_apart(self) -> None:
        signatures = [signature(" ".join(_article(seed))) for seed in range(60)]
        seen: set[int] = set()
        for created in signatures:
            assert not seen & set(bands(created))
            seen |= set(bands(created))


class TestSimilarity:
    @pytest.mark.parametrize("replaced", [0, 3, 12, 40, 150])
    def test_estimates_the_share_of_common_shingles(self, replaced: int) -> None:
        original = _article(7)
        changed = list(original)
        for place in random.Random(7).sample(range(600), replaced):
            changed[place] = "replaced"
        estimate = similarity(signature(" ".join(original)), signature(" ".join(changed)))
        assert abs(estimate - _jaccard(original, changed)) < 0.12
