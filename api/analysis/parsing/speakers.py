"""Speakers: report verbs, their subjects, and the text's names for those subjects.

Follows the usual recipe of quotation attribution (a cue verb beside the quotation, its subject, a name for the
subject; O'Keefe and others, "A Sequence Labelling Approach to Quote Attribution", 2012), with rules only.
Limits: a pronoun's name is a guess (`antecedents.py`); a speaker named only two sentences away is not found.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from api.analysis.parsing.antecedents import ANAPHORS, Antecedents
from api.analysis.parsing.speaker_names import ROLE
from api.analysis.parsing.subjects import is_participle, joins, last_part, shared_subject
from api.analysis.text.datelines import dateline_of, name_behind_dateline
from api.analysis.text.document import Quotation
from api.analysis.text.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Tokens

REPORT_VERBS = words(
    "say tell add explain note argue claim warn write state announce report reply respond ask insist admit "
    "acknowledge concede suggest remark comment observe stress emphasize emphasise declare predict caution "
    "contend assert believe estimate confirm deny recall conclude continue call describe joke complain "
    "promise boast tweet post quip agree point testify allege mention think find expect advise share "
    "elaborate answer rule decide reveal lament"
)
# Verbs that report a statement without quotation marks; the others above need a quotation beside them.
STATEMENT_VERBS = REPORT_VERBS - words(
    "find expect think call describe continue ask post respond reply point announce confirm promise mention "
    "report agree share answer rule decide reveal lament"
) | {"report"}
_FIRST_PERSON = frozenset({"i", "we"})
_LABELS = frozenset({"interview", "exclusive"})  # before a name: "Interview Jane Roe believes"
_HONORIFICS = frozenset({"mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "prof.", "sir"})
_NO_SURNAMES = words(
    "inc corp co ltd plc llc group bank company university institute council agency association department "
    "ministry office party union fund foundation times post systems labs technologies chairman chairwoman chair "
    "attorney general inspector commissioner judge justice detective sheriff captain colonel councillor sergeant "
    "president ceo cfo cto minister director secretary officer founder senator governor mayor professor chief "
    "executive"
)
_OPENS_TITLE = ("The ", "A ", "Its ", "Their ", "His ", "Her ", "An ")
_NAMED = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_TITLE_WORDS = 8  # words between a title and its name
_CLOSE = 3  # words between "I" and its report verb
_BETWEEN = 16  # words between a quotation and its report verb
_MAX_NAME = 80  # characters; a longer noun phrase describes the fact, not the speaker


class Speakers:
    """Names of one parsed text. Offsets are characters.

    `quotations` may lack speakers; `paragraphs` are (start, end).
    """

    def __init__(
        self,
        doc: Doc,
        body_start: int,
        quotations: Sequence[Quotation] = (),
        paragraphs: Sequence[tuple[int, int]] = (),
    ) -> None:
        entities = [e for e in doc.ents if e.start_char >= body_start]
        entities = sorted(
            (*_without_overlap(entities, found := _missed_persons(doc)), *found), key=lambda e: e.start
        )
        self._people = [e for e in entities if e.label_ == "PERSON"]
        self._all = [e for e in entities if e.label_ in ("PERSON", "ORG")]
        self._starts = [e.start_char for e in self._all]
        self._by_token = {t.i: e for e in (*doc.ents, *found) if e.label_ in _NAMED for t in e}
        self._full: dict[str, str] = {}
        for entity in self._people:
            words = [
                t.text for t in entity if t.text.lower() not in _HONORIFICS and t.text not in ("'s", "’s")
            ]
            if len(words) > 1 and not any(t.text in ("'s", "’s") for t in entity):
                first = entity.start + (len(words) > 2 and words[0].lower() in _LABELS)
                self._full.setdefault(words[-1], entity.doc[first : entity.end].text)
        titled = {t.text for before, t in pairwise(doc) if before.lower_ in _HONORIFICS}
        for entity in entities:  # a person whom the recogniser takes for a firm
            if len(entity) == 2 and entity[-1].text in titled and entity[0].is_title:
                self._full.setdefault(entity[-1].text, entity.text)
        self._dateline = dateline_of(doc.text, body_start)
        behind = name_behind_dateline(doc.text, body_start)
        self._behind = None if behind is None else doc.text[slice(*behind)]
        self._quoted = [q.start for q in quotations], [q.end for q in quotations]
        self._antecedents = Antecedents(
            doc, self._by_token, REPORT_VERBS, self.is_quoted, [start for start, _ in paragraphs]
        )

    def is_quoted(self, offset: int) -> bool:
        """Whether the offset is within quotation marks."""
        at = bisect_right(self._quoted[0], offset) - 1
        return at >= 0 and offset < self._quoted[1][at]

    def of_verb(self, verb: Token, *, after_quotation: bool = False) -> str | None:
        """The name of a report verb's subject; None without a subject or for a first person.

        In the passive the agent ("by the regulator") is the speaker.
        """
        if any(c.dep_ == "nsubjpass" for c in verb.children):
            agent = next((g for c in verb.children if c.dep_ == "agent" for g in c.children), None)
            return self.name(agent) if agent is not None else None
        subject = next((c for c in verb.children if c.dep_ == "nsubj" and c.text != "’’"), None)
        if subject is not None and self.is_quoted(subject.idx) and not self.is_quoted(verb.idx):
            subject = None  # a word of the quotation
        if subject is not None and is_participle(subject):
            subject = self._before(verb, subject)
        if subject is None and verb.dep_ == "conj" and verb.head.pos_ == "VERB":
            subject = next((c for c in verb.head.children if c.dep_ == "nsubj"), None)
        if subject is None and (
            verb.dep_ == "xcomp" or (verb.tag_ == "VBG" and verb.dep_ in ("advcl", "conj"))
        ):
            subject = shared_subject(verb)
        if subject is None and after_quotation:
            subject = self._between(verb) or self._inverted(verb)
        return self.name(subject) if subject is not None else None

    def name(self, token: Token) -> str | None:
        """The name of the thing that `token` heads: a full name, else the noun phrase."""
        token = last_part(token)
        low = token.lower_
        if low in _FIRST_PERSON:
            return None
        if token.pos_ == "PRON" and low in ANAPHORS:
            found = self._antecedents.of(token)
            return self._named(found) if found is not None else None
        if low == "who" and token.head.dep_ == "relcl":
            return self.name(token.head.head)
        return self._named(token)

    def _named(self, token: Token) -> str | None:
        """The name of a noun; for a place in the dateline the name behind it."""
        if self._dateline[0] <= token.idx < self._dateline[1]:
            return self._behind
        if (entity := self._by_token.get(token.i)) is not None:
            return self._canonical(entity)
        for child in token.subtree:  # "chairman and chief executive Jane Roe"
            if child.dep_ not in ("appos", "conj") or not 0 < child.i - token.i < _TITLE_WORDS:
                continue
            entity = self._by_token.get(child.i)
            # after a comma also a name labelled as a firm: "our co-founder, Ruben Asante-Lind"
            is_person = entity is not None and (entity.label_ == "PERSON" or len(_proper_name(child)) > 1)
            if entity is not None and (is_person or (child.dep_ == "appos" and len(entity) > 1)):
                return self._canonical(entity)
            if child.dep_ == "appos" and len(run := _proper_name(child)) > 1:
                return str(run.text)
            if child.dep_ == "appos" and (called := self._called(child)) is not None:
                return called
        if (called := self._called(token)) is not None:
            return called
        if (behind := self._behind_title(token)) is not None:
            return behind
        is_name = token.pos_ != "PRON" and any(
            map(str.isupper, token.text)
        )  # "Quantive" is tagged as an adverb
        if not is_name and token.pos_ not in ("NOUN", "PROPN", "NUM"):
            return None
        phrase = self._phrase(token)
        return self._full.get(phrase, phrase) if phrase is not None else None

    def _called(self, noun: Token) -> str | None:
        """The name in "a civil servant called Jane Roe", "the player who goes by Roe"."""
        for verb in noun.children:
            if verb.dep_ == "acl" and verb.lower_ in ("called", "named"):
                names = [c for c in verb.children if c.dep_ in ("oprd", "dobj")]
            elif verb.dep_ == "relcl" and verb.lemma_ == "go":
                names = [g for c in verb.children if c.lower_ == "by" for g in c.children if c.dep_ == "prep"]
            else:
                continue
            for name in names:
                entity = self._by_token.get(name.i)
                return self._canonical(entity) if entity is not None else str(name.text)
        return None

    def _behind_title(self, token: Token) -> str | None:
        """The person in "its head of sales, Jane Roe", which the parser does not join."""
        clause = next((c for c in token.children if c.dep_ == "relcl"), None)
        if clause is not None and (name := self._behind_clause(clause)) is not None:
            return name
        title = self._phrase(token) if token.pos_ == "NOUN" and ROLE.search(token.text) else None
        if title is None or (title[:1].isupper() and not title.startswith(_OPENS_TITLE)):
            return None
        at = token.doc.text.find(title, token.left_edge.idx) + len(title)
        comma = next(
            (t for t in token.doc[token.i : token.i + _TITLE_WORDS] if t.idx == at and t.text == ","), None
        )
        entity = None if comma is None else self._by_token.get(comma.i + 1)
        is_name = entity is not None and entity.label_ == "PERSON" and len(entity) > 1
        return self._canonical(entity) if entity is not None and is_name else None

    def _behind_clause(self, clause: Token) -> str | None:
        """The person in "a captain I sail with, Jane Roe, said", which the parser gives to the clause."""
        near = clause.doc[clause.i + 1 : clause.i + _CLOSE + 1]
        comma = next((t for t in near if t.text == ","), None)
        entity = None if comma is None else self._by_token.get(comma.i + 1)
        is_name = entity is not None and entity.label_ == "PERSON" and len(entity) > 1
        return self._canonical(entity) if entity is not None and is_name else None

    def person(self, token: Token) -> str | None:
        """The full name that the token heads, if it is a person's."""
        entity = self._by_token.get(token.i)
        name = self._canonical(entity) if entity is not None and entity.label_ == "PERSON" else ""
        run = _proper_name(token)  # the recogniser takes it for a firm's, or misses it
        is_described = len(run) > 1 and token.i + 1 < len(token.doc) and token.nbor(1).text == ","
        return name if " " in name else str(run.text) if is_described else None

    def at(self, start: int, end: int) -> str | None:
        """The last person or organisation named within characters [start, end)."""
        low = bisect_left(self._starts, start)
        high = bisect_left(self._starts, end)
        inside = [e for e in self._all[low:high] if e.end_char <= end]
        return self._canonical(inside[-1]) if inside else None

    def first_at(self, start: int, end: int) -> str | None:
        """The first person or organisation named within characters [start, end)."""
        low = bisect_left(self._starts, start)
        found = self._all[low] if low < len(self._all) else None
        return None if found is None or found.end_char > end else self._canonical(found)

    def named(self, start: int, end: int, *, people: bool) -> list[str]:
        """The persons, else the organisations, named within characters [start, end), by their full names."""
        kind = "PERSON" if people else "ORG"
        inside = (e for e in self._by_token.values() if start <= e.start_char and e.end_char <= end)
        return list(dict.fromkeys(self._canonical(e) for e in inside if e.label_ == kind))

    def according_to(self, tokens: Tokens) -> Iterator[tuple[int, str]]:
        """The (offset, name) of every "according to X" among the tokens."""
        for token in tokens:
            if token.lower_ == "according":
                pobj = next((t for t in token.subtree if t.dep_ == "pobj"), None)
                if pobj is not None and (name := self.name(pobj)):
                    yield token.idx, name

    def of_surname(self, surname: str) -> str | None:
        """The full name of the person whom the body names by it."""
        return self._full.get(surname)

    def _before(self, verb: Token, participle: Token) -> Token | None:
        """The name just before the verb, whose subject is not the participle that opens the sentence."""
        behind = verb.doc[max(participle.i + 1, verb.i - _TITLE_WORDS) : verb.i]
        return next((t for t in reversed(behind) if t.i in self._by_token or t.tag_ == "NNP"), None)

    def _between(self, verb: Token) -> Token | None:
        """The subject in "...," Jane Roe, the chair, told them, if misparsed."""
        first = verb.i
        while first > 0 and verb.i - first < _BETWEEN and not self.is_quoted(verb.doc[first - 1].idx):
            first -= 1
        names = [t for t in verb.doc[first : verb.i] if t.i in self._by_token or t.tag_ == "NNP"]
        people = (t for t in names if t.i in self._by_token and self._by_token[t.i].label_ == "PERSON")
        return next(people, names[0] if names else None)

    def _inverted(self, verb: Token) -> Token | None:
        """The subject in "...," said Jane Roe, if misparsed as an object or a modifier."""
        follower = verb.doc[verb.i + 1 : min(verb.i + 5, verb.sent.end)]
        named = next((t for t in follower if t.i in self._by_token), None)
        if named is not None:
            return named
        return next((t for t in follower if t.pos_ in ("NOUN", "PROPN") and t.dep_ != "compound"), None)

    def _canonical(self, entity: Tokens) -> str:
        words = [t.text for t in entity]
        while words and words[-1] in ("'s", "’s", "’", "'"):
            words.pop()
        end = entity.start + len(words)
        while end - 1 > entity.start and entity.doc[end - 1].lemma_ in REPORT_VERBS:
            end -= 1  # "Jens Vik explained" as a name
        start = entity.start
        owner = next((i for i in range(start, end - 1) if entity.doc[i].text in ("'s", "’s")), None)
        if owner is not None and (
            entity.label_ == "PERSON" or entity.doc[owner + 1 : end].text in self._full
        ):
            start = owner + 1  # "Corvell’s Roe"
        while start < end - 1 and entity.doc[start].lower_ in _HONORIFICS | _LABELS | {"the"}:
            start += 1
        if end - start == 1 and entity.label_ == "PERSON" and entity.doc[start].text not in self._full:
            start = _first_name(entity.doc[start])
        text: str = entity.doc[start:end].text if start < end else entity.text
        return self._full.get(text, text)

    def _phrase(self, token: Token) -> str | None:
        """The noun phrase without clauses and without words after a comma."""
        doc = token.doc
        end = token.i + 1
        limit = min(token.right_edge.i + 1, token.i + 9)
        while (
            end < limit
            and (doc[end].dep_ not in ("relcl", "acl", "punct", "appos", "cc") or joins(doc, end))
            and not (
                doc[end].lower_ in _FIRST_PERSON  # "a captain I know"
                or doc[end].pos_ in ("VERB", "AUX", "SCONJ")
                or doc[end].is_space
                or doc[end].tag_ in ("WDT", "WP")
            )
        ):
            end += 1
        if end == limit <= token.right_edge.i:  # cut within a part that a preposition begins
            parts = (at for at in range(end - 1, token.i, -1) if doc[at].pos_ == "ADP")
            end = next(parts, end)
        while end - 1 > token.i and doc[end - 1].pos_ in ("ADP", "DET", "ADV", "PART"):
            end -= 1
        start = token.left_edge.i
        while start < token.i and doc[start].pos_ == "CCONJ":  # "And the farmers"
            start += 1
        while start > 1 and doc[start - 1].text == "-" and not doc[start - 2].whitespace_:
            start = doc[start - 2].left_edge.i
        if doc[end - 1].text == "-":  # the parser cut "publicly-traded"
            end = token.i + 1
        text: str = doc[start:end].text.strip()
        return text if text and len(text) <= _MAX_NAME and "\n" not in text else None


