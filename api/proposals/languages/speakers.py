"""Checks who speaks in a text that was not parsed: only quotation marks tell that somebody else does.

Words in a quoted statement belong to the speaker whom the answer names, if the name stands outside quotation
marks nearby, else to an unnamed speaker. Elsewhere the answer's speaker counts on the same condition. Limit: of
two speakers beside each other the wrong one passes.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Quotation, Sentence
from api.proposals.drops import DropReason
from api.proposals.languages.language import Language
from api.proposals.languages.name_forms import is_form
from api.proposals.languages.quotation_marks import unquoted
from api.proposals.languages.unparsed_text import UnparsedText
from api.proposals.quotes import Place
from api.proposals.text_checks import GivenVoice

MAX_NAME: Final = 80  # characters
_TELLING: Final = 3  # letters of a telling word of a name
_BEFORE: Final = 3  # sentences in which a speaker is looked for
_SHARED: Final = 4  # letters by which two forms of a word are one
_ARTICLES: Final = frozenset({"der", "die", "das"})  # where nouns have capitals
_WORD: Final = re.compile(r"[^\W\d_]+")
_INNER_CAPITAL: Final = re.compile(r"(?<=[\w,;:.] )[^\W\d_a-zà-ÿ]\w")
_TOKEN: Final = re.compile(r"\w(?:[\w’'.-]*\w)?")


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
    are reported, one of their speakers, unless it is a sentence on the text (`of_text`). For a speaker without a
    name a word of saying is enough beside no other speaker. Nobody may be named who speaks elsewhere only.
    `given` are the voices of the judgement.
    """
    quoted = [_voice_at(document, given, place.start, place.end) for place in places]
    voices = [_voice_of_sentence(document, given, sentence) for sentence in sentences]
    nearby = _telling(" ".join(unquoted(sentence.text) for sentence in sentences))
    others = _telling_of(voice for *_, voice in given) - _telling_of([*quoted, *voices]) - nearby
    names = _telling(text)

    def is_attributed(voice: str) -> bool:
        if voice == DOCUMENT_VOICE or (_is_name(voice) and _telling_of([voice]) & names):
            return True
        has_name = _is_name(voice) and not _is_title(voice, document.language)
        return not has_name and saying.search(text) is not None and not others & names

    rests_on = [*quoted, *voices, *(sentence.text for sentence in sentences)]
    rests_on += [v for low, high, v in given if any(low < s.end and s.start < high for s in sentences)]
    if not all(map(is_attributed, quoted)) or _names_another(document, given, unquoted(text), rests_on):
        return True
    if of_text or not voices or DOCUMENT_VOICE in voices:
        return False
    return not any(map(is_attributed, voices))


def _names_another(
    document: UnparsedText, given: Sequence[GivenVoice], text: str, rests_on: Sequence[str]
) -> bool:
    """Whether a sentence names, by the last name, a speaker of the judgement whom nothing in `rests_on` names."""
    known = set(_TOKEN.findall(" ".join(rests_on).lower()))
    here = set(_TOKEN.findall(text.lower()))
    endings = document.language.endings
    return any(
        any(is_form(name, word, endings) for word in here)
        and not any(is_form(name, word, endings) for word in known)
        for name in {_last_name(voice) for *_, voice in given if _is_name(voice)} - {""}
    )


def _last_name(voice: str) -> str:
    """The last word, in lower case, of a name of several words that begin with capitals; "" for other voices."""
    first, *others = voice.split()
    is_full = bool(others) and all(word[0].isupper() for word in (first, others[-1]))
    return others[-1].lower() if is_full and first.lower() not in _ARTICLES else ""


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


def _is_title(voice: str, language: Language) -> bool:
    """Whether a voice has words for its office and no name, as "the company"."""
    _, *others = voice.split()
    return bool(others) and not language.nouns_have_capitals and not any(map(str.isupper, "".join(others)))


def _telling_of(voices: Iterable[str]) -> frozenset[str]:
    """The stems of names; words as short as an article count only where a name has no other."""
    found: set[str] = set()
    for voice in filter(_is_name, voices):
        stems = _telling(voice)
        found |= {stem for stem in stems if len(stem) == _SHARED} or stems
    return frozenset(found)


def _telling(text: str) -> frozenset[str]:
    """The beginnings of words of at least three letters: forms of a name differ at the end."""
    return frozenset(word[:_SHARED].lower() for word in _WORD.findall(text) if len(word) >= _TELLING)


def _name_nearby(document: UnparsedText, place: Place, name: str) -> str | None:
    """The name as the text writes it outside quotations, near the place; else None.

    Near are the place's sentence, those beside it, and two more of its paragraph before it. The name may be
    there in another form; the given one is published if the text has it anywhere. In the place's own sentence the
    last word of such a name is enough, and words without a capital, as "the company", beside a word of saying.
    """
    words = _TOKEN.findall(name)
    if not 0 < len(name) <= MAX_NAME or not words:
        return None
    own = document.sentence_at(place.start)
    for sentence in _nearby(document, own):
        found = _form_in(document, sentence, words)
        if found is not None and (any(map(str.isupper, found)) or _reports(document, own, sentence)):
            return name if _stands_in(document, name) else found
    is_full = len(words) > 1 and any(map(str.isupper, words[-1]))
    is_own = is_full and _form_in(document, own, words[-1:]) is not None
    return name if is_own and _stands_in(document, name) else None


def _reports(document: UnparsedText, own: Sentence, sentence: Sentence) -> bool:
    return sentence is own and document.language.saying.search(unquoted(own.text)) is not None


def _form_in(document: UnparsedText, sentence: Sentence, name: Sequence[str]) -> str | None:
    """The words of a sentence, outside quotations, that are forms of the words of a name in any case."""
    words = list(_TOKEN.finditer(document.text, sentence.start, sentence.end))
    for at in range(len(words) - len(name) + 1):
        first, last = words[at], words[at + len(name) - 1]
        forms = zip(name, words[at : at + len(name)], strict=True)
        if all(
            is_form(given.lower(), word.group().lower(), document.language.endings) for given, word in forms
        ) and (document.quotation_at(first.start(), last.end()) is None):
            return " ".join(word.group() for word in words[at : at + len(name)])
    return None


def _stands_in(document: UnparsedText, name: str) -> bool:
    words = r"\s+".join(map(re.escape, name.split()))
    found = re.finditer(rf"(?<!\w){words}(?!\w)", document.text)
    return any(document.quotation_at(match.start(), match.end()) is None for match in found)


def _nearby(document: UnparsedText, own: Sentence) -> list[Sentence]:
    """The sentences near one, the nearest first; further ones only if it has no name itself."""
    at = own.index
    beside = [
        document.sentences[near] for near in (at, at - 1, at + 1) if 0 <= near < len(document.sentences)
    ]
    if not document.language.nouns_have_capitals and _INNER_CAPITAL.search(unquoted(own.text)):
        return beside
    before = document.sentences[max(0, at - _BEFORE) : max(0, at - 1)]
    return beside + [s for s in reversed(before) if "\n" not in document.text[s.end : own.start]]
