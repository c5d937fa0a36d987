"""The news of a story: the sentence that tells what happened (of an argument: its thesis), and its statement.

The statement is the sentence as another would report it: in the third person, without dateline, connective,
ceremony ("is thrilled to announce") or asides. A sentence that cannot be turned safely is quoted instead.

Limits: "we" is turned only where the publisher speaks for itself; a headline is always quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.analysis.content.key_phrases import core_of
from api.analysis.content.subjects import possessive
from api.analysis.content.summary import is_fit
from api.analysis.framing.lexicons import BAD_NEWS
from api.analysis.parsing.clauses import SUBJECTS, is_finite
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.datelines import DATELINE
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.lexicon import words
from api.analysis.text.names import within_sentence
from api.analysis.text.passages import NEGATIONS
from schemas.assessments import Happening
from schemas.enums import SpinType

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_WORDS = 32  # of a statement; longer ones are cut at the end of a clause
LONGEST = 42  # words that are still told whole if there is no such place
FEWEST_WORDS = 5
LONG = 20  # words of a statement that needs no phrase before its subject
MIN_OPENING = 4  # words of such a phrase; shorter ones say where or when
LOOKED_AT = 12  # sentences of the body searched for the words of a title that tells the news
RESTATES = 0.5  # share of a title's content words by which a sentence of the body says the same
_BULLET = re.compile(r"[*•·–—-]\s+")
_OPENING = re.compile(
    r"(?:(?:and|but|so|yet|also|now|today|yesterday|still|then|finally|specifically|indeed|moreover|furthermore|"
    r"however|meanwhile|additionally|in addition|as a result|for (?:this|that|these) reasons?|that said|"
    r"with that said|of course|in fact|in short|after all|simply put|recently|sadly|instead|unfortunately|"
    r"earlier (?:today|this (?:week|month|year))|(?:last|this) (?:week|month|year)),? +){1,3}",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r" ?\([^()]{1,80}\)")
# "Quillon Inc., a leading provider of pumps, today announced"
_BOAST = re.compile(
    r"^([A-Z][^,]{2,60}(?:, (?:Inc|Ltd|LLC|Corp)\.?)?), (?:an?|the|one of the|[A-Z]\w{2,20}['’]s) [^,]{5,150}, "
    r"(?=(?:(?:today|this week) )?(?:has|have|is|are|will|\w+(?:ed|es|s))\b)"
)
_COMMAS = re.compile(r" ?,(?: ?,)?")
_CEREMONY = frozenset(
    {"excited", "thrilled", "pleased", "proud", "happy", "delighted", "glad", "honored", "honoured"}
)
_OTHERS = words("i me my mine myself you your yours yourself yourselves ours let's")
_TURNED = {"our": "its", "us": "it", "ourselves": "itself"}
_CONTRACTED = {"'re": " is", "’re": " is", "'ve": " has", "’ve": " has", "'ll": " will", "’ll": " will"}
_IRREGULAR = {"have": "has", "are": "is", "am": "is", "do": "does", "were": "was"}
_LIMITING = words(
    "but not if unless except rather though although until instead only according pending without"
)
_INNER_MARKS = str.maketrans("“”", "‘’")
_SOFTENS = frozenset({SpinType.CUSHION, SpinType.SHIELD})
_FUNCTION_WORDS = frozenset({"DET", "ADP", "SCONJ", "PRON", "ADV", "CCONJ"})
_CUT_AT = frozenset({",", ";", "—", "–", ":"})
_ABBREVIATED = frozenset(
    {"Adj", "Inc", "Corp", "Ltd", "Co", "No", "Rep", "Sen", "Gov", "U.S", "D.C", "approx"}
)
_POINTING = words("he she they this that these those")
_COMPANY = re.compile(r"^the (?:company|firm|startup|start-up) (?=\w+)")
_DROPPABLE = frozenset({"relcl", "acl", "advcl", "prep", "parataxis", "advmod", "npadvmod"})


@dataclass(frozen=True, slots=True)
class News:
    """The sentence that tells the news. `statement` has no closing mark and begins as inside a sentence.

    `statement` is None if the sentence can only be quoted; `quote` is its text in one line, without the closing
    mark.
    """

    sentence: Sentence
    statement: str | None
    quote: str
    voice: str

    @property
    def is_quotable(self) -> bool:
        """Whether the quotation is short enough, and whole."""
        whole = self.quote.count('"') % 2 == 0 and not (
            self.sentence.role != "title" and self.quote.endswith("?")
        )
        return whole and FEWEST_WORDS <= len(self.quote.split()) <= LONGEST


def news_sentences(document: Document, happening: Happening | None) -> list[Sentence]:
    """The sentence that tells the news, after the fragment that it continues ("Quillon Inc."), if any.

    For a title it is the sentence near the start of the body that restates it, if any. [] if it is unknown.
    """
    if happening is None or not happening.spans:
        return []
    sentence = document.sentence_at(happening.spans[0].start)
    if sentence.role == "title":
        sentence = _restated(document, sentence)
    found = [sentence]
    end = happening.spans[-1].end
    while not document.is_finite(found[-1]) and found[-1].end < end:
        found.append(document.sentences[found[-1].index + 1])
    before = document.sentences[sentence.index - 1] if sentence.index else sentence
    if sentence.text.startswith("(") and before.role != "title" and not document.is_finite(before):
        found.insert(0, before)
    return found


def bad_news_sentence(document: Document, kind: SpinType, news: Sequence[Sentence]) -> Sentence | None:
    """The sentence that tells most of the bad news, those with a figure first.

    None if the text neither softens nor excuses, or if the news sentence tells bad news itself.
    """
    if kind not in _SOFTENS:
        return None
    told_by: dict[int, int] = {}
    for sentence, _ in BAD_NEWS.by_sentence(document):
        told_by[sentence.index] = told_by.get(sentence.index, 0) + 1
    if any(s.index in told_by for s in news):
        return None
    fit = [s for s in map(document.sentences.__getitem__, told_by) if s.role != "title" and is_fit(s)]
    return min(fit, key=lambda s: (not s.numbers, -told_by[s.index], s.index), default=None)


def _restated(document: Document, title: Sentence) -> Sentence:
    """The sentence near the start of the body with most of the title's words, else the title."""
    content = frozenset(document.content_words(title))
    best, most = title, max(RESTATES * len(content), 2.0)
    for other in document.sentences[title.index + 1 : title.index + 1 + LOOKED_AT]:
        shared = len(content & frozenset(document.content_words(other)))
        whole = other.role != "title" and document.is_finite(other) and not is_boilerplate(other.text)
        if whole and shared > most and not other.text.rstrip().endswith("?"):
            best, most = other, float(shared)
    return best


