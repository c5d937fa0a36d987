"""A tokenised text without a parse."""

import re
from dataclasses import dataclass
from functools import cached_property

from api.analysis.parsing.speaker_names import can_speak, is_somebody
from api.analysis.text.article import MAX_CHARACTERS
from api.analysis.text.document import DOCUMENT_VOICE, LONG_WORD, Sentence, Text
from api.analysis.text.lexicon import words

# a name that does not open a sentence; a year
_NAMED = re.compile(
    r"(?<=[\w,;:’'\")] )[A-Z][\w'’&-]{1,30}(?: (?:of |the |and )?[A-Z][\w'’&-]{0,30}){0,5}"
    r"|\b(?:19|20)\d\d\b"
)
_LONG = re.compile(rf"[^\W\d_]{{{LONG_WORD},}}")
_FINITE = words(
    "is are was were am be been has have had does do did will would can could may might must should "
    "shall isn't aren't wasn't weren't won't can't don't doesn't didn't it's that's there's we're "
    "they're you're i'm we've said says told made makes took takes came comes went goes gave gives got "
    "gets found finds became becomes began begins held holds kept keeps led leads left leaves lost "
    "loses met meets paid pays put ran runs saw sees sent sends set shows showed stood stands thought "
    "thinks won wins wrote writes rose rises fell falls grew grows know knows need needs want wants use "
    "uses work works help helps mean means say see think plan plans expect expects remain remains "
    "include includes provide provides offer offers allow allows let lets bring brings"
)
_EMPTY = words(
    "the a an and or but nor so yet if then than that this these those there here it its he she his her "
    "him they them their we our us you your i my me who whom whose which what when where why how to of "
    "in on at by for with from as into over under about after before between during through against is "
    "are was were be been being am has have had do does did will would can could may might must should "
    "shall not no only also just more most such own same other some any each all both few many much "
    "very too up out off down again further once said says"
)


@dataclass(frozen=True, kw_only=True)
class Skimmed(Text):
    """A tokenised text. `first` and `last` of a sentence index `words`.

    `words` are in lower case and include numbers and marks; `places` are their (start, end).
    """

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    def names(self) -> list[tuple[int, int]]:
        return [match.span() for match in _NAMED.finditer(self.text, self.article.body_start, MAX_CHARACTERS)]

    def long_words(self) -> list[tuple[int, int]]:
        return [match.span() for match in _LONG.finditer(self.text, 0, MAX_CHARACTERS)]

    def content_words(self, sentence: Sentence) -> tuple[str, ...]:
        """Words that are not function words, without a plural's s."""
        return tuple(
            word.removesuffix("s")
            for word in self.words[sentence.first : sentence.last]
            if word[0].isalnum() and len(word) > 1 and word not in _EMPTY
        )

    def is_finite(self, sentence: Sentence) -> bool:
        return self._finite[sentence.index]

    @cached_property
    def _finite(self) -> list[bool]:
        found = [word in _FINITE or (word.endswith("ed") and len(word) > 3) for word in self.words]
        return [any(found[s.first : s.last]) for s in self.sentences]

    def modified(self, start: int, end: int) -> tuple[int, int]:
        """The word itself: finding what it modifies needs a parse."""
        return start, end

    def relayed_voice(self, start: int, end: int) -> str:
        voice = self.voice_at(start, end)
        source = self.sentence_at(start).attributed_to
        if voice == DOCUMENT_VOICE and source and is_somebody(source) and can_speak(source):
            return source
        return voice

    def main_voice(self, sentence: Sentence) -> str:
        return self.relayed_voice(sentence.start, sentence.end)
