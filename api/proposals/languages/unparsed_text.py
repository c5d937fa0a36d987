"""Reads an article in one of the languages: sentences and quotations by characters, without a parse.

Who speaks is not sought: only quotation marks tell a statement of somebody else (`speakers.py`).
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from api.analysis.text.article import MAX_CHARACTERS, Article
from api.analysis.text.document import LONG_WORD, Sentence, Text
from api.analysis.text.passages import numbers_in, role_at, voice_of_passage
from api.analysis.text.sentences import Stops, paragraphs, sentence_bounds
from api.analysis.text.signals import Measure, TaggedTerm
from api.proposals.languages.language import Language, language_named
from api.proposals.languages.quotation_marks import quotations_in
from schemas.enums import SpinType

# In French a space stands before the closing mark: "[...] à l’heure. » Puis [...]", "« Stop ! », dit-elle".
_END: Final = re.compile(r"(?<![.!?…])[.!?…]++(?:[\"'”’“‘»«›‹)\]]{1,3}|[^\S\n][»›])?(?=\s)(?!\s[»›](?!\w))")
_OPENING: Final = "\"'“‘«([„‚»‹›¿¡”"
_LONG: Final = re.compile(rf"[^\W\d_]{{{LONG_WORD},}}")
_WORD: Final = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True, kw_only=True)
class UnparsedText(Text):
    """A text with sentences and quotations. No model reads it, so nothing is known of its words."""

    language: Language

    @property
    def tagged(self) -> list[TaggedTerm]:
        """None: no tagger reads the language."""
        return []

    def type_at(self, start: int) -> SpinType:
        """Unused: there are no tagged terms."""
        return SpinType.HYPE

    def names(self) -> list[tuple[int, int]]:
        """Unused: no names are told from other words."""
        return []

    def long_words(self) -> list[tuple[int, int]]:
        return [match.span() for match in _LONG.finditer(self.text, 0, MAX_CHARACTERS)]

    def content_words(self, sentence: Sentence) -> tuple[str, ...]:
        """All words but the most frequent ones, in lower case."""
        found = (word.lower() for word in _WORD.findall(sentence.text))
        return tuple(word for word in found if word not in self.language.empty)

    def is_finite(self, sentence: Sentence) -> bool:
        """True: verbs are not known."""
        return True

    def modified(self, start: int, end: int) -> tuple[int, int]:
        return start, end

    def relayed_voice(self, start: int, end: int) -> str:
        """`unnamed speaker` in a quoted statement, else `document`."""
        return self.voice_at(start, end)

    def main_voice(self, sentence: Sentence) -> str:
        return sentence.voice

    @property
    def known_words(self) -> frozenset[str]:
        """None: no model reads the language."""
        return frozenset()

    def model_measures(self) -> list[Measure]:
        """None: no model reads the language."""
        return []


def read_unparsed(article: Article) -> UnparsedText:
    """Read one article in a language of `LANGUAGES`. Never raises on any text."""
    language = language_named(article.language or "")
    stops = Stops(never=language.abbreviations, ordinals=language.ordinals, end=_END, opening=_OPENING)
    text = article.text[:MAX_CHARACTERS]
    body_start = min(article.body_start, len(text))
    bounds, was_split = sentence_bounds(text, body_start, stops)
    quotations = quotations_in(text, paragraphs(text, body_start))
    starts = [quotation.start for quotation in quotations]
    sentence_starts = [start for start, _ in bounds]
    first_of_body = bisect_left(sentence_starts, body_start)
    sentences = tuple(
        Sentence(
            index=index,
            start=start,
            end=end,
            text=text[start:end],
            role=role_at(index - first_of_body),
            voice=voice_of_passage(quotations, starts, start, end)[0],
            attributed_to=None,
            negated=False,
            hedges=(),
            numbers=tuple(numbers_in(text, start, end)),
        )
        for index, (start, end) in enumerate(bounds)
    )
    return UnparsedText(
        article=article,
        sentences=sentences,
        quotations=tuple(quotations),
        was_split=was_split,
        _starts=sentence_starts,
        language=language,
    )
