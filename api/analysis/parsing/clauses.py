"""Clauses of a sentence that can be quoted alone.

A clause runs from its subject to the last complete place within the limit: no word depends on one behind the
cut, no verb lacks its object, no noun its restrictive relative clause. A condition ("if", "unless") is never cut
off, since that would change the statement. For the same reason there is no clause if a denial, a refusal or a
condition precedes it.

Limits: the edges are the parser's; of a subject of more than fourteen words only the head is quoted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.document import Document, Sentence
from api.analysis.text.lexicon import words
from api.analysis.text.passages import NEGATIONS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MAX_WORDS = 22  # tokens; a longer quotation cannot name a claim
MAX_BEFORE_VERB = 14  # tokens of a subject
MAX_OF_FAR_SUBJECT = 6  # tokens before the head of a longer one
_MAX_STEPS = 12  # up a parse tree; deeper clauses are not worth quoting
SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj", "csubjpass"})
CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "VERB"})
FORBIDDEN = frozenset('“”"‘«»„()[]{}<>|*\n\t')
_HARD = frozenset(';:—–()[]"“”‘«»„!?\n')
_NEEDED = words(
    "pobj dobj attr acomp xcomp ccomp prt oprd agent pcomp dative nsubj nsubjpass aux auxpass neg case cop"
)
_RESTRICTS = frozenset({"relcl", "acl"})
_OBJECTS = frozenset({"attr", "dobj", "acomp"})
_CONDITIONS = frozenset({"if", "unless", "except"})
_GLUE = frozenset("-'’%/&")
_OPENS = frozenset({"ADP", "DET", "CCONJ", "SCONJ", "PUNCT", "PART", "AUX", "SPACE"})
_LIMITING = words(
    "if unless except until without than of or whether to rather instead who whom whose which that's"
)
_NOT = frozenset({"not", "n't", "n’t"})
# A sentence does not assert its clauses under these: conditions, wishes, refusals.
_NOT_ASSERTED = words("if unless whether lest without until till")
_TAKE_BACK = words(
    "let deny doubt refuse refute reject dispute dismiss decline fail avoid prevent stop forbid hope wish "
    "pretend wonder imagine suppose"
)
_UNDER = words("ccomp xcomp acl pcomp dobj pobj prep attr acomp oprd")
_TAKES_A_CLAUSE = REPORT_VERBS | words(
    "show indicate reveal mean learn know prove demonstrate ensure feel hear see"
)
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def clause_of(document: Document, sentence: Sentence, verb: Token, upto: int = 0) -> str | None:
    """The clause of `verb`, up to token `upto` at least.

    Returns None if every cut is incomplete or changes the statement. "…" separates the head of a long subject
    from its verb.
    """
    first = _start(document, sentence, verb)
    while first < verb.i and document.doc[first].pos_ in ("PUNCT", "CCONJ", "SPACE", "SCONJ"):
        first += 1
    if not _is_asserted(document, sentence, verb, first):
        return None
    last = _end(document, sentence, verb, first, max(upto, verb.i))
    clause = None if last is None else quotable(document, first, last, least_content=2)
    subject = _far_subject(verb, first)
    if clause is None or subject is None:
        return clause
    end = max(
        [subject.i, *(_right(c) for c in subject.children if c.lower_ == "of" and c.i == subject.i + 1)]
    )
    if any(t.lower_ in NEGATIONS or t.lower_ in _NOT_ASSERTED for t in document.doc[end + 1 : first]):
        return None
    named = quotable(document, max(subject.left_edge.i, sentence.first), end, least_content=1)
    return f"{named} … {clause}" if named and end < first else clause


def _far_subject(verb: Token, first: int) -> Token | None:
    """The subject if the clause does not begin with it and it is no relative pronoun."""
    subject = _subject_before(verb)
    if subject is None or subject.i >= first or subject.tag_ in ("WDT", "WP"):
        return None
    return None if subject.i - subject.left_edge.i > MAX_OF_FAR_SUBJECT else subject


def _subject_before(verb: Token) -> Token | None:
    """The subject; if the parser takes "n’t" for it, the subject of the auxiliary."""
    own = [c for c in verb.children if c.i < verb.i]
    found = next((c for c in own if c.dep_ in SUBJECTS and c.lower_ not in _NOT), None)
    if found is None and any(c.dep_ in SUBJECTS for c in own):
        helpers = (g for c in own if c.dep_ == "aux" for g in c.children)
        found = next((g for g in helpers if g.dep_ in SUBJECTS), None)
    return found


def _is_asserted(document: Document, sentence: Sentence, verb: Token, first: int) -> bool:
    """Whether the sentence asserts its clause from `first` on."""
    doc = document.doc
    if doc[first].lower_ in _NOT:
        return False
    if first > sentence.first and (low := doc[first - 1].lower_) in NEGATIONS | _NOT_ASSERTED and low != "no":
        return False
    token = verb
    for _ in range(_MAX_STEPS):
        if any(c.dep_ == "mark" and c.lower_ in _NOT_ASSERTED and c.i < first for c in token.children):
            return False
        head = token.head
        if head.i == token.i or not sentence.first <= head.i < sentence.last:
            break
        if token.dep_ != "conj":
            if token.dep_ not in _UNDER:
                break
            if head.lemma_ in _TAKE_BACK or _is_negated(head):
                return False
            # "a test that measures a protein may show it": misparsed, the outer verb is in the relative clause
            if token.dep_ == "ccomp" and head.dep_ == "relcl" and head.lemma_ not in _TAKES_A_CLAUSE:
                return False
        token = head
    return True


def _is_negated(verb: Token) -> bool:
    """Whether the verb or its subject is negated."""
    return any(
        c.lower_ in NEGATIONS or (c.dep_ in SUBJECTS and any(g.lower_ == "no" for g in c.children))
        for c in verb.children
    )


def clause_with(document: Document, start: int, end: int) -> str | None:
    """The innermost finite clause with a subject that contains characters [start, end) of one sentence."""
    sentence = document.sentence_at(start)
    first, last = document.token_at(start), document.token_at(max(end - 1, start))
    token = document.doc[first]
    for _ in range(_MAX_STEPS):
        if is_finite(token) and any(c.dep_ in SUBJECTS for c in token.children):
            clause = clause_of(document, sentence, token, last)
            if (
                clause is not None
                and document.text[start:end] in clause
                and has_subject(token, document, clause)
            ):
                return clause
        if token.head.i == token.i or not sentence.first <= token.head.i < sentence.last:
            break
        token = token.head
    return None


def has_subject(verb: Token, document: Document, clause: str) -> bool:
    """Whether the quoted clause contains its subject."""
    subject = _subject_before(verb)
    if subject is None or subject.tag_ in ("WDT", "WP"):
        return False
    return document.text[subject.idx : subject.idx + len(subject.text)] in clause


def is_finite(token: Token) -> bool:
    """Whether the verb, or an auxiliary of it, has a tense."""
    return token.pos_ in ("VERB", "AUX") and (
        token.tag_ in _FINITE
        or any(c.tag_ in _FINITE and c.dep_ in ("aux", "auxpass") for c in token.children)
    )


def quotable(document: Document, first: int, last: int, *, least_content: int) -> str | None:
    """The text of tokens first to last; None if it has too little content or is not fit for quotation."""
    tokens = document.doc[first : last + 1]
    content = sum(t.pos_ in CONTENT and t.text[:1].isalnum() for t in tokens)
    if content < least_content:
        return None
    end = tokens[-1]
    phrase = document.text[tokens[0].idx : end.idx + len(end.text)]
    if not FORBIDDEN.isdisjoint(phrase) or phrase.strip() != phrase or _lone_mark(phrase):
        return None
    return phrase if phrase[0].isalnum() or phrase[0] in "$€£¥" else None


def _lone_mark(phrase: str) -> bool:
    return any(
        c in "'’" and (not phrase[at - 1 : at].isalnum() or not phrase[at + 1 : at + 2].isalnum())
        for at, c in enumerate(phrase)
    ) and not phrase.endswith(("s'", "s’"))


def _start(document: Document, sentence: Sentence, verb: Token) -> int:
    """The first token of the clause: the subject's, else the verb group's."""
    helpers = [c.i for c in verb.children if c.dep_ in ("aux", "auxpass", "neg") and c.i < verb.i]
    group = min([verb.i, *helpers])
    subject = _subject_before(verb)
    if subject is None or subject.tag_ in ("WDT", "WP"):
        return group
    first = max(subject.left_edge.i, sentence.first)
    return group if verb.i - first > MAX_BEFORE_VERB else first


def _end(document: Document, sentence: Sentence, verb: Token, first: int, least: int) -> int | None:
    """The last token: the furthest complete place within the limit, preferably before a mark."""
    doc = document.doc
    limit = min(sentence.last, first + MAX_WORDS, _border(verb), max(verb.right_edge.i, least) + 1)
    stop = next((i for i in range(least + 1, limit) if doc[i].text[:1] in _HARD), limit)
    needs = _needs(doc, verb.i, first, stop)
    complete = [i for i in range(least, stop) if needs[i - first] <= i and _may_end(document, sentence, i)]
    if not complete:
        return None
    edges = [i for i in complete if i + 1 >= sentence.last or doc[i + 1].text[:1] in _HARD | {",", "."}]
    furthest = complete[-1]
    return edges[-1] if edges and 2 * (edges[-1] - first) >= furthest - first else furthest


def _border(verb: Token) -> int:
    """The token at which the next coordinate clause, its conjunction, or the source of the statement begins."""
    beside = [c for c in verb.children if c.dep_ in ("conj", "parataxis") and c.i > verb.i]
    own = next((c.left_edge.i for c in beside if any(g.dep_ in SUBJECTS for g in c.children)), None)
    source = next((c.i for c in verb.children if c.lower_ == "according" and c.i > verb.i), None)
    border = min((at for at in (own, source) if at is not None), default=len(verb.doc))
    while border - 1 > verb.i and border < len(verb.doc) and verb.doc[border - 1].dep_ in ("cc", "punct"):
        border -= 1
    return border


def _needs(doc: Doc, verb: int, first: int, stop: int) -> list[int]:
    """For each place from `first` on, the furthest token that the words up to it need."""
    reach: list[int] = []
    furthest = first
    for i in range(first, stop):
        token = doc[i]
        furthest = max(furthest, i)
        if token.head.i > i != verb and token.dep_ not in ("punct", "cc"):
            furthest = max(furthest, token.head.i)
        objects = [c for c in token.children if c.i > i and c.dep_ in _OBJECTS]
        for child in token.children:
            if child.i > i and child not in objects[1:] and _is_needed(doc, token, child, stop):
                furthest = max(furthest, _right(child))
        reach.append(furthest)
    return reach


def _is_needed(doc: Doc, token: Token, child: Token, stop: int) -> bool:
    """Whether `token` is incomplete or changes its meaning without `child` behind it."""
    if child.dep_ in _NEEDED:
        return True
    if child.dep_ in _RESTRICTS:
        return doc[child.left_edge.i - 1].text != "," and child.left_edge.i < stop
    if child.dep_ == "advcl":
        return any(c.dep_ == "mark" and c.lower_ in _CONDITIONS for c in child.children)
    return child.dep_ == "prep" and (child.lower_ == "of" or token.pos_ == "ADJ")


def _right(token: Token) -> int:
    """The last token that this one needs."""
    inner = (c for c in token.children if c.i > token.i and c.dep_ in _NEEDED)
    return max([int(token.i), *map(_right, inner)])


def _may_end(document: Document, sentence: Sentence, last: int) -> bool:
    token = document.doc[last]
    if token.pos_ in _OPENS and token.dep_ != "prt":
        return False
    if last + 1 >= sentence.last:
        return True
    following = document.doc[last + 1]
    if following.lower_ in _LIMITING or following.text[:1] in _GLUE or following.ent_iob_ == "I":
        return False
    if token.pos_ == "VERB" and following.head.i == last and following.pos_ in ("ADP", "ADV", "PART", "ADJ"):
        return False  # "are going | along", "resulted | from"
    if following.text == "," and last + 2 < sentence.last:
        return document.doc[last + 2].lower_ not in _CONDITIONS
    return True
