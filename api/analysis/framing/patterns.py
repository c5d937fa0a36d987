"""Patterns that most detectors share: a phrase, a phrase near another, two phrases in one sentence."""

import re
from collections.abc import Callable, Iterator

from api.analysis.framing.detector import Hit
from api.analysis.text.document import Document, Text
from api.analysis.text.lexicon import Lexicon

Find = Callable[[Text], Iterator[Hit]]

# "not a breakthrough", "never been inclusive", but not "not only a breakthrough"
_NEGATED = re.compile(
    r"\b(?:not|no|never|without|hardly|neither|nor|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|won't|can't)"
    r"(?! (?:only|just|merely|simply|least|a single|longer))(?: [\w'-]+){0,2} \Z"
)
_WINDOW = 40  # characters searched before a phrase


def lexical(
    lexicon: Lexicon,
    *,
    near: Lexicon | None = None,
    reach: int = 0,
    without: Lexicon | None = None,
    whole_phrase: bool = False,
) -> Find:
    """Finds each un-negated phrase of `lexicon`; with `near`, only within `reach` sentences of one of those.

    With `without`, only in sentences that contain none of those. `whole_phrase` extends a hit on an adjective
    or adverb to the noun or adjective that it modifies.
    """

    def find(document: Text) -> Iterator[Hit]:
        near_sentences = None if near is None else sentences_with(document, near)
        excluded = frozenset() if without is None else sentences_with(document, without)
        last_end = 0
        for start, end in lexicon.places(document):
            if start < last_end or is_negated(document, start):
                continue
            index = document.sentence_at(start).index
            if index in excluded:
                continue
            if near_sentences is not None and near_sentences.isdisjoint(
                range(index - reach, index + reach + 1)
            ):
                continue
            start, last_end = document.modified(start, end) if whole_phrase else (start, end)
            yield Hit(start, last_end)

    return find


def together(first: Lexicon, second: Lexicon, *, third: Lexicon | None = None) -> Find:
    """Finds the range from a phrase of `first` to the nearest of `second` in its sentence, once per sentence.

    With `third`, one of those must occur in the sentence or the one before.
    """

    def find(document: Text) -> Iterator[Hit]:
        seconds: dict[int, list[tuple[int, int]]] = {}
        for place in second.places(document):
            seconds.setdefault(document.sentence_at(place[0]).index, []).append(place)
        thirds = None if third is None else sentences_with(document, third)
        last_index = -1
        for start, end in first.places(document):
            index = document.sentence_at(start).index
            if index == last_index or index not in seconds:
                continue
            if thirds is not None and thirds.isdisjoint((index - 1, index)):
                continue
            others = [p for p in seconds[index] if p[1] <= start or p[0] >= end]
            if others and not is_negated(document, start):
                other = min(others, key=lambda p: (max(p[0] - end, start - p[1]), p))
                last_index = index
                yield Hit(min(start, other[0]), max(end, other[1]))

    return find


def crowded(lexicon: Lexicon) -> Find:
    """From the first to the last phrase of `lexicon` in a sentence with at least three."""

    def find(document: Text) -> Iterator[Hit]:
        places: dict[int, list[tuple[int, int]]] = {}
        for start, end in lexicon.places(document):
            places.setdefault(document.sentence_at(start).index, []).append((start, end))
        for _, found in sorted(places.items()):
            if len(found) >= 3:
                yield Hit(found[0][0], found[-1][1], loaded=False)

    return find


def first_of(*finds: Find) -> Find:
    """All hits of several patterns; of overlapping hits the earlier, then the longer."""

    def find(document: Text) -> Iterator[Hit]:
        last_end = 0
        hits = [hit for one in finds for hit in one(document)]
        for hit in sorted(hits, key=lambda h: (h.start, -h.end, not h.loaded)):
            if hit.start >= last_end:
                last_end = hit.end
                yield hit

    return find


def parsed(find: Callable[[Document], Iterator[Hit]]) -> Find:
    """A syntactic pattern: finds nothing in a text without a parse."""

    def find_in_parse(document: Text) -> Iterator[Hit]:
        if isinstance(document, Document):
            yield from find(document)

    return find_in_parse


def sentences_with(document: Text, lexicon: Lexicon) -> frozenset[int]:
    """The indices of the sentences in which a phrase of `lexicon` begins."""
    return frozenset(document.sentence_at(start).index for start, _ in lexicon.places(document))


def is_negated(document: Text, start: int) -> bool:
    """Whether a negation directly precedes `start`."""
    return _NEGATED.search(document.folded, max(0, start - _WINDOW), start) is not None
