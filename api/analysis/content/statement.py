"""A sentence as another would report it: in the third person, without connective, ceremony, or asides.

Limits: "we" is turned only where the publisher speaks for itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.analysis.content.subjects import possessive
from api.analysis.parsing.clauses import SUBJECTS, is_finite
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import within_sentence
from api.analysis.text.passages import NEGATIONS
from api.analysis.text.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_WORDS = 32  # of a statement; longer ones are cut at the end of a clause
LONGEST = 42  # words that are still told whole if there is no such place
FEWEST_WORDS = 5
LONG = 20  # words of a statement that needs no phrase before its subject
MIN_OPENING = 4  # words of such a phrase; shorter ones say where or when
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
_FUNCTION_WORDS = frozenset({"DET", "ADP", "SCONJ", "PRON", "ADV", "CCONJ"})
_ASIDE_MARKS = frozenset({",", "—", "–", "-", "--"})
_CUT_AT = frozenset({",", ";", "—", "–", ":"})
_ABBREVIATED = frozenset(
    {"Adj", "Inc", "Corp", "Ltd", "Co", "No", "Rep", "Sen", "Gov", "U.S", "D.C", "approx"}
)
# Modifiers that praise, soften or excuse and say nothing that a reader could check.
_LOADED = words(
    "alarming amazing awesome best-in-class bold breakthrough brilliant confident cutting-edge devastating "
    "distinctive empowering encouraging excellent exceptional exciting extraordinary fantastic game-changing "
    "generous great greatly groundbreaking happily highly incredible incredibly innovative inspiring landmark "
    "leading massive meaningful modest next-generation outstanding pioneering powerful premier prestigious "
    "proactive proudly prudent remarkable renowned revolutionary robust seamless seamlessly significant "
    "significantly simply sophisticated staggering state-of-the-art stunning super superior swift swiftly "
    "thoughtful thoughtfully transformational transformative tremendous truly ultimate unique unparalleled "
    "unprecedented unrivalled valued vibrant world-class"
)
_POINTING = words("he she they this that these those")
_DROPPABLE = frozenset({"relcl", "acl", "advcl", "prep", "parataxis", "advmod", "npadvmod"})


class Statement:
    """Builds the statement of one sentence from its tokens."""

    def __init__(
        self, document: Document, first: int, last: int, start: int, actor: str | None, *, plain: bool = False
    ) -> None:
        """With `plain`, praise and softening modifiers are left out."""
        self._document = document
        self._actor = actor
        self._plain = plain
        if (opening := _OPENING.match(document.text, start)) is not None:
            start = opening.end()
        self._tokens = [t for t in document.all_tokens[first:last] if t.idx >= start and not t.is_space]
        self._new: dict[int, str] = {}  # the words that replace a token's; "" removes it

    def text(self) -> str | None:
        """The statement; None if the sentence is better quoted."""
        tokens = self._tokens
        while tokens and (tokens[-1].is_punct or tokens[-1].is_quote) and tokens[-1].text not in "”\"’')]%":
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
        if subject is not None and (_is_pointed_at(subject) or _points_back(subject, root)):
            return None
        if not self._turn_person() or any(t.lower_ in _OTHERS for t in self._own()):
            return None
        self._drop_ceremony()
        if self._plain:
            self._drop_loaded()
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
        """Replace "we" by the actor. Returns False without an actor."""
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
        following = zip(self._tokens, self._tokens[1:], self._tokens[2:], self._tokens[3:], strict=False)
        for token, to, act, after in following:
            act = after if act.pos_ == "ADV" else act
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

    def _drop_loaded(self) -> None:
        """Drop loaded modifiers without which the sentence stays whole."""
        for token in self._own():
            if token.lower_ not in _LOADED or not _is_mere_modifier(token):
                continue
            for number in range(token.left_edge.i, token.i + 1):
                self._new[number] = ""
            before, after = token.doc[max(token.left_edge.i - 1, 0)], token.nbor(1)
            if "," in (before.text, after.text):
                self._new[before.i if before.text == "," else after.i] = ""
            elif before.lower_ in ("a", "an"):
                an = "an" if after.lower_[:1] in "aeiou" else "a"
                self._new[before.i] = "" if after.like_num else an

    def _drop_aside(self, root: Token) -> None:
        """Drop an apposition of the subject between commas, which is often a boast."""
        subject = _subject(root)
        for child in subject.children if subject is not None else ():
            low, high = child.left_edge.i, child.right_edge.i
            inside = self._tokens[0].i < low and high < self._tokens[-1].i
            if child.dep_ != "appos" or not inside or high >= root.i or high - low < 2:
                continue
            before, after = self._document.doc[low - 1], self._document.doc[high + 1]
            if before.text == after.text and before.text in _ASIDE_MARKS:
                for number in range(low - 1, high + 2):
                    self._new[number] = ""

    def _drop_opening(self, root: Token) -> None:
        """Drop a clause or phrase before the subject of a long statement, unless it limits it or tells a date."""
        subject = _subject(root)
        comma = next((n for n, t in enumerate(self._tokens) if t.text == ","), 0)
        opening = self._tokens[:comma]
        if subject is None or not opening or opening[-1].i >= subject.left_edge.i:
            return
        points = any(t.lower_ in _POINTING or t.lower_ == "it" for t in opening)
        if not points and (comma < MIN_OPENING or self._count() <= LONG):
            return
        own = [t for t in opening if t.head.i == root.i]
        inside = all(t.head.i <= opening[-1].i or t in own for t in opening)
        if not inside or not own or any(t.dep_ not in _DROPPABLE for t in own):
            return
        if any(t.head in opening for t in self._tokens[comma:]):
            return  # the comma is inside a name or a list
        if any(t.like_num or t.lower_ in _LIMITING or t.lower_ in NEGATIONS for t in opening):
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
            end = token.idx + len(token.text)
            gap = " " if self._document.text[end : end + 1].isspace() else ""
            pieces.append(f"{token.text if new is None else new}{gap}")
        text = " ".join("".join(pieces).split())
        text = _COMMAS.sub(",", text).replace(".”", "”")
        text = _BOAST.sub(r"\1 ", _PARENTHESIS.sub("", _curly(text)).strip(" ,;:–—"))
        if text.partition(" ")[0].lower() in _POINTING:
            return None
        if not text or text.count("“") != text.count("”") or '"' in text or not text[0].isalnum():
            return None
        return text if self._keeps_capital() else f"{text[:1].lower()}{text[1:]}"

    def _keeps_capital(self) -> bool:
        """Whether the first word has a capital inside a sentence too."""
        first = self._tokens[0]
        if first.i in self._new or first.text == "I":
            return True
        if first.pos_ in _FUNCTION_WORDS or first.lower_ in STOP_WORDS:
            return False
        if first.pos_ == "PROPN":
            return True
        return f" {first.lower_}" not in self._document.text


def _subject(root: Token) -> Token | None:
    return next((c for c in root.children if c.dep_ in SUBJECTS), None)


def _is_mere_modifier(token: Token) -> bool:
    """Whether an adjective or adverb before its head can be left out."""
    return (
        (token.dep_, token.pos_) in (("amod", "ADJ"), ("advmod", "ADV"), ("amod", "VERB"))
        and token.i < token.head.i
        and token.tag_ not in ("JJR", "RBR")
        and token.nbor(1).text not in "-–"
        and token.nbor(1).dep_ != "cc"
        and (token.i == 0 or (token.nbor(-1).text not in "-–" and token.nbor(-1).dep_ != "cc"))
        and all(c.dep_ == "advmod" and c.lower_ not in NEGATIONS for c in token.children)
        and token.lower_ not in NEGATIONS
    )


def _is_pointed_at(subject: Token) -> bool:
    """Whether the subject is "this", or "that decision", which another sentence explains."""
    return subject.lower_ in _POINTING or any(
        c.dep_ == "det" and c.lower_ in _POINTING and not any(o.dep_ == "relcl" for o in subject.children)
        for c in subject.children
    )


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
