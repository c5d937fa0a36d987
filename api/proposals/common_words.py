"""Tells common English words from names at the start of a sentence, where both have a capital."""

from functools import cache
from typing import Final

from api.analysis.parsing.pipeline import pipeline

MIN_NOUN: Final = 8  # letters: shorter ones are often names as well ("Station", "Unity")
_ABSTRACT: Final = ("tion", "sion", "ness", "ment", "ity", "ance", "ence", "ship", "ism", "ist", "al")
MIN_ADJECTIVE: Final = 5  # letters: shorter ones are often names as well ("Frank", "Young")


def is_common(word: str) -> bool:
    """Whether a word in lower case is a verb or plural in -s, an adverb in -ly, or an adjective.

    Other forms may be names: "Apple", "Ford". The words are those of WordNet, in spaCy's tables.
    """
    tables = _tables()
    if word.endswith("s"):
        roots = [word[:-1], word[:-2], f"{word[:-3]}y" if word.endswith("ies") else ""]
        return any(root in tables[kind] for root in filter(None, roots) for kind in ("verb", "noun"))
    if word.endswith("ly"):
        return word in tables["adv"]
    return len(word) >= MIN_ADJECTIVE and word in tables["adj"]


def is_abstract(word: str) -> bool:
    """Whether a word in lower case is a noun with the ending of a quality, a deed or a trade."""
    return len(word) >= MIN_NOUN and word.endswith(_ABSTRACT) and word in _tables()["noun"]


@cache
def _tables() -> dict[str, frozenset[str]]:
    index = pipeline().get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    return {kind: frozenset(index[kind]) for kind in ("adj", "adv", "noun", "verb")}
