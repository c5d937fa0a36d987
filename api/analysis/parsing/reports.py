"""Reports: clauses that somebody states without quotation marks, and their speakers.

A report is a verb of saying with its clause ("says that", "claims to", "..., she added"), a noun for a statement
with its clause ("the claim by Roe that"), or a source ("according to", "in the view of", "as Roe put it"). The
speaker is the subject, the agent or the owner: by name, else by description, else `unnamed speaker`, but never
the document. First persons report as the document; so do figures, rules and evidence ("the data say").

Limits: a clause that the parser attaches to the wrong verb has the wrong speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.analysis.parsing import report_words as known
from api.analysis.parsing.antecedents import ANAPHORS
from api.analysis.parsing.nearby import nearby
from api.analysis.parsing.speaker_names import can_report, is_somebody
from api.analysis.parsing.speakers import REPORT_VERBS, Speakers, is_verb
from api.analysis.text.document import UNNAMED_VOICE

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_DATELINE = re.compile(r"\)?\s?[–—]\s?|--")
COUNTED = "counted people"  # "three in four say"
_CLOSE = 4  # words between a verb and "according to", if it tells the manner
_TITLE = 8  # words of the speaker of a closing report
_MAX_CLIMB = 12  # up a parse tree


@dataclass(frozen=True, slots=True)
class Report:
    """Characters [start, end) of a clause that `speaker` states, without those of the cue in [hole, hole_end).

    `cue` is the token of the verb, the noun, or "according". `main` is False for clauses that are not what the
    sentence tells: denied ones ("did not say that"), those of counted people ("75 % say"), and intentions.
    `beside`: the cue is a part of its clause ("..., she added"), as "according" is.
    """

    cue: int
    start: int
    end: int
    speaker: str
    hole: int = 0
    hole_end: int = 0
    main: bool = True
    beside: bool = False

    def covers(self, start: int, end: int) -> bool:
        """Whether the clause contains [start, end)."""
        inside = self.start <= start and end <= self.end
        return inside and not (self.hole <= start < self.hole_end)


def name_of(token: Token, speakers: Speakers) -> str:
    """The name or description of the party; what precedes a name in a dateline is left out."""
    name = speakers.name(token)
    name = _DATELINE.split(name)[-1] if name else name
    return name if name and is_somebody(name) else UNNAMED_VOICE


def reports_in(doc: Doc, speakers: Speakers) -> Iterator[Report]:
    """All reports in order of their cues. Cues in quotation marks are the quoted speaker's own."""
    for token in doc:
        lemma, low = token.lemma_, token.lower_
        found: Iterable[Report] = ()
        if low == "according":
            found = _by_source(token, speakers)
        elif is_verb(token):
            says = lemma in known.SAYING or lemma in known.NAMING or low == "put"
            found = _by_verb(token, speakers) if says else ()
        elif token.tag_ == "NNS" and lemma in REPORT_VERBS and _closes(token):
            found = _by_misparsed(token)
        elif token.pos_ == "NOUN" and lemma in known.STATEMENTS and token.dep_ != "compound":
            found = _by_noun(token, speakers)
        if low in known.IN_THE_VIEW and token.dep_ == "pobj" and token.head.lower_ == "in":
            found = _by_view(token, speakers)
        if not speakers.is_quoted(token.idx):
            yield from found


def _by_verb(verb: Token, speakers: Speakers) -> Iterator[Report]:
    """The clauses under a verb of saying, or beside it ("..., she added")."""
    contents = list(_contents(verb))
    beside = None if contents else _beside(verb)
    if not contents and beside is None:
        return
    speaker = _speaker(verb, speakers, inverted=beside is not None)
    if speaker is None:
        return
    denied = verb.lemma_ not in known.VIEWS and any(c.dep_ == "neg" for c in verb.children)
    counted = speaker == COUNTED
    is_open = any(c.dep_ == "aux" and c.lower_ in known.NOT_YET for c in verb.children) and _is_anybody(verb)
    speaker = UNNAMED_VOICE if denied or counted else speaker
    for content in contents:
        intends = content.dep_ == "xcomp" and verb.lemma_ != "claim"
        yield _report(verb, content, speaker, main=not (denied or counted or intends or is_open))
    if beside is not None:
        yield _report(verb, beside, speaker)


