"""Word lists: the phrases of all are found in a document's folded text in one pass, at word boundaries."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property

from ahocorasick_rs import AhoCorasick

from api.analysis.text.document import Sentence, Text


def words(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a list written one a line or parted by semicolons."""
    parts = (" ".join(part.split()) for part in text.replace("\n", ";").split(";"))
    return tuple(dict.fromkeys(part for part in parts if part))


class Lexicon:
    """Lower-case phrases. One that ends in `*` matches to the end of the word ("streamlin*").

    The longest phrase wins where several begin at one place; matches do not overlap.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries = tuple(entries)
        self._number = len(_EVERY)
        _EVERY.append(self)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick([entry.removesuffix("*") for entry in self.entries])

    def places(self, document: Text) -> Iterator[tuple[int, int]]:
        """The (start, end) of every match in the order of the text. Linear in the text."""
        known = document.once(_phrases)
        # a list that was made after the text was looked through looks for itself
        return iter(known[self._number]) if self._number < len(known) else self.within(document.folded)

    def by_sentence(self, document: Text) -> Iterator[tuple[Sentence, str]]:
        """Every match with the sentence that holds it whole, and its words."""
        folded = document.folded
        for start, end in self.places(document):
            sentence = document.sentence_at(start)
            if end <= sentence.end:
                yield sentence, folded[start:end]

    def within(self, folded: str) -> Iterator[tuple[int, int]]:
        """The same for a text in lower case."""
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
        yield from _apart(found)


_EVERY: list[Lexicon] = []  # in the order of their making; what is imported makes them


def _phrases(document: Text) -> Sequence[list[tuple[int, int]]]:
    return phrases_in(document.folded)


def phrases_in(folded: str) -> Sequence[list[tuple[int, int]]]:
    """For each word list that there is, by its number, what `within` gives of a text in lower case."""
    automaton, owners = _together(len(_EVERY))
    found: list[list[tuple[int, int]]] = [[] for _ in _EVERY]
    length = len(folded)
    for number, start, end in automaton.find_matches_as_indexes(folded, overlapping=True):
        if start and folded[start - 1].isalnum() and folded[start].isalnum():
            continue
        goes_on = end < length and folded[end].isalnum()
        for lexicon, stretches in owners[number]:
            last = end
            if stretches:
                while last < length and folded[last].isalnum():
                    last += 1
            elif goes_on and folded[end - 1].isalnum():
                continue
            found[lexicon].append((start, -last))
    return [list(_apart(one)) for one in found]


@cache
def _together(many: int) -> tuple[AhoCorasick, list[list[tuple[int, bool]]]]:
    """The phrases of the first so many lists, and of each the lists that it stands in, with or without `*`."""
    owners: dict[str, list[tuple[int, bool]]] = {}
    for number, lexicon in enumerate(_EVERY[:many]):
        for entry in lexicon.entries:
            owners.setdefault(entry.removesuffix("*"), []).append((number, entry.endswith("*")))
    return AhoCorasick(owners), list(owners.values())


def _apart(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Of (start, -end) those that do not overlap one before, as (start, end)."""
    reached = 0
    for start, negative_end in sorted(found):
        if start >= reached:
            reached = -negative_end
            yield start, reached
