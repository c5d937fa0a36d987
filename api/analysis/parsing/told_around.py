"""Statements whose speaker only words beside them name.

A sentence behind them points back: "So said Roe", "That is the case put by Roe", "The words are those of Roe",
"It was Roe who drew this picture". Then the sentences before it in its paragraph, or those of the paragraph
before, are Roe's. Or the sentence before reports or objects, and the next goes on with "would": "Roe did not
agree. An ambulance would need an hour." Or the parser missed the end: "..., the head of sales argued".

Limits: a pointer that does not name a person or body is not followed; reported speech without "would" is not told
from the writer's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from api.analysis.parsing.report_words import SAYING
from api.analysis.parsing.reports import Report
from api.analysis.parsing.speaker_names import can_report
from api.analysis.parsing.speakers import Speakers
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence

if TYPE_CHECKING:
    from spacy.tokens import Token

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
        rf"(?:Or|At least|Or at least)(?: so|,? that is what) {_NAME} {_SAYS}\b",
    )
)
_ENDS = re.compile(
    r", (?P<name>s?he|they|(?:[A-Z]|(?:the|an?|its|their) )[^,;:“”]{2,70}?) "
    r"(?:said|says|argued|argues|warned|warns|claimed|claims|insisted|insists|told [^,;:“”]{3,40}?)"
    r"(?: (?:on|in|at|last|this|yesterday|today)\b[^,;:“”]{0,40})?\.$"
)
_FULL_NAME = re.compile(r"(?!The )[A-Z][\w’'-]{1,24}(?: [A-Z][\w’'-]{1,24}){1,2}")
_NEAR = 40  # characters of a description before the name
_MOST = 6  # sentences to which one points
_OBJECTS = frozenset({"agree", "disagree", "object", "differ", "demur", "protest"})
_PAST = frozenset({"VBD", "VBN"})
_OPENS = frozenset({"if", "unless", "but", "meanwhile", "however"})


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

    for sentence in document.body_sentences():
        pointed = _pointer(document, sentence, speakers) if sentence.voice == DOCUMENT_VOICE else None
        if pointed is not None:
            for before in _before(document, sentence):
                if is_free(before):
                    taken[before.index] = _whole(before, sentence, pointed)
        if not is_free(sentence):
            continue
        if (report := _by_end(document, sentence, speakers)) is not None:
            taken[sentence.index] = report
        elif (cue := _goes_on(document, sentence, reports, taken, speakers)) is not None:
            taken[sentence.index] = _whole(sentence, *cue)
    yield from taken.items()


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
        if (match := pattern.match(sentence.text)) is not None:
            start = sentence.start + match.start("name")
            if (full := _FULL_NAME.match(document.text, start)) is not None:
                return speakers.first_at(*full.span()) or full[0]
            return speakers.first_at(start, min(start + _NEAR, sentence.start + match.end("name")))
    return None


def _before(document: Document, sentence: Sentence) -> list[Sentence]:
    """The sentences before it in the paragraph; those of the paragraph before if it opens one."""
    before = document.sentences[max(sentence.index - _MOST, 0) : sentence.index]
    own = document.text.rfind("\n", 0, sentence.start) + 1
    if before and before[-1].start < own:
        last = before[-1]
        own = document.text.rfind("\n", 0, last.start) + 1
    return [s for s in before if s.start >= own]


def _goes_on(
    document: Document,
    sentence: Sentence,
    reports: Mapping[int, Sequence[Report]],
    taken: Mapping[int, Report],
    speakers: Speakers,
) -> tuple[Sentence, str] | None:
    """The sentence before and its speaker, if this one goes on with reported speech."""
    if sentence.index == 0 or sentence.text.rstrip().endswith("?"):
        return None
    before = document.sentences[sentence.index - 1]
    if before.role == "title" or "\n" in document.text[before.end : sentence.start]:
        return None
    tokens = document.tokens(sentence)
    root = next((t for t in tokens if t.dep_ == "ROOT"), None)
    shifted = root is not None and any(_is_shifted(t) for t in (root, *root.children))
    if not shifted or any(t.lower_ in _OPENS for t in tokens):
        return None
    if (report := taken.get(before.index)) is not None:
        return before, report.speaker
    main = next((t for t in document.tokens(before) if t.dep_ == "ROOT"), None)
    if main is None or not (main.tag_ in _PAST or any(c.lower_ == "did" for c in main.children)):
        return None
    if main.lemma_ in _OBJECTS:
        speaker = speakers.of_verb(main)
    elif main.lemma_ in SAYING:
        found = (r for r in reports.get(before.index, ()) if r.cue == main.i and r.main)
        speaker = next((r.speaker for r in found), None)
    else:
        return None
    return None if speaker in (None, UNNAMED_VOICE) else (before, speaker)


def _is_shifted(token: Token) -> bool:
    """Whether the verb has "would"; "had" is as often the writer's own past."""
    return token.pos_ in ("VERB", "AUX") and any(
        c.lower_ == "would" and c.dep_ == "aux" for c in token.children
    )
