"""The few shapes that most detectors share: a phrase, a phrase near another, two things in one sentence."""

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
_WINDOW = 40  # characters before a phrase in which a negation is looked for


def lexical(
    lexicon: Lexicon,
    *,
    near: Lexicon | None = None,
    reach: int = 0,
    without: Lexicon | None = None,
    whole_phrase: bool = False,
) -> Find:
    """Every un-negated phrase of `lexicon`; with `near`, only where one of those stands within `reach` sentences.

    With `without`, only where none of those stands in its own sentence.
    `whole_phrase` stretches a hit on an adjective or adverb to the noun or adjective that it modifies.
    """

    def find(document: Text) -> Iterator[Hit]:
        beside = None if near is None else sentences_with(document, near)
        barred = frozenset() if without is None else sentences_with(document, without)
        reached = 0
        for start, end in lexicon.places(document):
            if start < reached or is_negated(document, start):
                continue
            index = document.sentence_at(start).index
            if index in barred:
                continue
            if beside is not None and beside.isdisjoint(range(index - reach, index + reach + 1)):
                continue
            start, reached = document.modified(start, end) if whole_phrase else (start, end)
            yield Hit(start, reached)

    return find


def together(first: Lexicon, second: Lexicon, *, third: Lexicon | None = None) -> Find:
    """From a phrase of `first` to the nearest one of `second` in the same sentence, once a sentence.

    With `third`, one of those must stand in the sentence, or in the one before, too.
    """

    def find(document: Text) -> Iterator[Hit]:
        seconds: dict[int, list[tuple[int, int]]] = {}
        for place in second.places(document):
            seconds.setdefault(document.sentence_at(place[0]).index, []).append(place)
        thirds = None if third is None else sentences_with(document, third)
        done = -1
        for start, end in first.places(document):
            index = document.sentence_at(start).index
            if index == done or index not in seconds:
                continue
            if thirds is not None and thirds.isdisjoint((index - 1, index)):
                continue
            others = [p for p in seconds[index] if p[1] <= start or p[0] >= end]
            if others and not is_negated(document, start):
                other = min(others, key=lambda p: (max(p[0] - end, start - p[1]), p))
                done = index
                yield Hit(min(start, other[0]), max(end, other[1]))

    return find


def first_of(*finds: Find) -> Find:
    """All hits of several shapes; where two overlap, the one that begins first, then the longer."""

    def find(document: Text) -> Iterator[Hit]:
        reached = 0
        hits = [hit for one in finds for hit in one(document)]
        for hit in sorted(hits, key=lambda h: (h.start, -h.end, not h.loaded)):
            if hit.start >= reached:
                reached = hit.end
                yield hit

    return find


def parsed(find: Callable[[Document], Iterator[Hit]]) -> Find:
    """A shape of syntax: in a text that was not parsed nothing is found."""

    def find_in_parse(document: Text) -> Iterator[Hit]:
        if isinstance(document, Document):
            yield from find(document)

    return find_in_parse


def sentences_with(document: Text, lexicon: Lexicon) -> frozenset[int]:
    """The numbers of the sentences in which a phrase of `lexicon` begins."""
    return frozenset(document.sentence_at(start).index for start, _ in lexicon.places(document))


def is_negated(document: Text, start: int) -> bool:
    """Whether a negation stands right before `start`."""
    return _NEGATED.search(document.folded, max(0, start - _WINDOW), start) is not None
