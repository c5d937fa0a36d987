"""The quote budget: it limits a story's served words, so that the service never replaces the story."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, TypeVar, get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import replace

from api.rendering.ranking import ranked
from schemas.assessments import AnsweredQuestion, Finding, KeyStat, LoadedTerm, Question, SpinVsSubstance
from schemas.claims import Claim
from schemas.spans import Span
from schemas.verdicts import Verdict

Item = TypeVar("Item")
MAX_CHARACTERS: Final = 6_000
MAX_SHARE: Final = 0.5
_FEWEST: Final = 32  # characters; shorter matches with the text are names or phrases
_BETWEEN_SENTENCES: Final = re.compile(r"(?<=[.!?’”\"')\]]) ")
_ONE_LINE: Final = {ord(character): " " for character in "\n\t\u00a0"}
# Items that repeat a passage in a field; the last four are useless without its words.
_QUOTING: Final = (Finding, LoadedTerm, Claim, KeyStat, SpinVsSubstance, Question, AnsweredQuestion)
_OMITTED: Final = "…"
_CONTEXT: Final = 32  # characters on each side of a quote, the maximum of a span
_FEW: Final = (8, 16)  # the same, if they make a quote unique


def within_budget(verdict: Verdict, text: str) -> Verdict:
    """The verdict with at most half of the story's characters, or 6,000, anywhere in it.

    Each place of the text counts once. Order of precedence: findings without a type, the news, claims, deck and
    frame, loaded terms, findings by weight, `tldr`, a few words around each finding (ambiguous quotes first), all
    else, more words around quotes. Beyond the budget a span keeps its offsets without words, a finding's
    explanation is replaced by its label, a term by `…`, and claims, decks and sentences that repeat or quote the
    text by null.
    Items that are useless without their words are removed.
    """
    budget = _Budget(text)
    weightiest = ranked(verdict)
    outside = [finding for finding in weightiest if finding.type is None]
    for span in _spans([outside, verdict.happening, verdict.claims]):
        budget.serve(span)
    for sentence in filter(None, (verdict.deck, verdict.frame)):
        budget.serve_sentences(sentence)
    found = [span for span in _spans([verdict.loaded_terms, weightiest]) if budget.serve(span)]
    for sentence in verdict.tldr:
        budget.serve_sentences(sentence)
    for span in sorted(found, key=lambda s: budget.is_unique(s.start, s.end)):
        budget.locate(span)
    served: Verdict = _limited(replace(verdict, summary=_summary(verdict, budget)), budget)
    for span in _spans([weightiest, served]):
        if budget.serve(span):
            budget.surround(span)
    narrowed: Verdict = _narrowed(served, budget)
    return narrowed


def within_rest(item: Item, verdict: Verdict, text: str) -> Item:
    """The item, with words of the text only within what the served verdict leaves of its budget."""
    budget = _Budget(text)
    for span in _spans(verdict):
        if span.quote is not None:
            budget.serve(span)
            budget.surround(span)
    for sentence in _sentences(verdict):
        budget.serve_sentences(sentence)
    for span in _spans(item):
        if budget.serve(span):
            budget.surround(span)
    narrowed: Item = _narrowed(_limited(item, budget), budget)
    return narrowed


class _Budget:
    """Tracks the served characters of the text. A decision on a place is final."""

    def __init__(self, text: str) -> None:
        self._text = text.translate(_ONE_LINE)
        self._left = min(MAX_CHARACTERS, int(len(text) * MAX_SHARE))
        self._served = bytearray(len(text))
        self._quotes: dict[tuple[int, int], bool] = {}
        self._around: dict[tuple[int, int], int] = {}

    def serve(self, span: Span) -> bool:
        """Whether the span's words may be served."""
        place = span.start, span.end
        if place not in self._quotes:
            self._quotes[place] = self._take([place])
        return self._quotes[place]

    def locate(self, span: Span) -> None:
        """Serve the fewest words around the span that make it unique."""
        if (span.start, span.end) not in self._around:
            self.surround(span, next((n for n in _FEW if self.is_unique(*_around(span, n))), _CONTEXT))

    def surround(self, span: Span, characters: int = _CONTEXT) -> None:
        """Also serve `characters` on each side of the span."""
        if self._take([_around(span, characters)]):
            self._around[span.start, span.end] = characters

    def is_unique(self, start: int, end: int) -> bool:
        """Whether the words at [start, end) occur only once."""
        return self._text.count(self._text[start:end]) == 1

    def narrowed(self, span: Span) -> Span:
        """The span with the context that may be served."""
        around = self._around.get((span.start, span.end), 0)
        if not around:
            return replace(span, prefix=None, suffix=None)
        return replace(span, prefix=(span.prefix or "")[-around:], suffix=(span.suffix or "")[:around])

    def serve_sentences(self, *sentences: str) -> bool:
        """Whether sentences that repeat or quote the text may be served."""
        parts = [part for sentence in sentences for part in (sentence, *_quoted(sentence))]
        found = [(self._text.find(part), len(part)) for part in parts if len(part) >= _FEWEST]
        return self._take([(at, at + length) for at, length in found if at >= 0])

    def _take(self, places: Sequence[tuple[int, int]]) -> bool:
        """Serve all places or none."""
        previous: list[tuple[int, bytes]] = []
        cost = 0
        for start, end in places:
            before = bytes(self._served[start:end])
            previous.append((start, before))
            cost += before.count(0)
            self._served[start:end] = b"\1" * len(before)
        if cost <= self._left:
            self._left -= cost
            return True
        for start, before in reversed(previous):
            self._served[start : start + len(before)] = before
        return False