def _is_anybody(verb: Token) -> bool:
    """Whether the subject is a bare plural: "Critics will say"."""
    subject = subject_of(verb)
    return subject is not None and subject.tag_ == "NNS" and not any(True for _ in subject.lefts)


def _contents(verb: Token) -> Iterator[Token]:
    """The heads of the clauses that the verb reports."""
    lemma = verb.lemma_
    for child in verb.children:
        if lemma in known.NAMING:
            if child.dep_ in ("oprd", "ccomp") or (child.dep_ == "prep" and child.lower_ == "as"):
                yield child
        elif child.dep_ == "ccomp" or (child.dep_ == "xcomp" and lemma in known.OWN_INFINITIVE):
            if child.i > verb.i or child.right_edge.text not in (".", "!", "?", ";"):
                yield child
        elif child.dep_ == "prep" and child.lower_ == "in" and child.i > verb.i:
            for noun in child.children:
                if noun.lemma_ in known.PAPERS:
                    yield from _that_clauses(noun)  # "wrote in a letter that"
        elif child.dep_ == "dobj" and child.i > verb.i and lemma in known.ADDRESSING:
            yield from _that_clauses(child)  # "told a packed hall that"
        elif child.dep_ == "prep" and child.lower_ == "of" and lemma in known.CHARGING:
            yield child


def _that_clauses(noun: Token) -> Iterator[Token]:
    """The statements behind a noun to which the parser gives them: "wrote in a letter that"."""
    for clause in noun.children:
        if clause.dep_ in known.CLAUSES and any(
            c.lower_ == "that" and c.dep_ == "mark" for c in clause.children
        ):
            yield clause


def _beside(verb: Token) -> Token | None:
    """The head of the statement beside which the verb stands: "..., she added", "as Roe put it"."""
    if verb.head.i == verb.i:
        return None
    if verb.dep_ == "parataxis" and verb.lemma_ not in known.NAMING:
        return verb.head
    is_as = any(c.lower_ == "as" and c.i < verb.i for c in verb.children)
    has_subject = any(c.dep_ == "nsubj" for c in verb.children)  # not "as promised"
    has_object = any(c.dep_ == "dobj" and c.lower_ != "it" for c in verb.children)  # "as she finds her voice"
    return verb.head if verb.dep_ == "advcl" and is_as and has_subject and not has_object else None


def _by_noun(noun: Token, speakers: Speakers) -> Iterator[Report]:
    """The clause of a noun for a statement: "Roe's claim that", "the accusation by Roe that"."""
    for content in noun.children:
        has_mark = any(c.dep_ == "mark" and c.lower_ == "that" for c in content.children)
        if content.dep_ not in known.CLAUSES or not has_mark or content.i < noun.i:
            continue
        owner = next((c for c in noun.children if c.dep_ == "poss"), None)
        if owner is None:
            preps = (c for c in noun.children if c.lower_ in ("by", "of", "from") and c.i < content.i)
            owner = next((g for c in preps for g in c.children if g.dep_ == "pobj"), None)
        if owner is None and has_issuer(noun):
            owner = subject_of(noun.head)
        if owner is not None and is_own(owner):
            continue
        yield _report(noun, content, UNNAMED_VOICE if owner is None else name_of(owner, speakers))


def _closes(token: Token) -> bool:
    """Whether the token ends its sentence."""
    return token.i + 2 > len(token.doc) or token.nbor(1).text == "." or token.nbor(1).is_sent_start is True


