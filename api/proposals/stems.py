"""Stems of content words, to see whether two passages are about the same."""

import re
from typing import Final

from api.analysis.text.stop_words import STOP_WORDS

STEM: Final = 4  # letters by which words count as one: "cost", "costs", "costly"
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


def stems(words: str) -> frozenset[str]:
    """The first four letters of each content word, in lower case."""
    found = map(str.lower, _WORD.findall(words))
    return frozenset(word[:STEM] for word in found if word not in STOP_WORDS)