def is_verb(token: Token) -> bool:
    """Whether the token is a verb, or tagged as a noun in spite of its subject ("eGlide claims")."""
    if token.pos_ in ("VERB", "AUX"):
        return True
    return (
        token.dep_ == "ROOT"
        and token.lemma_ in REPORT_VERBS
        and any(c.dep_ == "nsubj" for c in token.children)
    )


def says_i(verb: Token) -> bool:
    """Whether the verb's subject is "I" or "we" beside it."""
    return any(
        c.dep_ == "nsubj" and c.lower_ in _FIRST_PERSON and abs(c.i - verb.i) <= _CLOSE for c in verb.children
    )


def _proper_name(token: Token) -> Tokens:
    """The two or three capitalised proper nouns that end in `token`; fewer if they are not a person's name."""
    doc, start = token.doc, token.i
    while start > 0 and token.i - start < 2 and doc[start - 1].tag_ == "NNP" and doc[start - 1].is_title:
        if start < token.i and doc[start - 1].lower_ in _NO_SURNAMES:  # "Chief People Officer Jane Roe"
            break
        start -= 1
    proper = token.tag_ == "NNP" and token.is_title and token.lower_.rstrip(".") not in _NO_SURNAMES
    return doc[start : token.i + 1] if proper else doc[token.i : token.i]