def told(document: Document, sentences: Sequence[Sentence], actor: str | None, subject: str | None) -> News:
    """The news that these sentences tell, of which the last is whole.

    `actor` is the party for which the whole text speaks, `subject` the name of who acts.
    """
    first, last = sentences[0], sentences[-1]
    start = first.start
    for pattern in (DATELINE, _BULLET):
        if (match := pattern.match(document.text, start, last.end)) is not None:
            start = match.end()
    flat = " ".join(document.text[start : last.end].split())
    statement = None
    can_be_told = last.role != "title" or not _is_headline(flat)
    if can_be_told and last.voice == DOCUMENT_VOICE and not flat.endswith("?"):
        statement = _Statement(document, first.first, last.last, start, actor).text()
    if statement and subject:
        statement = _COMPANY.sub(f"{subject} ", statement)
    if len(flat.split()) > LONGEST and statement is None:
        flat = core_of(document, last) or flat
    quote = flat.rstrip(" .:").translate(_INNER_MARKS)
    title = document.sentences[0]
    if statement is None and len(quote.split()) > LONGEST and title.role == "title" != last.role:
        return told(document, [title], actor, subject)
    return News(sentence=last, statement=statement, quote=quote, voice=document.main_voice(last))


def _is_headline(title: str) -> bool:
    """Whether the title is set in capitals, or is a label and a text."""
    long = [word for word in title.split()[1:] if len(word) > 3 and word.isalpha()]
    return 2 * sum(word.islower() for word in long) <= len(long) or ": " in title or "|" in title


