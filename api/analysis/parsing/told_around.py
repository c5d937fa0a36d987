"""Statements whose speaker only words beside them name.

A sentence behind them points back: "So said Roe", "That is the case put by Roe", "The words are those of Roe",
"It was Roe who drew this picture". Then the sentences before it in its paragraph, or those of the paragraph
before, are Roe's. Or a report goes on (`indirect_speech.py`). Or the parser missed the report: "..., the head of
sales argued", "The company submitted that", "Callers are told that".

Limits: a pointer that does not name a person or body is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from api.analysis.parsing.antecedents import ANAPHORS
from api.analysis.parsing.indirect_speech import gone_on
from api.analysis.parsing.nearby import nearby
from api.analysis.parsing.quoted_lines import quoted_lines
from api.analysis.parsing.reports import Report
from api.analysis.parsing.speaker_names import can_report, is_somebody
from api.analysis.parsing.speakers import Speakers
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence

_SAYS = (
    r"(?:sa(?:ys?|id)|argue[sd]?|writes?|wrote|warn(?:s|ed)|claim(?:s|ed)|insist(?:s|ed)|tells?|told|sees?)"
)
_VIEW = (
    r"(?:case|view|argument|verdict|message|claims?|opinion|picture|warning|position|assessment|words?|account|"
    r"theory|answer|conclusion|charge|accusation|complaint|prediction|forecast|contention|belief)"
)
_THAT_IS = r"(?:That|This|Such)(?:, [^,.;]{2,30},)? (?:is|was) (?:at least )?"
_NAME = r"(?P<name>(?:[A-Z]|(?:the|an?|its|their) )[^.;:]{1,120})"
_POINTERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:So|Thus) {_SAYS} {_NAME}",
        rf"{_THAT_IS}the {_VIEW}\b[^.;]{{0,60}}? (?:of|by|from) {_NAME}",
        rf"{_THAT_IS}(?:how|what) {_NAME} {_SAYS}\b",
        rf"(?:The|These|Those) {_VIEW} (?:is|are|was|were)(?: those)? (?:of|by|from|made by) {_NAME}",
        rf"It (?:was|is) {_NAME} who (?:{_SAYS}|drew|painted|made|offered|gave) (?:so|this|that|these|it)\b",
        rf"With (?:this|that|these)(?: {_VIEW})? {_NAME} (?:opened|closed|began|ended|started|left)\b",
        rf"(?:That|This) c[oa]mes? from (?:[^.;]{{0,60}}, from )?{_NAME}",
        rf"It was an? (?:\w+ ){{0,2}}(?:performance|speech|pitch|plea|defence|forecast|sermon)\. {_NAME}",
        rf"(?:Or|At least|Or at least)(?: so|,? that is what) {_NAME} {_SAYS}\b",
    )
)
_ENDS = re.compile(
    r", (?P<name>s?he|they|(?:[A-Z]|(?:the|an?|its|their) )[^,;:“”]{2,70}?) "
    r"(?:said|says|argued|argues|warned|warns|claimed|claims|insisted|insists|told [^,;:“”]{3,40}?)"
    r"(?: (?:on|in|at|last|this|yesterday|today)\b[^,;:“”]{0,40})?\.$"
)
_SAID = (
    r"(?:sa(?:id|ys)|submit(?:s|ted)|replied|argue[sd]|recall(?:s|ed)|state[sd]|claim(?:s|ed)|wrote|writes)"
)
_OPENING = re.compile(
    rf"^(?P<name>(?:[A-Z]|(?:The|An?|Its|Their) )[^,;:“”.]{{2,50}}?) (?:ha[sd] )?{_SAID} that\b"
)
_INVERTED = re.compile(
    rf"^[^;:“”]{{10,200}}?, {_SAID} (?P<name>[A-Z][\w’'-]{{1,24}}(?: [A-Z][\w’'-]{{1,24}}){{1,2}})(?=[,.;])"
)
_GOES_ROUND = re.compile(
    r"(?P<name>Messages|Posts|Rumou?rs|Claims|Stories|Letters|Leaflets) (?:have|has) (?:\w+ ){1,3}that\b"
)
_GIST = re.compile(r"(?:The|Its|Their|His|Her) (?:gist|upshot)(?: of it)?: ")
_PASSIVE = re.compile(r"(?:[A-Z][\w’' ]{2,40}|I|We) (?:are|were|was|is|am) (?:\w+ )?told that\b")
_FULL_NAME = re.compile(r"(?!The )[A-Z][\w’'-]{1,24}(?: [A-Z][\w’'-]{1,24}){1,2}")
_NEAR = 40  # characters of a description before the name
_MOST = 6  # sentences to which one points


def told_around(
    document: Document, speakers: Speakers, reports: Mapping[int, Sequence[Report]]
) -> Iterator[tuple[int, Report]]:
    """The sentence's index and a report of the whole sentence, for each statement of this kind.

    `reports` are those of the other kinds, by sentence.
    """
    taken: dict[int, Report] = {}

    def is_free(sentence: Sentence) -> bool:
        own = sentence.voice == DOCUMENT_VOICE and sentence.attributed_to is None and sentence.role != "title"
        return own and sentence.index not in reports and sentence.index not in taken

    pointing: dict[int, str] = {}
    for sentence in document.body_sentences():
        pointed = _pointer(document, sentence, speakers) if sentence.voice == DOCUMENT_VOICE else None
        if pointed is not None:
            pointing[sentence.index] = pointed
            for before in _before(document, sentence):
                if is_free(before):
                    taken[before.index] = _whole(before, sentence, pointed)
        if is_free(sentence) and (report := _by_form(document, sentence, speakers)) is not None:
            taken[sentence.index] = report

    told: tuple[Sentence, str] | None = None
    for sentence in document.body_sentences():
        if sentence.voice == UNNAMED_VOICE:
            goes_on = told is not None and "\n" not in document.text[told[0].end : sentence.start]
            named = _by_pronoun(document, sentence, speakers) or (told[1] if told and goes_on else None)
            told = (sentence, named) if named else None
            if named:
                taken[sentence.index] = _whole(sentence, sentence, named)
        else:
            told = None
    for line, party in list(quoted_lines(document, speakers, is_free)):
        taken[line.index] = _whole(line, line, party)

    def told_by(sentence: Sentence) -> str | None:
        if (report := taken.get(sentence.index)) is not None:
            return report.speaker
        return pointing.get(sentence.index) or _main_speaker(document, sentence, reports)

    def is_open(sentence: Sentence) -> bool:
        return is_free(sentence) and sentence.index not in pointing

    for sentence, cue, speaker in list(gone_on(document, speakers, is_open, told_by)):
        taken[sentence.index] = _whole(sentence, cue, speaker)
    yield from taken.items()


def _main_speaker(
    document: Document, sentence: Sentence, reports: Mapping[int, Sequence[Report]]
) -> str | None:
    """Who is quoted in the sentence, or reported by its main verb."""
    if sentence.voice != DOCUMENT_VOICE:
        return sentence.voice
    roots = {t.i for t in document.tokens(sentence) if t.dep_ == "ROOT"}
    found = (r for r in reports.get(sentence.index, ()) if r.main and (r.beside or r.cue in roots))
    return next((r.speaker for r in found), None)


def _by_form(document: Document, sentence: Sentence, speakers: Speakers) -> Report | None:
    """The report of a sentence whose parse misses it, by its opening or its end."""
    for pattern in (_OPENING, _INVERTED):
        if (found := pattern.search(sentence.text)) is not None:
            name = document.doc[document.token_at(sentence.start + found.end("name") - 1)]
            speaker = speakers.name(name)
            if speaker is not None and is_somebody(speaker) and can_report(speaker):
                start = sentence.start + (found.end() if pattern is _OPENING else 0)
                return Report(sentence.first, start, sentence.end, speaker, beside=True)
    if (rumour := _GOES_ROUND.match(sentence.text)) is not None:
        return Report(sentence.first, sentence.start, sentence.end, rumour["name"], beside=True)
    if _GIST.match(sentence.text) is not None and sentence.index:
        before = document.sentences[sentence.index - 1]
        root = next((t for t in document.tokens(before) if t.dep_ == "ROOT"), None)
        speaker = None if root is None else speakers.of_verb(root)
        return Report(sentence.first, sentence.start, sentence.end, speaker or UNNAMED_VOICE, beside=True)
    if _PASSIVE.match(sentence.text) is not None:
        return Report(sentence.first, sentence.start, sentence.end, UNNAMED_VOICE, beside=True)
    return _by_end(document, sentence, speakers)


def _by_pronoun(document: Document, sentence: Sentence, speakers: Speakers) -> str | None:
    """Whose the quotation is that "it" or "he" says, by the nouns beside it."""
    tokens = [t for t in document.tokens(sentence) if not speakers.is_quoted(t.idx)]
    subjects = (t for t in tokens if t.lower_ in ANAPHORS and t.dep_ == "nsubj")
    return next(filter(None, (nearby(t, speakers) for t in subjects)), None)


def _by_end(document: Document, sentence: Sentence, speakers: Speakers) -> Report | None:
    """The report of the words before "..., the head of sales argued"."""
    ending = _ENDS.search(sentence.text)
    if ending is None:
        return None
    end, name = sentence.start + ending.start(), ending["name"]
    speaker = name if can_report(name) else None
    if name in ("he", "she", "they"):
        speaker = speakers.name(document.doc[document.token_at(sentence.start + ending.start("name"))])
    elif name[0].isupper():
        speaker = speakers.first_at(end, sentence.end) or speaker
    return Report(sentence.first, sentence.start, end, speaker, beside=True) if speaker else None


def _whole(sentence: Sentence, cue: Sentence, speaker: str) -> Report:
    return Report(cue.first, sentence.start, sentence.end, speaker, beside=True)


def _pointer(document: Document, sentence: Sentence, speakers: Speakers) -> str | None:
    """Whom the sentence names as the speaker of those before it."""
    for pattern in _POINTERS:
        if (match := pattern.match(document.text, sentence.start, sentence.end + _NEAR)) is not None:
            start = match.start("name")
            if (full := _FULL_NAME.match(document.text, start)) is not None:
                return speakers.first_at(*full.span()) or full[0]
            return speakers.first_at(start, min(start + _NEAR, match.end("name")))
    return None


def _before(document: Document, sentence: Sentence) -> list[Sentence]:
    """The sentences before it in the paragraph; those of the paragraph before if it opens one."""
    before = document.sentences[max(sentence.index - _MOST, 0) : sentence.index]
    own = document.text.rfind("\n", 0, sentence.start) + 1
    if before and before[-1].start < own:
        last = before[-1]
        own = document.text.rfind("\n", 0, last.start) + 1
    return [s for s in before if s.start >= own]
