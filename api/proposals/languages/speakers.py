"""Checks who speaks in a text that was not parsed: only quotation marks tell that somebody else does.

Words in a quoted statement belong to the speaker whom the answer names, if the name stands outside quotation
marks in the same sentence or one beside it, else to an unnamed speaker. Elsewhere the answer's speaker counts on
the same condition.
"""

import re
from collections.abc import Sequence
from typing import Final

from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Quotation, Sentence
from api.proposals.drops import DropReason
from api.proposals.languages.quotation_marks import unquoted
from api.proposals.languages.unparsed_text import UnparsedText
from api.proposals.quotes import Place
from api.proposals.text_checks import GivenVoice

MAX_NAME: Final = 80  # characters
_TELLING: Final = 3  # letters of a telling word of a name
_SHARED: Final = 4  # letters by which two forms of a word are one
_WORD: Final = re.compile(r"[^\W\d_]+")


def voice_of(document: UnparsedText, place: Place, said: str) -> str | DropReason:
    """The voice of a place that the answer gives to `said` ("" or `document` for the text's own).

    A name is published as the text writes it.
    """
    given = " ".join(said.split())
    voice = document.voice_at(place.start, place.end)
    if given.lower() in ("", DOCUMENT_VOICE) or (given.lower() == UNNAMED_VOICE and voice == UNNAMED_VOICE):
        return voice
    named = _name_nearby(document, place, given)
    return named or (voice if voice == UNNAMED_VOICE else DropReason.WRONG_SPEAKER)


def lacks_speaker(
    document: UnparsedText,
    given: Sequence[GivenVoice],
    text: str,
    sentences: Sequence[Sentence],
    places: Sequence[Place],
    saying: re.Pattern[str],
    *,
    of_text: bool,
) -> bool:
    """Whether a written sentence hides that somebody else says it.

    It rests on `sentences` and quotes `places`. Each speaker whom it quotes must be named; if all its sentences
    are reported, one of their speakers, unless it is a sentence on the text (`of_text`). For an unnamed speaker a
    word of saying is enough. `given` are the voices of the judgement.
    """
    quoted = [_voice_at(document, given, place.start, place.end) for place in places]
    if not all(_is_attributed(voice, text, saying) for voice in quoted):
        return True
    voices = [_voice_of_sentence(document, given, sentence) for sentence in sentences]
    if of_text or not voices or DOCUMENT_VOICE in voices:
        return False
    return not any(_is_attributed(voice, text, saying) for voice in voices)


def _voice_of_sentence(document: UnparsedText, given: Sequence[GivenVoice], sentence: Sentence) -> str:
    """As `_voice_at`; a sentence that quotes a statement beside a word of saying reports it, however short."""
    voice = _voice_at(document, given, sentence.start, sentence.end)
    if voice == DOCUMENT_VOICE and document.language.saying.search(unquoted(sentence.text)):
        for quotation in document.quotations:
            if quotation.statement and _overlaps(quotation, sentence.start, sentence.end):
                return _voice_at(document, given, quotation.start, quotation.end)
    return voice


def _voice_at(document: UnparsedText, given: Sequence[GivenVoice], start: int, end: int) -> str:
    """The voice that the judgement gives to the quotation, or to most of the place; else that of its marks."""
    quotation = document.quotation_at(start, end)
    if quotation is not None and quotation.statement:
        named = (voice for low, high, voice in given if _overlaps(quotation, low, high) and _is_name(voice))
        return next(named, UNNAMED_VOICE)
    for low, high, voice in given:
        if _is_name(voice) and 2 * (min(end, high) - max(start, low)) > end - start:
            return voice
    return document.voice_at(start, end)


def _overlaps(quotation: Quotation, start: int, end: int) -> bool:
    return start < quotation.end and quotation.start < end


def _is_name(voice: str) -> bool:
    return voice not in (DOCUMENT_VOICE, UNNAMED_VOICE)


def _is_attributed(voice: str, text: str, saying: re.Pattern[str]) -> bool:
    if voice == DOCUMENT_VOICE:
        return True
    if not _is_name(voice):
        return saying.search(text) is not None
    return bool(_telling(voice) & _telling(text))


def _telling(text: str) -> frozenset[str]:
    """The beginnings of words of at least three letters: forms of a name differ at the end."""
    return frozenset(word[:_SHARED].lower() for word in _WORD.findall(text) if len(word) >= _TELLING)


def _name_nearby(document: UnparsedText, place: Place, name: str) -> str | None:
    """The name as the text writes it outside quotations, in the place's sentence or one beside it; else None."""
    if not 0 < len(name) <= MAX_NAME or not any(map(str.isupper, name)):
        return None
    index = document.sentence_at(place.start).index
    around = document.sentences[max(0, index - 1) : index + 2]
    words = r"\s+".join(map(re.escape, name.split()))
    pattern = re.compile(rf"(?<!\w){words}(?!\w)")
    for match in pattern.finditer(document.text, around[0].start, around[-1].end):
        if document.quotation_at(match.start(), match.end()) is None:
            return " ".join(match.group().split())
    return None
