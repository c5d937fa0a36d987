"""Assigns a story at most three categories of a closed list (`categories.json`), and their vertical.

Distinct terms count; title terms weigh double, and repetition adds a little.
"""

from functools import cache
from math import log1p

from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.document import Text
from api.analysis.text.lexicon import Lexicon, phrases

MAX_CATEGORIES = 3
TITLE_WEIGHT = 2.0
FEWEST_POINTS = 3.0  # about three distinct terms
BESIDE_BEST = 0.5  # least points of a further category, relative to the best


class Category(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One category. `terms` are the words that indicate it."""

    code: str
    vertical: str
    terms: str


class _List(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    categories: list[Category]


CATEGORIES = {category.code: category for category in data_file("content/categories.json", _List).categories}


def categories_of(document: Text) -> tuple[list[str], str | None]:
    """Categories, the best first, and the vertical of the best; ([], None) if none is clear."""
    points = {code: _points(document, lexicon) for code, lexicon in _lexicons().items()}
    ranked = sorted(points, key=lambda code: (-points[code], code))
    best = points[ranked[0]]
    if best < FEWEST_POINTS:
        return [], None
    chosen = [c for c in ranked[:MAX_CATEGORIES] if points[c] >= max(FEWEST_POINTS, BESIDE_BEST * best)]
    return chosen, CATEGORIES[chosen[0]].vertical


@cache
def _lexicons() -> dict[str, Lexicon]:
    return {code: Lexicon(phrases(category.terms)) for code, category in CATEGORIES.items()}


def _points(document: Text, lexicon: Lexicon) -> float:
    counts: dict[str, float] = {}
    for sentence, term in lexicon.by_sentence(document):
        weight = TITLE_WEIGHT if sentence.role == "title" else 1.0
        counts[term] = counts.get(term, 0.0) + weight
    return round(sum(0.5 + log1p(count) for count in counts.values()), 6)
