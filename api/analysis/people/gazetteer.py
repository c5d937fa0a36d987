"""Names that the small language model types badly: technology firms and products, agencies, laws.

Our own list (`gazetteer.json`), from general knowledge. An `ambiguous` name ("Target", "Windows") is also a
common word: it sets the type of a name already found, but is not searched for. Countries, cities and peoples
are not searched for either: they are parts of many names ("Ostrava Bank of Norway"). Names that often mean
something else ("Jordan", "Turkey", "Polish") are left out.
"""

from functools import cache

from ahocorasick_rs import AhoCorasick
from msgspec import Struct

from api.analysis.text.data_files import data_file
from schemas.enums import EntityType


class _Names(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    organization: list[str]
    product: list[str]
    law: list[str]
    event: list[str]
    place: list[str]
    ambiguous: list[str]
    country_or_city: list[str]
    people: list[str]


_NAMES = data_file("people/gazetteer.json", _Names)
TYPES: dict[str, EntityType] = {
    name: kind
    for names, kind in (
        (_NAMES.country_or_city, EntityType.PLACE),
        (_NAMES.people, EntityType.GROUP),
        (_NAMES.place, EntityType.PLACE),
        (_NAMES.event, EntityType.EVENT),
        (_NAMES.law, EntityType.LAW),
        (_NAMES.product, EntityType.PRODUCT),
        (_NAMES.organization, EntityType.ORGANIZATION),
    )
    for name in names
}


@cache
def _finder() -> tuple[list[str], AhoCorasick]:
    unsearched = frozenset((*_NAMES.ambiguous, *_NAMES.country_or_city, *_NAMES.people))
    searched = [name for name in TYPES if name not in unsearched]
    return searched, AhoCorasick(searched)


def known_names(text: str) -> list[tuple[int, int, EntityType]]:
    """The (start, end, type) of listed names in the text: same case, whole words, not overlapping."""
    names, finder = _finder()
    return [(start, end, TYPES[names[number]]) for number, start, end in whole_words(text, finder)]


def whole_words(text: str, finder: AhoCorasick) -> list[tuple[int, int, int]]:
    """The (pattern, start, end) of matches at word boundaries, without overlaps, the longest first."""
    hits = [
        (start, -end, number)
        for number, start, end in finder.find_matches_as_indexes(text, overlapping=True)
        if not (start and text[start - 1].isalnum())
        and not (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())
    ]
    found: list[tuple[int, int, int]] = []
    reached = 0
    for start, negative_end, number in sorted(hits):
        if start >= reached:
            reached = -negative_end
            found.append((number, start, reached))
    return found