class _Statement:
    """Builds the statement of one sentence from its tokens."""

    def __init__(self, document: Document, first: int, last: int, start: int, actor: str | None) -> None:
        self._document = document
        self._actor = actor
        if (opening := _OPENING.match(document.text, start)) is not None:
            start = opening.end()
        self._tokens = [t for t in document.all_tokens[first:last] if t.idx >= start and not t.is_space]
        self._new: dict[int, str] = {}  # the words that replace a token's; "" removes it

    def text(self) -> str | None:
        """The statement; None if the sentence is better quoted."""
        tokens = self._tokens
        while tokens and (tokens[-1].is_punct or tokens[-1].is_quote) and tokens[-1].text not in "”\"’')%":
            tokens.pop()
        root = next((t for t in tokens if t.dep_ == "ROOT" and is_finite(t)), None)
        if (
            root is None
            or tokens[-1].text in _ABBREVIATED
            or tokens[0].pos_ in ("VERB", "AUX", "PUNCT")
            or tokens[0].i >= root.i
        ):
            return None
        subject = _subject(root)
        if subject is not None and (subject.lower_ in _POINTING or _points_back(subject, root)):
            return None
        if not self._turn_person() or any(t.lower_ in _OTHERS for t in self._own()):
            return None
        self._drop_ceremony()
        self._drop_aside(root)
        self._drop_opening(root)
        if not self._cut(root):
            return None
        return self._joined()

    def _own(self) -> list[Token]:
        """The tokens outside quotations, whose words stay as they are."""
        at = self._document.quotation_at
        return [t for t in self._tokens if at(t.idx, t.idx + len(t.text)) is None]

    def _turn_person(self) -> bool:
        """Turn "we" into the actor; False if there is none."""
        named = False
        for token in self._own():
            low = token.lower_
            if low in _TURNED:
                if self._actor is None:
                    return False
                first = low == "our" and not named
                self._new[token.i] = possessive(within_sentence(self._actor)) if first else _TURNED[low]
                named = True
                if low == "us" and token.i and token.nbor(-1).lower_ == "of":
                    return False  # "all of us"
            elif low == "we":
                if self._actor is None or token.dep_ not in SUBJECTS:
                    return False
                self._new[token.i] = "it" if named else within_sentence(self._actor)
                named = True
                self._agree(token.head)
                if token.i + 1 < len(token.doc) and (short := token.nbor(1).lower_) in _CONTRACTED:
                    self._new[token.i + 1] = _CONTRACTED[short]
        return True

    def _agree(self, verb: Token) -> None:
        """Put the verb, its auxiliaries and the verbs beside it into the third person singular."""
        for token in (verb, *(c for c in verb.children if c.dep_ in ("aux", "auxpass"))):
            if token.tag_ == "VBP" or token.lower_ == "were":
                self._new[token.i] = third_person(token.lower_)
        for beside in verb.children:
            if beside.dep_ == "conj" and not any(c.dep_ in SUBJECTS for c in beside.children):
                self._agree(beside)

    def _drop_ceremony(self) -> None:
        """Turn "is thrilled to announce" into "announces"."""
        for token, to, act in zip(self._tokens, self._tokens[1:], self._tokens[2:], strict=False):
            if token.lower_ not in _CEREMONY or to.lower_ != "to" or act.tag_ != "VB":
                continue
            first = token.i
            while first and _helps(token.doc[first - 1]):
                first -= 1
            if first == token.i:
                continue
            plural = token.doc[first].lower_ == "are" and first not in self._new
            self._new |= dict.fromkeys(range(first, act.i), "")
            self._new[act.i] = act.lower_ if plural else third_person(act.lower_)

    def _drop_aside(self, root: Token) -> None:
        """Drop an apposition of the subject between commas, which is often a boast."""
        subject = _subject(root)
        for child in subject.children if subject is not None else ():
            low, high = child.left_edge.i, child.right_edge.i
            inside = self._tokens[0].i < low and high < self._tokens[-1].i
            if child.dep_ != "appos" or not inside or high >= root.i or high - low < 2:
                continue
            before, after = self._document.doc[low - 1], self._document.doc[high + 1]
            if before.text == "," and after.text == ",":
                for number in range(low - 1, high + 2):
                    self._new[number] = ""

    def _drop_opening(self, root: Token) -> None:
        """Drop a clause or phrase before the subject of a long statement, unless it limits it or tells a date."""
        subject = _subject(root)
        comma = next((n for n, t in enumerate(self._tokens) if t.text == ","), 0)
        opening = self._tokens[:comma]
        if subject is None or not comma >= MIN_OPENING or self._count() <= LONG:
            return
        if opening[-1].i >= subject.left_edge.i:
            return
        inside = all(t.head.i <= opening[-1].i or t.head.i == root.i for t in opening)
        if not inside or any(t.like_num or t.lower_ in _LIMITING or t.lower_ in NEGATIONS for t in opening):
            return
        self._tokens = self._tokens[comma + 1 :]

    def _cut(self, root: Token) -> bool:
        """Cut a long statement at the end of a clause; False if there is no such place."""
        while self._count() > MAX_WORDS:
            at = next((n for n in range(len(self._tokens) - 1, 0, -1) if self._may_cut(n, root)), None)
            if at is None:
                return self._count() <= LONGEST
            del self._tokens[at:]
        return self._count() >= FEWEST_WORDS

    def _may_cut(self, at: int, root: Token) -> bool:
        """Whether the words from place `at` on, a mark and clauses that only add, can be left out."""
        mark, tail = self._tokens[at], self._tokens[at + 1 :]
        if mark.text not in _CUT_AT or mark.i <= root.i or not tail or tail[0].lower_ in _LIMITING:
            return False
        if any(t.head.i > mark.i for t in self._tokens[:at]) or _open_quotes(self._tokens[:at]):
            return False
        if any(t.lemma_ in REPORT_VERBS for t in tail):
            return False  # the source of the statement
        heads = [t for t in tail if t.head.i < mark.i and not t.is_punct and t.dep_ != "cc"]
        return bool(heads) and all(
            t.dep_ in _DROPPABLE
            or (
                t.dep_ in ("conj", "ccomp") and t.head == root and any(c.dep_ in SUBJECTS for c in t.children)
            )
            for t in heads
        )

    def _count(self) -> int:
        return sum(bool(self._new.get(t.i, t.text)) and not t.is_punct for t in self._tokens)

    def _joined(self) -> str | None:
        pieces: list[str] = []
        for token in self._tokens:
            new = self._new.get(token.i)
            if new == "":
                if token.whitespace_ and pieces and not pieces[-1].endswith(" "):
                    pieces.append(" ")
                continue
            pieces.append(f"{token.text if new is None else new}{' ' if token.whitespace_ else ''}")
        text = " ".join("".join(pieces).split())
        text = _COMMAS.sub(",", text).replace(".”", "”")
        text = _BOAST.sub(r"\1 ", _PARENTHESIS.sub("", _curly(text)).strip(" ,;:–—"))
        if not text or text.count("“") != text.count("”") or '"' in text or not text[0].isalnum():
            return None
        return text if self._keeps_capital() else f"{text[:1].lower()}{text[1:]}"

    def _keeps_capital(self) -> bool:
        """Whether the first word has a capital inside a sentence too."""
        first = self._tokens[0]
        if first.i in self._new or first.pos_ == "PROPN" or first.text == "I":
            return True
        if first.pos_ in _FUNCTION_WORDS:
            return False
        return f" {first.lower_}" not in self._document.text


def _subject(root: Token) -> Token | None:
    return next((c for c in root.children if c.dep_ in SUBJECTS), None)


def _helps(token: Token) -> bool:
    """Whether the word is a form of "be", or an adverb beside it."""
    return token.pos_ in ("AUX", "ADV") or token.lower_ in _CONTRACTED


def _points_back(subject: Token, root: Token) -> bool:
    """Whether "it" stands for a thing of another sentence ("it is clear that ..." does not)."""
    clauses = [c for c in root.children if c.dep_ in ("ccomp", "xcomp", "csubj") and c.i > root.i]
    return subject.lower_ == "it" and subject.dep_ != "expl" and not clauses


def third_person(verb: str) -> str:
    """The form of a present verb with "it"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}s"


def _open_quotes(tokens: list[Token]) -> bool:
    text = " ".join(t.text for t in tokens)
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1


def _curly(text: str) -> str:
    """Straight quotation marks as typographic ones, if they are pairs."""
    if text.count('"') % 2:
        return text
    parts = text.split('"')
    return "".join(part if not n else f"{'“' if n % 2 else '”'}{part}" for n, part in enumerate(parts))