def _around(span: Span, characters: int) -> tuple[int, int]:
    """Start and end of the span with up to `characters` of context on each side."""
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


def _sentences(item: Any) -> Iterator[str]:
    """The strings in an item outside its spans, at any depth."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, list):
        for part in item:
            yield from _sentences(part)
    elif isinstance(item, Struct) and not isinstance(item, Span):
        for name in item.__struct_fields__:
            yield from _sentences(getattr(item, name))


def _limited(item: Any, budget: _Budget) -> Any:
    """The item without words beyond the budget; None if it is useless without them."""
    if isinstance(item, Span):
        return item if budget.serve(item) else replace(item, quote=None, prefix=None, suffix=None)
    if isinstance(item, str):
        return item if budget.serve_sentences(item) else None
    if isinstance(item, list):
        return [left for part in item if (left := _limited(part, budget)) is not None]
    if not isinstance(item, Struct):
        return item
    if isinstance(item, _QUOTING) and not all(budget.serve(span) for span in _spans(item)):
        if isinstance(item, Finding):
            item = replace(item, explanation=item.label)
        elif isinstance(item, LoadedTerm):
            item = replace(item, term=_OMITTED)
        elif isinstance(item, Claim):
            item = replace(item, text=None)
        else:
            return None
    elif isinstance(item, Finding) and not budget.serve_sentences(
        item.explanation
    ):  # must stay: the ledger refers to it
        item = replace(item, explanation=item.label)
    new = {}
    for name in item.__struct_fields__:
        value = getattr(item, name)
        if isinstance(value, str | list | Struct):
            new[name] = _limited(value, budget)
            if new[name] is None and name == "voice" and isinstance(value, str):  # items keep their speaker
                new[name] = _short_name(value)
            if new[name] is None and name not in _nullable(item.__class__):
                return None
    return replace(item, **new)


def _short_name(name: str) -> str:
    """The first words of a long name, too few to count as a passage of the text."""
    return name[: _FEWEST - 1].rpartition(" ")[0] + _OMITTED


def _narrowed(item: Any, budget: _Budget) -> Any:
    """The item with the context of its quotes limited to the budget."""
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
    """The summary, which consists of sentences of the text; beyond the budget `tldr` instead."""
    if verdict.summary is None or budget.serve_sentences(*_BETWEEN_SENTENCES.split(verdict.summary)):
        return verdict.summary
    return " ".join(sentence for sentence in verdict.tldr if budget.serve_sentences(sentence)) or None


def _quoted(sentence: str) -> Iterator[str]:
    """Passages in typographic quotation marks that are long enough to count."""
    start = sentence.find("“")
    while start >= 0 and (end := sentence.find("”", start)) >= 0:
        if end - start > _FEWEST:
            yield sentence[start + 1 : end]
        start = sentence.find("“", end)