def _by_misparsed(verb: Token) -> Iterator[Report]:
    """The statement before "..., a leaked memo claims.", whose verb is taken for a noun."""
    doc, first = verb.doc, verb.sent.start
    comma = next((i for i in range(verb.i - 1, max(first, verb.i - _TITLE), -1) if doc[i].text == ","), None)
    if comma is None or not any(t.pos_ in ("VERB", "AUX") for t in doc[first:comma]):
        return
    opening = comma + 1
    while opening < verb.i and doc[opening].is_punct:
        opening += 1
    words_between = doc[opening : verb.i]
    name = words_between.text
    opens = any(map(str.isupper, name)) or (
        len(words_between) > 1 and words_between[0].pos_ in ("DET", "PRON")
    )
    if name and opens and is_somebody(name) and not any(t.pos_ in ("CCONJ", "VERB") for t in words_between):
        yield Report(verb.i, doc[first].idx, doc[comma].idx, name, beside=True)


def has_issuer(noun: Token) -> bool:
    """Whether the subject of the verb issues or denies the noun's statement: "makes the claim that"."""
    return noun.dep_ == "dobj" and noun.head.lemma_ in known.ISSUES


def _by_source(according: Token, speakers: Speakers) -> Iterator[Report]:
    """The clause beside "according to"."""
    source = next((t for t in according.subtree if t.dep_ == "pobj"), None)
    is_relative = any(t.tag_ in ("WDT", "WP") for t in according.doc[according.i : according.i + 3])
    if source is None or is_relative or any(is_own(t) for t in (source, *source.children)):
        return
    clause = _governor(according)
    is_manner = clause.lemma_ in known.MANNER and 0 < according.i - clause.i < _CLOSE
    if is_manner or is_own(subject_of(clause) or clause):
        return  # "we worked according to the plan"
    while clause.dep_ == "conj" and clause.head.pos_ in ("VERB", "AUX"):
        clause = clause.head
    name = name_of(source, speakers)
    owner = next((c for c in source.children if c.dep_ == "poss"), None)
    if owner is not None and name[:1].islower() and not can_report(name, strongly=False):
        name = name_of(owner, speakers)  # "his bias"
    yield _report(according, clause, name)


def _by_view(noun: Token, speakers: Speakers) -> Iterator[Report]:
    """The clause beside "in the view of Roe" or "in Roe's words"."""
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    if owner is None:
        preps = (c for c in noun.children if c.lower_ == "of")
        owner = next((g for c in preps for g in c.children if g.dep_ == "pobj"), None)
    if owner is None or is_own(owner):
        return
    name = speakers.name(owner)
    if name and is_somebody(name) and can_report(name):
        yield _report(noun.head, _governor(noun.head), name)


def _governor(token: Token) -> Token:
    """The verb above the token, else the top of its tree."""
    for _ in range(_MAX_CLIMB):
        if token.head.i == token.i:
            break
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            break
    return token


def _report(cue: Token, content: Token, speaker: str, *, main: bool = True) -> Report:
    """The report of the clause of `content`, up to a clause that counters it."""
    doc = cue.doc
    first, last = content.left_edge.i, content.right_edge.i
    for child in content.children:
        if child.i > content.i and child.dep_ in ("conj", "advcl", "cc"):
            opener = child.left_edge
            before = doc[opener.i - 1]
            opens = opener.lower_ in known.COUNTER and before.text == ","
            if opens or (
                child.dep_ == "conj" and before.lower_ in known.COUNTER and subject_of(child) is not None
            ):
                last = min(last, before.i - 1)
    end = doc[last].idx + len(doc[last].text)
    hole = hole_end = 0
    if first <= cue.i <= last:
        low, high = cue.left_edge.i, cue.right_edge.i
        if not content.is_ancestor(
            cue
        ):  # the verb governs a clause on both sides: "The dam, Roe says, holds"
            beside = [c for c in cue.children if c.i != content.i and first <= c.i <= last]
            low = min([cue.i, *(c.left_edge.i for c in beside)])
            high = max([cue.i, *(c.right_edge.i for c in beside)])
        hole, hole_end = doc[low].idx, doc[high].idx + len(doc[high].text)
    return Report(cue.i, doc[first].idx, end, speaker, hole, hole_end, main, content.is_ancestor(cue))


