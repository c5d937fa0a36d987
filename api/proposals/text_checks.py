"""The checks of answers about one text that depend on its language, and those of English texts.

Everything else is equal for all languages: quotes, closed lists, lengths, counts.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Final, TypeAlias

from msgspec.structs import replace

from api.analysis.content.grounding import Grounding
from api.analysis.text.document import Document, Sentence, Text
from api.proposals.answers import ProposedOmission
from api.proposals.drops import DropReason
from api.proposals.omission_checks import checked_omission, checked_party, open_items, open_parties
from api.proposals.overstatements import Manner, overstates
from api.proposals.published_omissions import published_omission
from api.proposals.quotes import Place, QuoteFinder
from api.proposals.sentence_checks import SentenceCheck
from api.proposals.speakers import lacks_speaker, names_wrong_speaker, voice_of
from schemas.assessments import Happening, Omission

# A voice that the judgement gives to characters [start, end).
GivenVoice: TypeAlias = tuple[int, int, str]
_QUOTE: Final = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_FIGURE: Final = re.compile(r"(?<![\w.])\d+(?:[.,:]\d+)*(?!\w)")


class TextChecks(ABC):
    """The checks against one text; for the methods see the functions that `EnglishChecks` calls."""

    document: Text

    @abstractmethod
    def fault(self, sentence: str, limit: int, *, lenient: bool = False) -> DropReason | None:
        """Why a written sentence cannot be published; None if it can.

        `lenient`: no request has the sentence, so a name may differ in form from the text's.
        """

    @abstractmethod
    def has_numbers_beyond(self, text: str, sentences: Sequence[Sentence]) -> bool:
        """Whether a number in figures is neither in these sentences nor in the record."""

    @abstractmethod
    def quoted(self, text: str) -> list[str]:
        """The words between quotation marks in a written sentence."""

    @abstractmethod
    def voice_of(self, place: Place, said: str) -> str | DropReason:
        """The voice of a place that the answer gives to `said`."""

    @abstractmethod
    def lacks_speaker(
        self, text: str, sentences: Sequence[Sentence], places: Sequence[Place], *, of_text: bool = False
    ) -> bool:
        """Whether a written sentence hides that somebody else says it."""

    @abstractmethod
    def overstates(self, text: str, sentences: Sequence[Sentence], manner: Manner) -> bool:
        """Whether a written sentence says more than these sentences or the text."""

    @abstractmethod
    def names_wrong_speaker(self, text: str, sentences: Sequence[Sentence]) -> bool:
        """Whether a written sentence gives the words of these sentences to another speaker of the text."""

    @abstractmethod
    def open_items(self) -> list[str]:
        """The items of the question table of which the text has no trace, as far as that can be searched."""

    @abstractmethod
    def open_parties(self) -> list[str]:
        """The parties that do not speak in the text, as far as that can be told."""

    @abstractmethod
    def omission(
        self, happening: Happening | None, proposed: ProposedOmission, finder: QuoteFinder
    ) -> Omission | DropReason:
        """The omission as the second call reads it."""

    @abstractmethod
    def published(self, happening: Happening | None, omission: Omission) -> Omission | DropReason:
        """A checked omission as it is published."""

    @abstractmethod
    def party(self, code: str) -> DropReason | None:
        """Why a party does not count as missing; None if it does."""


class EnglishChecks(TextChecks):
    """With the patterns, the parse and the speakers of the rules."""

    def __init__(self, document: Document) -> None:
        self.document: Document = document

    @cached_property
    def _sentences(self) -> SentenceCheck:
        return SentenceCheck(self.document.article, self.document.known_words)

    def fault(self, sentence: str, limit: int, *, lenient: bool = False) -> DropReason | None:
        return self._sentences.fault(sentence, limit, lenient=lenient)

    def has_numbers_beyond(self, text: str, sentences: Sequence[Sentence]) -> bool:
        words = "\n".join(sentence.text for sentence in sentences)
        near = Grounding(replace(self.document.article, text=words, title="", body_start=0))
        figures = {match.replace(",", "") for match in _FIGURE.findall(text)}
        return any(missing in figures for missing in near.ungrounded(text))

    def quoted(self, text: str) -> list[str]:
        return _QUOTE.findall(text)

    def voice_of(self, place: Place, said: str) -> str | DropReason:
        return voice_of(self.document, place, said)

    def lacks_speaker(
        self, text: str, sentences: Sequence[Sentence], places: Sequence[Place], *, of_text: bool = False
    ) -> bool:
        return lacks_speaker(self.document, text, list(sentences), list(places), of_text=of_text)

    def overstates(self, text: str, sentences: Sequence[Sentence], manner: Manner) -> bool:
        return overstates(text, [sentence.text for sentence in sentences], self.document.text, manner)

    def names_wrong_speaker(self, text: str, sentences: Sequence[Sentence]) -> bool:
        return names_wrong_speaker(self.document, text, list(sentences))

    def open_items(self) -> list[str]:
        return open_items(self.document)

    def open_parties(self) -> list[str]:
        return open_parties(self.document)

    def omission(
        self, happening: Happening | None, proposed: ProposedOmission, finder: QuoteFinder
    ) -> Omission | DropReason:
        return checked_omission(self.document, happening, proposed, finder, self._sentences)

    def published(self, happening: Happening | None, omission: Omission) -> Omission | DropReason:
        return published_omission(self.document, happening, omission)

    def party(self, code: str) -> DropReason | None:
        return checked_party(self.document, code)
