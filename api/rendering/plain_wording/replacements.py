"""The replacements for a verdict's loaded terms.

They quote only what the served verdict quotes, so they need nothing of its quote budget: a replacement consists
of words of its quote and of the lexicon. Of neighbouring places one is changed, so that any selection of
replacements leaves the sentence whole.

They are made and stored when they are first read, a few milliseconds a story, from the spans and the text. In a
publication they would be part of the assessment: verdicts of older engines would lack them, and each word added
to the lexicon would make another engine. A parse would allow more of them, but the processes that answer requests
load no parser, and a job to wait for is too much for a list of words.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Final

from api.rendering.plain_wording.edits import Article, Line, applied
from api.rendering.plain_wording.lexicon import lexicon, words_of
from api.rendering.plain_wording.quoted import quoted_places
from schemas.enums import Writer
from schemas.plain_wording import PlainWording, Replacement
from schemas.spans import Span
from schemas.verdicts import Verdict

# The quotes, numbers and names of a sentence that the article lacks.
Ungrounded = Callable[[str], Sequence[str]]

LANGUAGES: Final = frozenset({"en", None})  # None: unknown
OWN_VOICE: Final = "document"
MAX_PLAIN: Final = 300  # characters, as in a quote
_NEAR: Final = 300  # characters, beyond which words need not be counted
_WORDS_BETWEEN: Final = 2  # unchanged words between two replacements


def build_plain_wording(verdict: Verdict, found: list[Replacement]) -> PlainWording:
    """The answer for a served verdict and its replacements."""
    return PlainWording(
        verdict_id=verdict.id or "",
        story_id=verdict.story_id or "",
        version=verdict.version or 0,
        text_sha256=verdict.text_sha256,
        loaded=sum(len(term.spans) for term in verdict.loaded_terms),
        data=found,
    )


def find_replacements(
    verdict: Verdict, text: str, ungrounded: Ungrounded, article: Article
) -> list[Replacement]:
    """The replacements for a served verdict on an English text, in text order."""
    places = [
        (span, f"/loaded_terms/{number}/spans/{place}")
        for number, term in enumerate(verdict.loaded_terms)
        if term.voice == OWN_VOICE
        for place, span in enumerate(term.spans)
    ]
    rewording = _Rewording(text, ungrounded, article)
    ordered = sorted(places, key=lambda place: (place[0].start, -place[0].end))
    return [found for span, pointer in ordered if (found := rewording.replacement(span, pointer)) is not None]


def replaced(text: str, start: int, end: int, plain: str | None) -> str:
    """The text with one replacement made as the contract says."""
    if plain is None:
        if text[end : end + 1] == " ":
            end += 1
        elif text[start - 1 : start] == " ":
            start -= 1
    return text[:start] + (plain or "") + text[end:]


class _Rewording:
    def __init__(self, text: str, ungrounded: Ungrounded, article: Article) -> None:
        self._text, self._ungrounded, self._article = text, ungrounded, article
        self._quoted = quoted_places(text)
        self._lines: dict[int, Line] = {}
        self._reached = 0  # the end of the last replacement

    def replacement(self, span: Span, pointer: str) -> Replacement | None:
        """The replacement at a span that begins no earlier than those before; None if there is none."""
        start, end = span.start, span.end
        if span.quote is None or self._is_quoted(start, end) or "\n" in span.quote:
            return None
        if self._is_neighbour(start):
            return None
        line = self._line(start)
        edits = line.edits(start, end)
        plain = applied(self._text, start, end, edits) or None
        if not edits or not self._is_sound(line, start, end, plain):
            return None
        self._reached = end
        largest = max(edits, key=lambda edit: edit.end - edit.start)
        return Replacement(
            start=start,
            end=end,
            quote=span.quote,
            prefix=span.prefix,
            suffix=span.suffix,
            pointer=pointer,
            plain=plain,
            reason=largest.reason,
            written_by=Writer.RULES,
        )

    def _line(self, place: int) -> Line:
        start = self._text.rfind("\n", 0, place) + 1
        if start not in self._lines:
            end = self._text.find("\n", start)
            end = len(self._text) if end < 0 else end
            self._lines[start] = Line(self._text, start, end, lexicon(), self._article)
        return self._lines[start]

    def _is_quoted(self, start: int, end: int) -> bool:
        at = bisect_left(self._quoted, end, key=itemgetter(0))
        return at > 0 and self._quoted[at - 1][1] > start

    def _is_neighbour(self, start: int) -> bool:
        """Whether few words are between the last replacement and a place."""
        if not self._reached or start > self._reached + _NEAR:
            return False
        return len(words_of(self._text, self._reached, start)) < _WORDS_BETWEEN

    def _is_sound(self, line: Line, start: int, end: int, plain: str | None) -> bool:
        """Whether the sentence with the replacement is whole, and says nothing that the article lacks."""
        first, last = line.sentence(start, end)
        before = self._text[first:last]
        after = replaced(before, start - first, end - first, plain)
        return (
            len(plain or "") <= MAX_PLAIN
            and _doubled(after) <= _doubled(before)
            and not self._ungrounded(after)
        )


def _doubled(sentence: str) -> int:
    """The number of words that stand twice in a row."""
    words = [word.folded for word in words_of(sentence, 0, len(sentence))]
    return sum(one == two for one, two in pairwise(words))
