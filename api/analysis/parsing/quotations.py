"""Quotation marks, straight and typographic, and the speakers of the quotations.

Marks pair within a paragraph. If a paragraph leaves a quotation open and the next paragraph opens one, the
quotation runs to the paragraph's end, as is usual for long statements. The speaker is sought, in this order:
beside a report verb in the sentence that ends the quotation, then in the one that begins it; by "according to";
after a dash; before a colon; as the subject of the sentence before; in the sentence before a paragraph that the
quotation opens; and, for a continued
quotation, from the one before. A verb whose subject contains the quotation ("the maker of the “miracle” said") is
not its report verb, and a few words are the speaker's only if they depend on the verb: otherwise they are irony.

What "I" or "we" say or ask is the document's own.

Limits: straight single quotation marks are ignored because of apostrophes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from api.analysis.parsing.introductions import of_writing
from api.analysis.parsing.speaker_names import PAPERS, ROLE, can_report
from api.analysis.parsing.speakers import REPORT_VERBS, STATEMENT_VERBS, Speakers, is_verb, says_i
from api.analysis.text.document import Quotation

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CLOSER = {"“": "”", "„": "”", "«": "»", "‘": "’", '"': '"'}
_MARKS = re.compile('’’|["“”„«»‘’]')
_STATEMENT_WORDS = 4  # fewer quoted words without a speaker are a title, a term or irony
_DASH_NAME = re.compile(
    r"[*_]{0,2}\s{0,4}(?:—|–|--|-)\s{0,3}"
    r"((?:[A-Z][\w'’.-]{0,20} ){1,3}(?:(?:de|van|von|der|la|al|bin) ){0,2}[A-Z][\w'’-]{1,20}|"
    r"[A-Z][\w'’-]{1,20}(?=,))"
)
# “...” Ada Roe, Chief Engineer, Corvell
_SIGNED = re.compile(
    r"[”\"»] {1,2}((?:[A-Z][\w.’'-]{0,20} ){1,2}[A-Z][\w’'-]{1,20}), [^!?\n“”\"]{3,120}(?<!\.)(?=\n|\Z)"
)
_OFFICE = re.compile(
    r"[”\"»] \(([A-Z][^(),;:\n]{3,60})(?:, [^()\n]{2,80})?\)(?=\n|\Z)"
)  # “...” (Site manager)
_NAME_BEFORE = re.compile(r", ([A-Z][\w’'-]{1,20} [A-Z][\w’'-]{1,20})\Z")
_FULL_NAME = re.compile(r"[A-Z][\w’'-]{1,20} [A-Z][\w’'-]{1,20}")
_WEAK = REPORT_VERBS - STATEMENT_VERBS | {"suggest"}  # which need not report words beside them
_SHARES = frozenset({"share"})  # a statement, or a thing with a quoted name
_SAID_BEHIND = re.compile(
    r" (?:(?P<name>[A-Z][\w.’'-]{1,20}(?: [A-Z][\w.’'-]{1,20}){0,2}) "
    r"(?:says|said|shares|shared|adds|added|explains|explained|notes|noted)\b|"
    r"(?:says|said|adds|added|explains|explained) [A-Z])"
)
_PRONOUNS = frozenset(
    {"he", "she", "it", "they", "we", "i", "nobody", "everyone", "somebody", "this", "that"}
)
_INTRODUCED = re.compile(r"([A-Z][\w’'-]{1,20}(?: [A-Z][\w.’'-]{0,20}){1,2}), [^.!?:\n]{2,110}:\s*$")
_STOP = re.compile(r"[.!?:][\")”’]* ")
_TITLED = 3  # quotations of a title
_TERMS = 4  # quotations looked back over: “a simplification” has no speaker of its own
_UNOPENED = 600  # characters of a quotation without an opening mark
_REACH = 120  # characters between a quotation and its report verb
_ADDRESSED = re.compile(r", (?:M(?:r|rs|s)\.?|Miss|Dr\.?|Professor|Minister) ([A-Z][\w’'-]{1,24})[.?!]?\Z")
_I_ASK = re.compile(
    r"(?<!\.)[”\"»] (?:I|[Ww]e) "
    r"(?:asked|ask|said|say|replied|wondered|answered|told|insisted|added|suggested|wanted)\b"
)
OWN = "I"  # the speaker of “Do you fear it?” I asked: the document


def quotations_in(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Quotation]:
    """All quotations in order, without their marks and with unknown speakers."""
    found: list[Quotation] = []
    for number, (start, end) in enumerate(paragraphs):
        opened: tuple[int, str] | None = None
        for match in _MARKS.finditer(text, start, end):
            at, mark = match.start(), match.group()
            if mark == "’’" and opened is not None:  # two single marks for a double one
                mark = opened[1]
            if (
                opened is None
                and mark in '”"'
                and text[at - 1] in ",.!?"
                and _SAID_BEHIND.match(text, at + 1)
            ):
                low = max(start, found[-1].end + 1 if found else 0)
                found.append(_quotation(text, _opening(text, low, at), at))
            elif opened is not None and mark == opened[1] and _closes(text, at, mark, end):
                found.append(_quotation(text, opened[0], at))
                opened = None
            elif _opens(text, at, mark, start) and (opened is None or mark in "“„«"):
                opened = (at + 1, _CLOSER[mark])
        if opened is not None and opened[1] != "’" and number + 1 < len(paragraphs):
            following = paragraphs[number + 1][0]
            if text[following] in '"“„«':
                found.append(_quotation(text, opened[0], end))
    return [q for q in found if q.start < q.end]


def _opening(text: str, start: int, at: int) -> int:
    """Where the sentence begins that the mark at `at` ends, though no mark opens it."""
    low = max(start, at - _UNOPENED)
    return max((m.end() for m in _STOP.finditer(text, low, at - 1)), default=low)


def _quotation(text: str, start: int, end: int) -> Quotation:
    words = text[start : min(end, start + 400)].split()
    return Quotation(start, end, None, statement=len(words) >= _STATEMENT_WORDS)


def _opens(text: str, at: int, mark: str, start: int) -> bool:
    if mark not in _CLOSER:
        return False
    before = text[at - 1] if at > start else " "
    after = text[at + 1 : at + 2]
    return bool(after) and not after.isspace() and not before.isalnum() and before not in "”’"


def _closes(text: str, at: int, mark: str, end: int) -> bool:
    if mark in "”»":
        return True
    after = text[at + 1] if at + 1 < end else " "
    return not after.isalnum() and not text[at - 1].isspace()


def with_speakers(
    text: str,
    doc: Doc,
    quotations: Sequence[Quotation],
    sentences: Sequence[tuple[int, int, int, int]],
    speakers: Speakers,
) -> list[Quotation]:
    """The quotations with the speakers that the text names.

    `sentences` are (start, end, first token, last token + 1).
    """
    cues = _Cues(doc, quotations, sentences, speakers)
    resolved: list[Quotation] = []
    for quotation in quotations:
        speaker = _beside(text, quotation, cues, speakers)
        if speaker is None and quotation.statement and resolved:
            before = (q for q in reversed(resolved[-_TERMS:]) if q.statement or q.speaker)
            speaker = _continued(text, next(before, resolved[-1]), quotation, cues)
        if speaker and speaker != OWN and _addresses(text, quotation, speaker):
            speaker = None
        if speaker == OWN:
            quotation = replace(quotation, statement=False)
        elif speaker:
            quotation = replace(quotation, speaker=speaker)
        resolved.append(quotation)
    return _with_title(text, resolved)


def _addresses(text: str, quotation: Quotation, speaker: str) -> bool:
    """Whether the quotation ends by addressing the speaker, who then is another: "It did not, Mr Roe."""
    addressed = _ADDRESSED.search(text, max(quotation.start, quotation.end - _REACH), quotation.end)
    return addressed is not None and addressed[1] == speaker.split()[-1]


