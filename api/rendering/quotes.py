"""The quote budget: how much of a story's own words is served, so that the service never replaces it."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import replace

from api.rendering.ranking import ranked
from schemas.assessments import AnsweredQuestion, Finding, KeyStat, LoadedTerm, Question, SpinVsSubstance
from schemas.claims import Claim
from schemas.spans import Span
from schemas.verdicts import Verdict

MAX_CHARACTERS: Final = 6_000
MAX_SHARE: Final = 0.5
_FEWEST: Final = 32  # characters in a sentence that are words of the text; fewer are a name or a phrase
_BETWEEN_SENTENCES: Final = re.compile(r"(?<=[.!?’”\"')\]]) ")
_ONE_LINE: Final = {ord(character): " " for character in "\n\t\u00a0"}
# Items that say a passage in a field of their own; the last four are nothing without its words.
_SPOKEN: Final = (Finding, LoadedTerm, Claim, KeyStat, SpinVsSubstance, Question, AnsweredQuestion)
_UNSAID: Final = "…"
_CONTEXT: Final = 32  # characters on each side of a quote, the most that a span has
_FEW: Final = (8, 16)  # the same, where they tell a quote from its like


def within_budget(verdict: Verdict, text: str) -> Verdict:
    """The verdict with at most half of the story, or 6,000 characters, in its words, wherever they stand.

    Each place of the text counts once. What stands outside the types is served first, and claims, then deck and
    frame, loaded terms and findings by their weight, the points of `tldr`, a few words around each finding
    (first where its like stands elsewhere too), then all else, last more words around quotes. Past the budget a
    span keeps its offsets and loses its words; a finding then loses its explanation's, as it does where these are
    too many by themselves; a term becomes `…`; a claim, a deck or a sentence that repeats or quotes the text
    becomes null, and items that are nothing without their words go.
    """
    budget = _Budget(text)
    weightiest = ranked(verdict.findings)
    outside = [finding for finding in weightiest if finding.type is None]
    for span in _spans([outside, verdict.claims]):
        budget.serves(span)
    for sentence in filter(None, (verdict.deck, verdict.frame)):
        budget.says(sentence)
    found = [span for span in _spans([verdict.loaded_terms, weightiest]) if budget.serves(span)]
    for sentence in verdict.tldr:
        budget.says(sentence)
    for span in sorted(found, key=lambda s: budget.is_unique(s.start, s.end)):
        budget.locate(span)
    served: Verdict = _limited(replace(verdict, summary=_summary(verdict, budget)), budget)
    for span in _spans([weightiest, served]):
        if budget.serves(span):
            budget.surround(span)
    narrowed: Verdict = _narrowed(served, budget)
    return narrowed


class _Budget:
    """Which characters of the text are served; what was decided of a place stays so."""

    def __init__(self, text: str) -> None:
        self._text = text.translate(_ONE_LINE)
        self._left = min(MAX_CHARACTERS, int(len(text) * MAX_SHARE))
        self._served = bytearray(len(text))
        self._quotes: dict[tuple[int, int], bool] = {}
        self._around: dict[tuple[int, int], int] = {}

    def serves(self, span: Span) -> bool:
        """Whether the words of the span may be served."""
        place = span.start, span.end
        if place not in self._quotes:
            self._quotes[place] = self._take([place])
        return self._quotes[place]

    def locate(self, span: Span) -> None:
        """Serve as few words around the span as tell it from its like."""
        if (span.start, span.end) not in self._around:
            self.surround(span, next((n for n in _FEW if self.is_unique(*_around(span, n))), _CONTEXT))

    def surround(self, span: Span, characters: int = _CONTEXT) -> None:
        """Serve so many characters on each side of the span, too."""
        if self._take([_around(span, characters)]):
            self._around[span.start, span.end] = characters

    def is_unique(self, start: int, end: int) -> bool:
        """Whether the words at [start, end) stand in the text once."""
        return self._text.count(self._text[start:end]) == 1

    def narrowed(self, span: Span) -> Span:
        """The span with the words around it that may be served."""
        around = self._around.get((span.start, span.end), 0)
        if not around:
            return replace(span, prefix=None, suffix=None)
        return replace(span, prefix=(span.prefix or "")[-around:], suffix=(span.suffix or "")[:around])

    def says(self, *sentences: str) -> bool:
        """Whether sentences may be served that are of the text, or quote it."""
        parts = [part for sentence in sentences for part in (sentence, *_quoted(sentence))]
        found = [(self._text.find(part), len(part)) for part in parts if len(part) >= _FEWEST]
        return self._take([(at, at + length) for at, length in found if at >= 0])

    def _take(self, places: Sequence[tuple[int, int]]) -> bool:
        """Take all of them or none."""
        taken: list[tuple[int, bytes]] = []
        cost = 0
        for start, end in places:
            before = bytes(self._served[start:end])
            taken.append((start, before))
            cost += before.count(0)
            self._served[start:end] = b"\1" * len(before)
        if cost <= self._left:
            self._left -= cost
            return True
        for start, before in reversed(taken):
            self._served[start : start + len(before)] = before
        return False


def _around(span: Span, characters: int) -> tuple[int, int]:
    """Where the span begins and ends with so many characters on each side, as far as it knows them."""
    before, after = len(span.prefix or ""), len(span.suffix or "")
    return span.start - min(characters, before), span.end + min(characters, after)


def _spans(item: Any) -> Iterator[Span]:
    """The spans in an item, at any depth."""
    if isinstance(item, Span):
        yield item
    elif isinstance(item, list):
        for part in item:
            yield from _spans(part)
    elif isinstance(item, Struct):
        for name in item.__struct_fields__:
            yield from _spans(getattr(item, name))


def _limited(item: Any, budget: _Budget) -> Any:
    """The item without words that may not be served; None where it is nothing without them."""
    if isinstance(item, Span):
        return item if budget.serves(item) else replace(item, quote=None, prefix=None, suffix=None)
    if isinstance(item, str):
        return item if budget.says(item) else None
    if isinstance(item, list):
        return [left for part in item if (left := _limited(part, budget)) is not None]
    if not isinstance(item, Struct):
        return item
    if isinstance(item, _SPOKEN) and not all(budget.serves(span) for span in _spans(item)):
        if isinstance(item, Finding):
            item = replace(item, explanation=item.label)
        elif isinstance(item, LoadedTerm):
            item = replace(item, term=_UNSAID)
        elif isinstance(item, Claim):
            item = replace(item, text=None)
        else:
            return None
    elif isinstance(item, Finding) and not budget.says(item.explanation):  # the ledger leads to it: it stays
        item = replace(item, explanation=item.label)
    new = {}
    for name in item.__struct_fields__:
        value = getattr(item, name)
        if isinstance(value, str | list | Struct):
            new[name] = _limited(value, budget)
            if new[name] is None and name not in _nullable(item.__class__):
                return None
    return replace(item, **new)


def _narrowed(item: Any, budget: _Budget) -> Any:
    """The item with words around its quotes only where they may be served."""
    if isinstance(item, Span):
        return item if item.quote is None else budget.narrowed(item)
    if isinstance(item, list):
        return [_narrowed(part, budget) for part in item]
    if not isinstance(item, Struct):
        return item
    parts = {name: getattr(item, name) for name in item.__struct_fields__}
    new = {name: _narrowed(part, budget) for name, part in parts.items() if isinstance(part, Struct | list)}
    return replace(item, **new) if new else item


@cache
def _nullable(kind: Any) -> frozenset[str]:
    """The fields that may be null."""
    return frozenset(name for name, hint in get_type_hints(kind).items() if type(None) in get_args(hint))


def _summary(verdict: Verdict, budget: _Budget) -> str | None:
    """The summary, which is made of sentences of the text; past the budget the shorter one instead."""
    if verdict.summary is None or budget.says(*_BETWEEN_SENTENCES.split(verdict.summary)):
        return verdict.summary
    return " ".join(sentence for sentence in verdict.tldr if budget.says(sentence)) or None


def _quoted(sentence: str) -> Iterator[str]:
    """What stands between typographic quotation marks and is long enough to count."""
    start = sentence.find("“")
    while start >= 0 and (end := sentence.find("”", start)) >= 0:
        if end - start > _FEWEST:
            yield sentence[start + 1 : end]
        start = sentence.find("“", end)
