"""Word lists. One pass finds the phrases of all lists in a document's folded text, at word boundaries."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property

from ahocorasick_rs import AhoCorasick

from api.analysis.text.document import Sentence, Text


def words(text: str) -> frozenset[str]:
    """The words of a white-space separated list."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a list separated by line breaks or semicolons."""
    parts = (" ".join(part.split()) for part in text.replace("\n", ";").split(";"))
    return tuple(dict.fromkeys(part for part in parts if part))


class Lexicon:
    """Lower-case phrases; a phrase that ends in `*` matches to the end of the word ("streamlin*").

    Of phrases that begin at the same place the longest wins; matches do not overlap.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries = tuple(entries)
        self._number = len(_ALL_LEXICONS)
        _ALL_LEXICONS.append(self)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick([entry.removesuffix("*") for entry in self.entries])

    def places(self, document: Text) -> Iterator[tuple[int, int]]:
        """The (start, end) of every match in text order. Linear in the text."""
        known = document.once(_phrases)
        # a list created after the text was searched searches by itself
        return iter(known[self._number]) if self._number < len(known) else self.within(document.folded)

    def by_sentence(self, document: Text) -> Iterator[tuple[Sentence, str]]:
        """Every match that lies within one sentence: the sentence and the matched words."""
        folded = document.folded
        for start, end in self.places(document):
            sentence = document.sentence_at(start)
            if end <= sentence.end:
                yield sentence, folded[start:end]

    def within(self, folded: str) -> Iterator[tuple[int, int]]:
        """The (start, end) of every match in a folded text."""
        if not self.entries:
            return
        found: list[tuple[int, int]] = []
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if start and folded[start - 1].isalnum() and folded[start].isalnum():
                continue
            if self.entries[number].endswith("*"):
                while end < len(folded) and folded[end].isalnum():
                    end += 1
            elif end < len(folded) and folded[end].isalnum() and folded[end - 1].isalnum():
                continue
            found.append((start, -end))
        yield from _without_overlaps(found)


_ALL_LEXICONS: list[Lexicon] = []  # in order of creation, that is of import


def _phrases(document: Text) -> Sequence[list[tuple[int, int]]]:
    return phrases_in(document.folded)


def phrases_in(folded: str) -> Sequence[list[tuple[int, int]]]:
    """The matches of `Lexicon.within` for every word list, by its number, in a folded text."""
    automaton, owners = _shared_automaton(len(_ALL_LEXICONS))
    found: list[list[tuple[int, int]]] = [[] for _ in _ALL_LEXICONS]
    length = len(folded)
    for number, start, end in automaton.find_matches_as_indexes(folded, overlapping=True):
        if start and folded[start - 1].isalnum() and folded[start].isalnum():
            continue
        word_continues = end < length and folded[end].isalnum()
        for lexicon, is_prefix in owners[number]:
            last = end
            if is_prefix:
                while last < length and folded[last].isalnum():
                    last += 1
            elif word_continues and folded[end - 1].isalnum():
                continue
            found[lexicon].append((start, -last))
    return [list(_without_overlaps(matches)) for matches in found]


@cache
def _shared_automaton(count: int) -> tuple[AhoCorasick, list[list[tuple[int, bool]]]]:
    """The phrases of the first `count` lists; for each phrase its lists and whether it has a `*` there."""
    owners: dict[str, list[tuple[int, bool]]] = {}
    for number, lexicon in enumerate(_ALL_LEXICONS[:count]):
        for entry in lexicon.entries:
            owners.setdefault(entry.removesuffix("*"), []).append((number, entry.endswith("*")))
    return AhoCorasick(owners), list(owners.values())


def _without_overlaps(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Of (start, -end), yield those that do not overlap an earlier one, as (start, end)."""
    reached = 0
    for start, negative_end in sorted(found):
        if start >= reached:
            reached = -negative_end
            yield start, reached