def _with_title(text: str, resolved: list[Quotation]) -> list[Quotation]:
    """The quotations, where one of the first line has the speaker of the same words below it."""
    for at, quotation in enumerate(resolved[:_TITLED]):
        if quotation.speaker or not quotation.statement or "\n" in text[: quotation.end]:
            continue
        words = text[quotation.start : quotation.end].rstrip(" .,!?")
        same = (q.speaker for q in resolved[at + 1 :] if q.speaker and words in text[q.start : q.end])
        resolved[at] = replace(quotation, speaker=next(same, None))
    return resolved


class _Cues:
    """The report verbs outside quotation marks by sentence, cached."""

    def __init__(
        self,
        doc: Doc,
        quotations: Sequence[Quotation],
        sentences: Sequence[tuple[int, int, int, int]],
        speakers: Speakers,
    ) -> None:
        self._doc, self._sentences, self._speakers = doc, sentences, speakers
        self._quoted = [q.start for q in quotations], [q.end for q in quotations]
        self._verbs: dict[int, list[Token]] = {}
        self._according: dict[int, str | None] = {}
        self.starts = [s[0] for s in sentences]

    def sentence(self, offset: int) -> int:
        return max(bisect_right(self.starts, offset) - 1, 0)

    def last_speaker(self, sentence: int) -> str | None:
        """The subject of the last report verb of a sentence without quotations."""
        start, end, _, _ = self._sentences[sentence]
        at = bisect_right(self._quoted[0], end) - 1
        if at >= 0 and self._quoted[1][at] > start:
            return None
        verbs = [v for v in self.verbs(sentence) if v.lemma_ not in _SHARES and not _is_wished(v)]
        return self._speakers.of_verb(verbs[-1]) if verbs else None

    def person_before(self, offset: int) -> str | None:
        """The person who is the subject of the sentence before, if that is in the same paragraph."""
        number = self.sentence(offset)
        if number == 0 or self._doc.text.find("\n", self._sentences[number - 1][0], offset) >= 0:
            return None
        start, end, low, high = self._sentences[number - 1]
        if self._inside(start) or self._inside(end - 1):
            return None
        root = next((t for t in self._doc[low:high] if t.dep_ == "ROOT"), None)
        subject = next((c for c in root.children if c.dep_ == "nsubj"), None) if root is not None else None
        return self._speakers.person(subject) if subject is not None else None

    def acting(self, sentence: int) -> str | None:
        """The person who is the subject of the sentence: "Roe praised the guild, “..."."""
        _, _, low, high = self._sentences[sentence]
        root = next((t for t in self._doc[low:high] if t.dep_ == "ROOT" and not self._inside(t.idx)), None)
        subject = next((c for c in root.children if c.dep_ == "nsubj"), None) if root is not None else None
        return None if subject is None or self._inside(subject.idx) else self._speakers.person(subject)

    def putting(self, sentence: int) -> str | None:
        """Whoever puts it so in the sentence."""
        _, _, low, high = self._sentences[sentence]
        root = next((t for t in self._doc[low:high] if t.dep_ == "ROOT" and not self._inside(t.idx)), None)
        return None if root is None or root.lemma_ != "put" else self._speakers.of_verb(root)

    def writing(self, sentence: int) -> str | None:
        """Whose the writing is that the sentence says to open, or to end."""
        _, _, low, high = self._sentences[sentence]
        return of_writing(self._doc, low, high, self._speakers)

    def verbs(self, sentence: int) -> list[Token]:
        if sentence not in self._verbs:
            _, _, low, high = self._sentences[sentence]
            self._verbs[sentence] = [
                token
                for token in self._doc[low:high]
                if (token.lemma_ in REPORT_VERBS or _reads(token))
                and is_verb(token)
                and not self._inside(token.idx)
            ]
        return self._verbs[sentence]

    def may_report(self, verb: Token, quotation: Quotation) -> bool:
        """Whether the quotation can be what the verb reports."""
        if verb.lemma_ == "answer" and verb.tag_ != "VBD" and verb.idx < quotation.start:
            return False  # "a study to answer “What now?”"
        _, _, low, high = self._sentences[self.sentence(verb.idx)]
        if verb.lemma_ in _WEAK and any(
            a.lemma_ in STATEMENT_VERBS and not self._inside(a.idx) for a in verb.ancestors
        ):
            return False  # what somebody says that another asked
        word = next((t for t in self._doc[low:high] if t.idx >= quotation.start), None)
        if word is None:  # in another sentence
            return True
        subjects = (c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass") and not self._inside(c.idx))
        if any(s.left_edge.i <= word.i <= s.right_edge.i for s in subjects):
            return False
        return quotation.statement or (verb.is_ancestor(word) and verb.lemma_ not in _SHARES)

    def according_to(self, sentence: int) -> str | None:
        if sentence not in self._according:
            _, _, low, high = self._sentences[sentence]
            names = self._speakers.according_to(self._doc[low:high])
            self._according[sentence] = next((name for at, name in names if not self._inside(at)), None)
        return self._according[sentence]

    def _inside(self, offset: int) -> bool:
        at = bisect_right(self._quoted[0], offset) - 1
        return at >= 0 and offset < self._quoted[1][at]


def _reads(token: Token) -> bool:
    """Whether a writing is behind the verb: "“...,” reads a memo"."""
    return token.lemma_ == "read" and any(
        c.i > token.i and c.dep_ in ("nsubj", "dobj") and c.lemma_ in PAPERS for c in token.children
    )


def _is_wished(verb: Token) -> bool:
    """Whether the verb tells what was not said: "what I wish she had said", "what he should have said"."""
    auxiliaries = {c.lower_ for c in verb.children if c.dep_ == "aux"}
    would = "have" in auxiliaries and not auxiliaries.isdisjoint({"should", "could", "would", "might"})
    return would or verb.head.lemma_ in ("wish", "imagine")


def _beside(text: str, quotation: Quotation, cues: _Cues, speakers: Speakers) -> str | None:
    if _I_ASK.match(text, quotation.end):  # "I" opens a sentence of its own behind a question
        return OWN
    last, first = cues.sentence(quotation.end - 1), cues.sentence(quotation.start)
    lead = text[max(0, quotation.start - _REACH) : quotation.start].rstrip('"“„« \n')
    opens = quotation.start - cues.starts[first] <= 1
    places = (last, first, first - 1) if first and opens and lead.endswith(":") else (last, first)
    for sentence in dict.fromkeys(places):
        candidates: list[tuple[int, int, str]] = []
        for verb in cues.verbs(sentence):
            if not cues.may_report(verb, quotation):
                continue
            after = verb.idx >= quotation.end
            distance = verb.idx - quotation.end if after else quotation.start - verb.idx
            if distance > _REACH:
                continue
            named = OWN if says_i(verb) else speakers.of_verb(verb, after_quotation=after)
            if named and (named == OWN or verb.lemma_ not in _WEAK or can_report(named, strongly=False)):
                candidates.append((distance, verb.i, named))
        if candidates:
            return min(candidates)[2]
        if name := cues.according_to(sentence):
            return name
    if not quotation.statement:
        return None
    dash = _DASH_NAME.match(text, quotation.end + 1)
    if dash:
        return speakers.at(*dash.span(1)) or dash.group(1)
    signed = _SIGNED.match(text, quotation.end)
    signed = signed or _OFFICE.match(text, quotation.end)
    if signed and "\n" in text[quotation.start - 2 : quotation.start] and _is_signature(signed):
        return signed[1]
    said = text[quotation.end - 1] != "." and _SAID_BEHIND.match(text, quotation.end + 1)
    if said and said["name"] and said["name"].lower() not in _PRONOUNS:  # whose verb is taken for a noun
        return speakers.at(*said.span("name")) or said["name"]
    if lead.endswith(",") and (name := cues.acting(first)):
        return name
    if lead.endswith(":"):
        line = max(text.rfind("\n", 0, quotation.start) + 1, quotation.start - 2 * _REACH)
        if titled := _INTRODUCED.match(text, line, quotation.start - 1):  # "Ada Roe, chair of Corvell:"
            return titled[1]
        if person := cues.putting(first):  # "Roe put it this way at the meeting in Tarn:"
            return person
        named = speakers.at(max(cues.starts[first], quotation.start - _REACH), quotation.start)
        named = named or speakers.of_surname(lead[:-1].rpartition(" ")[2]) or cues.writing(first)
        behind_comma = _NAME_BEFORE.search(lead[:-1])
        return named or (behind_comma[1] if behind_comma else None)
    if (
        not any(cues.verbs(sentence) for sentence in (first, last))
        and quotation.start - cues.starts[first] <= 1
        and (name := cues.person_before(quotation.start))
    ):
        return name
    opens_paragraph = first and "\n" in text[quotation.start - 3 : quotation.start]
    if (
        opens_paragraph
        and _is_ended(text, quotation)
        and not any(cues.verbs(sentence) for sentence in (first, last))
    ):
        return cues.last_speaker(first - 1)
    return None


def _is_ended(text: str, quotation: Quotation) -> bool:
    """Whether the quotation ends a sentence; one that does not is a heading if it stands alone."""
    return any(
        mark in ".,!?…" for mark in (text[quotation.end - 1], *text[quotation.end + 1 : quotation.end + 2])
    )


def _is_signature(signed: re.Match[str]) -> bool:
    """Whether a name, or an office, is behind the quotation."""
    return signed.re is _SIGNED or ROLE.search(signed[1]) is not None


def _continued(text: str, previous: Quotation, quotation: Quotation, cues: _Cues) -> str | None:
    """The previous quotation's speaker if this one continues it: in the same paragraph, or as the next one.

    In the same paragraph it opens a sentence or belongs to that of the previous one; a few quoted words inside
    another sentence are no continuation. As a paragraph of its own it follows one that names no other person.
    """
    between = text[previous.end : min(quotation.start, previous.end + 400)]
    if previous.end + 400 < quotation.start:
        return None
    number, last = cues.sentence(quotation.start), cues.sentence(quotation.end - 1)
    opens = quotation.start - cues.starts[number] <= 1
    if "\n" not in between:
        return previous.speaker if opens or number == cues.sentence(previous.end - 1) else None
    if not between.strip(' \n"“”„«»’.'):
        return previous.speaker
    is_whole = opens and text[quotation.end + 1 : quotation.end + 2] in ("", "\n")
    # text of the page may be run on behind it
    is_whole = is_whole or (opens and text[quotation.end - 1] in ".!?" and not cues.verbs(last))
    line = between[: between.index("\n")]
    names = {name for name in _FULL_NAME.findall(line) if previous.speaker and name not in previous.speaker}
    is_next = not between[len(line) :].strip(' \n"“„«')
    return previous.speaker if is_whole and is_next and not names and not cues.verbs(number) else None
