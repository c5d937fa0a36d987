"""Checks who speaks: a statement that the text reports belongs to its speaker.

The published voice is the text's, found by the rules. Where the rules find none, or only a pronoun or a
description, the answer may name the speaker: a name of the statement's sentence or of one beside it, of somebody
who speaks elsewhere in the text, or one that an earlier sentence introduces ("in a memo, Corvell said").
"""

import re
from typing import Final

from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from api.analysis.text.lexicon import words
from api.proposals.drops import DropReason
from api.proposals.quotes import Place
from api.proposals.stems import stems

MAX_NAME: Final = 80  # characters
MAX_APPOSED: Final = 120  # characters between a description and the name beside it
_PRONOUNS: Final = words("he she they it i we")
_WORD: Final = re.compile(r"[^\W_][\w'’&.-]*")
SAYS: Final = re.compile(
    r"\b(?:say|says|said|saying|told|tells|according|claim\w*|argu\w+|warn\w*|announc\w+|report\w*|state[sd]?|"
    r"call[s]?|called|promis\w+|describ\w+|present[s]?|presented|quot\w+|write[s]?|wrote|insist\w*|deni\w+|"
    r"expect\w*|believ\w+|critic\w*|spokes\w+|unnamed|anonymous)\b",
    re.IGNORECASE,
)
_REPORTS: Final = re.compile(
    r"\b(?:says?|said|told|tells|according to|argu\w+|warns?|warned|insist\w*|believes?|expects?"
    r"|den(?:y|ies|ied))\b",
    re.I,
)
# "They moved" reports nothing; "they say" has the speaker of the sentence before.
_PRONOUN_SAYS: Final = re.compile(
    r"(?:He|She|They) (?:also |has |have |had )*(?:says?|said|tells?|told|writes?|wrote|thinks?"
    r"|thought|den(?:y|ies|ied)|(?:add|argue|announce|call|claim|warn|insist|believe|expect|explain|predict|promise|describe|note|admit"
    r"|acknowledge|conclude|criticise|criticize|suggest|stress|declare|state|report|urge|ask|hope|doubt|propose"
    r"|quote|praise|blame|accuse)(?:s|d|ed)?)\b"
)
_SAID_AFTER: Final = re.compile(
    r",? (?:also |has |had )?(?:said|says|wrote|writes|announced|argued|claimed)\b"
)
_NAMED_SAYS: Final = re.compile(
    r"\b([A-Z][\w'’-]*+(?: [A-Z][\w'’-]*+){0,3})(?:, [^,.;:“”]{1,60},)? (?:also |has |had )?"
    r"(?:says?|said|writes?|wrote|tells?|told|adds?|added|argue[sd]?|claim(?:s|ed)|warn(?:s|ed)|insist(?:s|ed)"
    r"|admit(?:s|ted)|conclude[sd]?|confirm(?:s|ed)|explain(?:s|ed)|repl(?:ies|ied)|promise[sd]|predict(?:s|ed)"
    r"|believe[sd]|deni(?:es|ed))\b"
)
_ABOUT_TEXT: Final = re.compile(
    r"^It\b|\b(?:text|release|article|report|post|letter|headline|title|readers?|piece|story|page|announcement"
    r"|interview|appears?|presents?|presented|frames?|framed|rather than|shows?|suggests?|opens|first)\b",
    re.I,
)
_WRITING: Final = re.compile(
    r"\b(?:memo|memorandum|letter|statement|e?-?mail|post|release|message|note)\b", re.I
)
_APPOSED: Final = re.compile(r"(?: [\w'’&-]+){0,6},? ", re.IGNORECASE)
_ROLES: Final = words(
    "executive ceo president founder director chair chairman chairwoman spokesperson spokesman spokeswoman "
    "manager officer minister mayor prosecutor attorney lawyer official officials analyst expert researcher "
    "scientist professor doctor author resident customer worker employee critic"
)
# Words that tell no speaker from another; an organisation may be named instead of "the company".
_EMPTY: Final = words(
    "the and for von van inc ltd llc corp its his her company firm group operator maker manufacturer airline "
    "retailer bank startup start-up developer publisher carrier provider business corporation lender insurer"
)