def _first_name(surname: Token) -> int:
    """The first token of the full name of which the recogniser saw the surname."""
    doc, start = surname.doc, surname.i
    while start > 0 and surname.i - start < 2:
        before = doc[start - 1]
        if before.dep_ != "compound" or before.pos_ != "PROPN" or before.ent_type_ or not before.is_title:
            break
        if before.lower_ in _HONORIFICS | _NO_SURNAMES or ROLE.search(before.text):
            break
        start -= 1
    return start


def _missed_persons(doc: Doc) -> list[Tokens]:
    """Persons that the recogniser missed: two or three proper nouns, no firm, that report or have an office."""
    from spacy.tokens import Span

    found: list[Tokens] = []
    for token in doc:
        reports = token.dep_ == "nsubj" and token.head.lemma_ in REPORT_VERBS
        # "the aviation minister, Jane Roe"
        reports = reports or (token.dep_ == "appos" and ROLE.fullmatch(token.head.text) is not None)
        if not reports and not (token.tag_ == "NNP" and _is_described(token)):
            continue
        run = _proper_name(token)
        labels = {t.ent_type_ for t in run}
        if len(run) > 1 and "PERSON" not in labels and "" in labels:
            found.append(Span(doc, run.start, run.end, label="PERSON"))
    return found


def _is_described(token: Token) -> bool:
    """Whether ", who" or ", whose" follows."""
    doc, at = token.doc, token.i + 1
    return at + 1 < len(doc) and doc[at].text == "," and doc[at + 1].lower_ in ("who", "whose", "whom")


def _without_overlap(entities: list[Tokens], others: list[Tokens]) -> list[Tokens]:
    taken = {t.i for other in others for t in other}
    return [e for e in entities if taken.isdisjoint(range(e.start, e.end))]
