"""Tells common English words from names at the start of a sentence, where both have a capital, and in lower case.

The words are those of WordNet, in spaCy's tables.
"""

from collections.abc import Iterator, Set
from functools import cache
from typing import Final

from api.analysis.parsing.pipeline import pipeline
from api.analysis.text.lexicon import words
from api.analysis.text.stop_words import STOP_WORDS

MIN_NOUN: Final = 8  # letters: shorter ones are often names as well ("Station", "Unity")
_ABSTRACT: Final = ("tion", "sion", "ness", "ment", "ity", "ance", "ence", "ship", "ism", "ist", "al")
_ENDINGS: Final = (
    ("s", ("",)),
    ("es", ("", "e")),
    ("ies", ("y",)),
    ("d", ("",)),
    ("ed", ("", "e")),
    ("ied", ("y",)),
    ("ing", ("", "e")),
    ("er", ("", "e")),
    ("ers", ("", "e")),
    ("est", ("", "e")),
    ("ly", ("", "le", "y")),
    ("ily", ("y",)),
    ("ally", ("",)),
    ("ness", ("",)),
    ("less", ("",)),
    ("able", ("", "e")),
)
_PREFIXES: Final = ("un", "re", "non", "over", "under", "out", "mis", "anti", "pre", "co")
# Common words that the tables lack.
_OTHERS: Final = words(
    "anybody everybody somebody nobody anyone everyone someone anything everything something onto upon versus "
    "via whose whoever whatever whichever whenever wherever biometric rollout website online chatbot startup"
)
MIN_ADJECTIVE: Final = 5  # letters: shorter ones are often names as well ("Frank", "Young")


def is_common(word: str) -> bool:
    """Whether a word in lower case is a verb or plural in -s, an adverb in -ly, or an adjective.

    Other forms may be names: "Apple", "Ford".
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


def is_english(word: str, more: Set[str] = frozenset()) -> bool:
    """Whether a word in lower case is English or of `more`, inflected or with a prefix; else it may be a name."""
    roots = [word, *(word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))]
    return any(form in _words() or form in more for root in roots for form in _forms(root))


def is_base_verb(word: str) -> bool:
    """Whether a word in lower case is the base form of a verb, and no adverb or adjective as well."""
    tables = _tables()
    return word in tables["verb"] and not (
        word in STOP_WORDS or word in tables["adv"] or word in tables["adj"]
    )


def _forms(word: str) -> Iterator[str]:
    """The word and possible base forms of it."""
    yield word
    for ending, starts in _ENDINGS:
        if word.endswith(ending):
            root = word[: -len(ending)]
            yield from (root + start for start in starts)
            if len(root) > 2 and root[-1] == root[-2]:
                yield root[:-1]


@cache
def _words() -> frozenset[str]:
    lookups = pipeline().get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    irregular = lookups.get_table("lemma_exc")
    found = frozenset(STOP_WORDS | _OTHERS)
    return found.union(*_tables().values(), *(irregular[kind] for kind in ("adj", "adv", "noun", "verb")))


@cache
def _tables() -> dict[str, frozenset[str]]:
    index = pipeline().get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    return {kind: frozenset(index[kind]) for kind in ("adj", "adv", "noun", "verb")}