def voice_of(document: Document, place: Place, said: str) -> str | DropReason:
    """The voice of a place that the answer gives to `said` ("" or `document` for the text's own).

    A name of the answer is published as the text writes it.
    """
    voice = document.relayed_voice(place.start, place.end)
    given = " ".join(said.split())
    own = given.lower() in ("", DOCUMENT_VOICE)
    if own and voice == UNNAMED_VOICE:
        return voice
    if voice not in (DOCUMENT_VOICE, UNNAMED_VOICE):
        if own:
            return DropReason.UNATTRIBUTED
        if (
            voice.lower() == given.lower()
            or is_named(document, voice, given)
            or _describes(document, given, voice)
        ):
            return voice
        if voice.lower() in _PRONOUNS:
            return _name_of_speaker(document, place, given) or DropReason.WRONG_SPEAKER
        # "the company" and "a survey" may be named by the organisation, and not by a person
        is_unnamed = not _telling(voice) or _is_description(voice)
        named = is_unnamed and not _is_person(document, given) and _name_nearby(document, place, given)
        return named or DropReason.WRONG_SPEAKER
    if own:
        return DOCUMENT_VOICE
    if given.lower() == UNNAMED_VOICE and voice == UNNAMED_VOICE:
        return voice
    return _name_of_speaker(document, place, given) or DropReason.WRONG_SPEAKER


def is_named(document: Document, speaker: str, text: str) -> bool:
    """Whether `text` holds a telling word of the speaker's name or description.

    A person whom the document names right beside the description ("the founder, Jane Roe") counts as it.
    """
    known = _telling(speaker)
    if _is_description(speaker):
        known = known.union(*map(_telling, document.once(_persons_beside).get(speaker.lower(), [])))
    return bool(known & _telling(text))


def lacks_speaker(
    document: Document, text: str, sentences: list[Sentence], places: list[Place], *, of_text: bool = False
) -> bool:
    """Whether a written sentence hides that somebody else says it.

    It rests on `sentences` and quotes `places`. Each speaker whom it quotes must be named, or told by a role
    ("the director") if the text gives the speaker one; if all its sentences are reported, one of their speakers.
    An unnamed speaker, or "the company", needs a word of saying. `of_text`: a sentence that speaks of the text,
    and not of what somebody says, reports nothing unless it quotes.
    """
    for place in places:
        voice = document.relayed_voice(place.start, place.end)
        if not _is_attributed(document, voice, text) and not _tells_role(document, voice, text):
            return True
    if _PRONOUN_SAYS.match(text):
        return False
    if of_text and _ABOUT_TEXT.search(text) and not _REPORTS.search(text):
        return False
    voices = [
        DOCUMENT_VOICE if _is_of_own_part(document, text, sentence) else document.main_voice(sentence)
        for sentence in sentences
    ]
    reported = bool(voices) and DOCUMENT_VOICE not in voices
    return reported and not any(_is_attributed(document, voice, text) for voice in voices)


def names_wrong_speaker(document: Document, text: str, sentences: list[Sentence]) -> bool:
    """Whether a written sentence says that somebody says it who speaks elsewhere in the document, and not here.

    Here are its `sentences` and those beside them. The author and the publisher say all of it, and somebody whom
    the document only describes ("the company") may be anyone.
    """
    source = document.article.source
    own = _telling(f"{document.article.author or ''} {source.name or ''}")
    voices = [document.main_voice(sentence) for sentence in sentences]
    if not sentences or any(_is_description(voice) for voice in voices if voice != DOCUMENT_VOICE):
        return False
    near = {n for s in sentences for n in (s.index - 1, s.index, s.index + 1)}
    around = [sentence for sentence in document.sentences if sentence.index in near]
    here = _telling(" ".join(f"{sentence.text} {document.main_voice(sentence)}" for sentence in around)) | own
    speakers = document.once(_speakers)
    return any(
        name & speakers and not name & here for name in (_telling(m[1]) for m in _NAMED_SAYS.finditer(text))
    )


def _is_description(speaker: str) -> bool:
    """Whether it ends in a common noun."""
    return speaker[-1:].isalpha() and speaker.split()[-1].islower()


def _describes(document: Document, description: str, name: str) -> bool:
    """Whether the text has the name right after the description."""
    if len(description) > MAX_NAME or not _is_description(description):
        return False
    pattern = f"{re.escape(description)}({_APPOSED.pattern}){re.escape(name)}"
    return any(_is_apposition(match[1]) for match in re.finditer(pattern, document.text))