def subject_of(verb: Token) -> Token | None:
    """The subject of the verb, or of the verb that shares or controls it."""
    for _ in range(_MAX_CLIMB):
        subjects = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
        if subjects:
            subject = subjects[-1]  # an earlier one is a misparsed time: "last October, Roe noted"
            if subject.lower_ in known.RELATIVE and verb.dep_ == "relcl":
                return verb.head
            return subject
        if verb.dep_ == "acl" and (verb.tag_ == "VBG" or any(c.dep_ == "ccomp" for c in verb.children)):
            return verb.head
        if verb.dep_ not in ("conj", "xcomp", "advcl") or verb.head.pos_ not in ("VERB", "AUX"):
            return None
        if verb.dep_ == "advcl" and verb.tag_ != "VBG":
            return None
        verb = verb.head
    return None


def _fronted(verb: Token) -> Token | None:
    """The subject that the parser gives to a participle: "Asked whether it held, the assistant replied"."""
    for clause in verb.children:
        if clause.dep_ == "advcl" and clause.tag_ == "VBN" and clause.i < verb.i:
            for noun in clause.children:
                if noun.dep_ == "dobj" and noun.left_edge.i and noun.left_edge.nbor(-1).text == ",":
                    return noun
    return None


def _is_count(subject: Token) -> bool:
    """Whether the subject is a share or number of people: "75 % of them", "7 out of 10 workers", "no pupil".

    A number behind it is an age ("Jane Roe, 34, said").
    """
    counts = subject.pos_ == "NUM" or subject.lemma_ in known.SHARES or subject.lower_ in known.NOBODY
    return counts or any(
        t.text == "%" or t.lower_ == "no" or (t.pos_ == "NUM" and t.text[:1].isdigit() and t.i < subject.i)
        for t in subject.children
    )


def _behind_dateline(subject: Token, verb: Token) -> Token:
    """The subject, or the noun behind the dash if it is a dateline: "TARN (Harbour Wire) - Corvell said"."""
    if not subject.text.isupper() or subject.i >= verb.i:
        return subject
    dash = next((t for t in subject.doc[subject.i : verb.i] if t.text in known.DASHES), None)
    if dash is None:
        return subject
    last = dash.i
    while subject.doc[last + 1].pos_ in ("NOUN", "PROPN", "ADJ", "DET") and last + 1 < verb.i:
        last += 1
    return subject.doc[last] if last > dash.i else subject


def is_own(token: Token) -> bool:
    """Whether the party is the writer, the reader, or nobody in particular."""
    return token.lower_ in known.NO_REPORT or token.lower_ in ("my", "our", "your")


def _speaker(verb: Token, speakers: Speakers, *, inverted: bool) -> str | None:
    """The speaker of a report verb, None if its clause is the document's own statement, or COUNTED."""
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        agent = next((g for c in verb.children if c.dep_ == "agent" for g in c.children), None)
        if agent is None:
            return UNNAMED_VOICE if verb.lemma_ in known.HEARSAY else None
        return None if is_own(agent) else speakers.name(agent) or UNNAMED_VOICE
    subject = subject_of(verb)
    if subject is None and not inverted:
        subject = _fronted(verb)
    if subject is None:
        return speakers.of_verb(verb, after_quotation=True) or UNNAMED_VOICE if inverted else None
    if is_own(subject):
        return None
    if _is_count(subject):
        return COUNTED
    name = name_of(_behind_dateline(subject, verb), speakers)
    if name == UNNAMED_VOICE and subject.lower_ in ANAPHORS:
        name = nearby(subject, speakers) or UNNAMED_VOICE
    if name == UNNAMED_VOICE:
        speaks = subject.lower_ == "it" and verb.lemma_ in known.TOLD_BY_IT
        return None if subject.lower_ in known.POINTING and not speaks else UNNAMED_VOICE
    return name if can_report(name, strongly=verb.lemma_ in known.STRONG) else None
