"""Voices of statements, quoted or reported: "The authors say that it is superhuman" is not the document's praise.

Words under several reports (`reports.py`) are the innermost speaker's. A sentence's main statement is the
speaker's if its main verb reports it, or stands within a report.

Limits: a report of a report names only the inner speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.analysis.parsing.report_words import SAYING
from api.analysis.parsing.reports import Report, has_issuer, reports_in
from api.analysis.parsing.speakers import Speakers
from api.analysis.parsing.told_around import told_around
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from api.analysis.text.sentences import paragraphs

_OPENING = 3  # characters before a statement that opens its sentence

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def relayed_voice(document: Document, start: int, end: int) -> str:
    """The source of the statement that [start, end) is part of, quoted or not; else `document`."""
    voice = document.voice_at(start, end)
    if voice not in (DOCUMENT_VOICE, UNNAMED_VOICE):
        return voice
    report = report_at(document, start, end)
    return voice if report is None else report.speaker


def report_at(document: Document, start: int, end: int) -> Report | None:
    """The innermost report that contains [start, end)."""
    around = (r for r in reports_of(document, document.sentence_at(start)) if r.covers(start, end))
    return min(around, key=lambda r: (r.end - r.start, r.start), default=None)


def main_voice(document: Document, sentence: Sentence) -> str:
    """The voice of the sentence's main statement: its quoted or reported speaker, else `document`."""
    if sentence.voice not in (DOCUMENT_VOICE, UNNAMED_VOICE):
        return sentence.voice
    reports = [r for r in reports_of(document, sentence) if r.main]
    if not reports:
        return _opens_quoted(document, sentence)
    root = next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)
    if root is not None and root.pos_ not in ("VERB", "AUX"):
        by_verb = (r.speaker for r in reports if r.beside or document.doc[r.cue].pos_ != "NOUN")
        return next(by_verb, sentence.voice)
    if root is not None:
        inner = report_at(document, root.idx, root.idx + len(root.text))
        if inner is not None:
            return inner.speaker
        same = [root, *(t for t in root.conjuncts if root.lemma_ in SAYING and not _has_subject(t))]
        cues = {t.i for t in same} | {
            t.i
            for t in root.children
            if t.i < root.i  # "It sank, Roe said; it lies deep", "Roe said it sank; it lies deep"
            and (
                t.dep_ == "parataxis" or (t.dep_ == "ccomp" and t.nbor(t.right_edge.i - t.i + 1).text == ";")
            )
        }
        by_root = [r for r in reports if r.cue in cues or _is_object_of(document.doc[r.cue], root)]
        if by_root:
            others = any(_has_subject(verb) and not _is_reported(verb) for verb in root.conjuncts)
            # "The dam holds, Roe told us, and no stone has moved"
            is_main = _precedes(document, by_root[0]) or not others or _is_most(by_root[0], sentence)
            return by_root[0].speaker if is_main else DOCUMENT_VOICE
    # what opens the sentence, with its speaker behind it: "The dam, Roe writes, is old; its gate is open"
    opening = (
        r for r in reports if r.start - sentence.start < _OPENING and r.beside | _precedes(document, r)
    )
    beside = [r for r in reports if r.beside and _is_most(r, sentence)]
    if beside:
        return max(beside, key=lambda r: (r.end - r.start, -r.start)).speaker
    return next((r.speaker for r in opening if ";" in sentence.text), _opens_quoted(document, sentence))


def _opens_quoted(document: Document, sentence: Sentence) -> str:
    """Whose the quotation is with which the sentence opens: "“...,” reads a memo"; else the sentence's voice."""
    opening = document.quotation_at(sentence.start + 1, sentence.start + 2)
    closes = opening is not None and document.text[opening.end - 1 : opening.end + 1] in (",”", ',"')
    if opening is not None and closes:
        return opening.speaker or sentence.voice
    return _closes_quoted(document, sentence)


def _closes_quoted(document: Document, sentence: Sentence) -> str:
    """Whose the quotation is that is most of the sentence and ends it: "It bears a line by Roe: “...”"."""
    last = document.quotation_at(sentence.end - 3, sentence.end - 2)
    if last is None or not last.statement or not sentence.start < last.start - 1:
        return sentence.voice
    is_most = 2 * (last.end - last.start) > sentence.end - sentence.start
    return last.speaker or sentence.voice if is_most else sentence.voice


def _has_subject(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children)


def _precedes(document: Document, report: Report) -> bool:
    return report.end <= document.doc[report.cue].idx


def _is_reported(verb: Token) -> bool:
    """Whether the clause goes on with "and that", though the parser takes it for a statement of its own."""
    return any(c.dep_ == "mark" and c.lower_ == "that" for c in verb.children)


def _is_most(report: Report, sentence: Sentence) -> bool:
    return 2 * (report.end - report.start) > sentence.end - sentence.start


def _is_object_of(cue: Token, root: Token) -> bool:
    return cue.pos_ == "NOUN" and cue.head.i == root.i and has_issuer(cue)


def reports_of(document: Document, sentence: Sentence) -> Sequence[Report]:
    """The reports whose clause begins in the sentence."""
    return document.once(_by_sentence).get(sentence.index, ())


def _by_sentence(document: Document) -> dict[int, list[Report]]:
    """The reports of the whole text by sentence."""
    body_start = document.article.body_start
    blocks = paragraphs(document.text, body_start)
    speakers = Speakers(document.doc, body_start, document.quotations, blocks)
    found: dict[int, list[Report]] = {}
    for report in reports_in(document.doc, speakers):
        found.setdefault(document.sentence_at(report.start).index, []).append(report)
    for index, here in found.items():
        here += _gone_on_behind(document.sentences[index], document.doc, here)
    return found | {index: [report] for index, report in told_around(document, speakers, found)}


def _gone_on_behind(sentence: Sentence, doc: Doc, reports: Sequence[Report]) -> list[Report]:
    """What a report says behind its verb and a semicolon: "The dam is old, Roe said; it had great charm"."""
    last = max(reports, key=lambda r: r.cue)
    behind = sentence.text.find(";", doc[last.cue].idx - sentence.start)
    stands_before = last.start == sentence.start and last.end <= doc[last.cue].idx
    if behind < 0 or not stands_before or doc[last.cue].idx < sentence.start:
        return []
    return [Report(last.cue, sentence.start + behind + 1, sentence.end, last.speaker, main=False)]