def _is_apposition(between: str) -> bool:
    """Whether the words between a description and a name join the two."""
    return _APPOSED.fullmatch(between) is not None and SAYS.search(between) is None


def _persons_beside(document: Document) -> dict[str, list[str]]:
    """The persons named right after each described speaker, by the description in lower case."""
    described = {q.voice for q in document.quotations} | {document.main_voice(s) for s in document.sentences}
    persons = [e for e in document.doc.ents if e.label_ == "PERSON"]
    found: dict[str, list[str]] = {}
    for voice in sorted(described - {DOCUMENT_VOICE, UNNAMED_VOICE}):
        for match in re.finditer(re.escape(voice), document.text):
            for person in persons:
                near = match.end() <= person.start_char <= match.end() + MAX_APPOSED
                if near and _is_apposition(document.text[match.end() : person.start_char]):
                    found.setdefault(voice.lower(), []).append(person.text)
    return found


def _is_person(document: Document, name: str) -> bool:
    return any(entity.label_ == "PERSON" and name in entity.text for entity in document.doc.ents)


def _is_of_own_part(document: Document, text: str, sentence: Sentence) -> bool:
    """Whether a written sentence shares more with the unquoted words of a partly quoted sentence."""
    inside = [q for q in document.quotations if q.start < sentence.end and sentence.start < q.end]
    if not inside:
        return False
    own, at = "", sentence.start
    for quotation in inside:
        own += f"{document.text[at : max(at, quotation.start)]} "
        at = max(at, quotation.end)
    own += document.text[at : max(at, sentence.end)]
    quoted = " ".join(document.text[q.start : q.end] for q in inside)
    told = stems(text)
    return len(told & stems(own)) > len(told & stems(quoted))


def _is_attributed(document: Document, voice: str, text: str) -> bool:
    if voice == DOCUMENT_VOICE:
        return True
    generic = voice == UNNAMED_VOICE or not _telling(voice)
    return is_named(document, voice, text) or (generic and SAYS.search(text) is not None)


def _tells_role(document: Document, voice: str, text: str) -> bool:
    """Whether the sentence has a role, and the text gives the speaker one."""
    if not voice.split() or not _ROLES & _telling(text):
        return False
    name = re.escape(voice.split()[-1])
    beside = (document.text[max(0, m.start() - 80) : m.end() + 80] for m in re.finditer(name, document.text))
    return any(_ROLES & _telling(words) for words in beside)


def _telling(text: str) -> frozenset[str]:
    found = (word.lower().replace("’", "'").removesuffix("'s").rstrip(".") for word in _WORD.findall(text))
    return frozenset(word for word in found if len(word) > 2 and word not in _EMPTY)


def _name_of_speaker(document: Document, place: Place, name: str) -> str | None:
    """The name as the text writes it nearby, or that of a speaker elsewhere or introduced before; else None."""
    if (nearby := _name_nearby(document, place, name)) is not None:
        return nearby
    if _telling(name) and _telling(name) <= document.once(_speakers):
        return _written(document.text, name)
    before = document.sentences[: document.sentence_at(place.start).index]
    introduced = (_written(s.text, name) for s in before if SAYS.search(s.text) or _WRITING.search(s.text))
    return next((written for written in introduced if written), None)


def _speakers(document: Document) -> frozenset[str]:
    """The telling words of the names of all speakers."""
    voices = {q.voice for q in document.quotations} | {document.main_voice(s) for s in document.sentences}
    return frozenset().union(*(_telling(v) for v in voices - {DOCUMENT_VOICE, UNNAMED_VOICE}))


def _name_nearby(document: Document, place: Place, name: str) -> str | None:
    """The name as the text writes it in the place's sentence or one beside it; None if it does not."""
    index = document.sentence_at(place.start).index
    around = document.sentences[max(0, index - 1) : index + 2]
    return _written(document.text[around[0].start : around[-1].end], name)


def _written(passage: str, name: str) -> str | None:
    """The name as the passage writes it, with a capital or before a verb of saying; None if it does not."""
    if not 0 < len(name) <= MAX_NAME:
        return None
    pattern = r"\s+".join(map(re.escape, name.split()))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", passage)
    if found is None:
        return None
    is_name = any(map(str.isupper, found.group()))
    return " ".join(found.group().split()) if is_name or _SAID_AFTER.match(passage, found.end()) else None
