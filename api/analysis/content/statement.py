"""A sentence as another would report it: in the third person, without connective, ceremony, or asides.

Limits: "we" is turned only where the publisher speaks for itself.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from api.analysis.content.capitals import keeps_capital
from api.analysis.content.loaded_modifiers import is_loaded_modifier, rank_of
from api.analysis.content.statement_cuts import DROPPABLE, LONG, LONGEST, MAX_WORDS, cut, limits
from api.analysis.content.statement_grammar import (
    CONTRACTED,
    POINTING,
    cleaned,
    counts_ways,
    helps,
    inside,
    introduces,
    is_everybody,
    is_of_number,
    is_of_one,
    is_pointed_at,
    of_titled_noun,
    points_back,
    runs_on,
    subject_of,
    third_person,
    thought,
    within,
)
from api.analysis.content.subjects import possessive
from api.analysis.parsing.clauses import SUBJECTS, is_finite
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.datelines import name_behind_dateline
from api.analysis.text.document import Document
from api.analysis.text.indefinite_article import indefinite_article
from api.analysis.text.lexicon import words
from api.analysis.text.names import within_sentence
from api.analysis.text.passages import NEGATIONS
from api.analysis.text.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

FEWEST_WORDS = 5
MIN_OPENING = 4  # words of such a phrase; shorter ones say where or when
_OPENING = re.compile(
    r"(?:(?:hey|hi|hello|dear)(?: \w{1,20}){0,3}[,!] +)?"
    r"(?:(?:unlike [^,.]{3,60}, however|the (?:upshot|result|point) is that|that(?: is|['’]s) why|"
    r"it (?:has been|is|was) (?:established|recogni[sz]ed|noted|acknowledged|anticipated) that|"
    r"(?:I|we) (?:am|are|['’]m|['’]re) (?:writing|here|reaching out) to (?:share|say|tell you|inform you|"
    r"let you know) that|"
    r"the purpose of this [\w ]{3,20} is,? [^.]{0,40}to let [^.]{3,80} know that|"
    r"(?:I|we)(?: am| are|['’]m|['’]re) (?:\w{2,12} )?(?:happy|pleased|thrilled|proud|excited|glad|delighted|sad|"
    r"sorry) to (?:say|announce|report|share|tell you|inform you|let you know) that|"
    r"it is with [^,.]{3,60}? that(?= (?:we|I|the|our)\b)|"
    r"as you (?:may|might) (?:be aware|know|have (?:heard|noticed|seen))|"
    r"for (?:instance|example)|(?:just )?(?:hours|days|weeks|months|years) later|"
    r"and|but|so(?! (?:far|much|many|long|that)\b)|yet|also|now|today|yesterday|"
    r"still|then|finally|specifically|indeed|moreover|furthermore|"
    r"however|meanwhile|additionally|in addition|as a (?:result|consequence)|for (?:this|that|these) reasons?|"
    r"that said|with that said|of course|in fact|in short|after all|simply put|recently|sadly|"
    r"(?:first and foremost|instead|in response|overall|clearly|especially|ultimately|importantly|notably|"
    r"in (?:summary|conclusion|essence))(?= ?,)|fortunately|unfortunately|"
    r"earlier (?:today|this (?:week|month|year))|"
    r"(?:last|this) (?:week|month|year)),? +){0,3}",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[$€£%]|\b(?:million|billion|per ?cent)\b")
# "Quillon Inc., a leading provider of pumps, today announced"
_BOAST = re.compile(
    r"^([A-Z][^,]{2,60}(?:, (?:Inc|Ltd|LLC|Corp)\.?)?), (?:an?|the|one of the|[A-Z]\w{2,20}['’]s) [^,]{5,150}"
    r"(?:(?:, [^,]{2,40}){1,3},? (?:and|or) [^,]{2,40})?, "
    r"(?=(?:(?:today|this week) )?(?:has|have|is|are|will|\w+(?:ed|es|s))\b)"
)
_CEREMONY = frozenset(
    {"excited", "thrilled", "pleased", "proud", "happy", "delighted", "glad", "honored", "honoured"}
)
_CONNECTIVES = words("however therefore meanwhile moreover furthermore nevertheless thus")
_OTHERS = words("i me my mine myself you your yours yourself yourselves ours let's")
_TURNED = {"our": "its", "us": "it", "ourselves": "itself"}
_WE = frozenset({"we", *_TURNED})
_OBJECTS = frozenset({"dobj", "pobj", "dative"})
_NO_BEGINNING = words(
    "not because otherwise why how"
)  # of a sentence that continues another, or of a heading
_NO_END = frozenset({"IN", "DT", "CC", "TO"})  # "the ongoing adventures of..."
_BEFORE_NOUN = frozenset({"amod", "compound", "nmod", "npadvmod"})
_OPENINGS = frozenset({"advcl", "prep", "acl", "csubj"})  # of a participle: "Founded in May, Quillon has"
_ASIDE_MARKS = frozenset({",", "—", "–", "-", "--"})
_ABBREVIATED = frozenset(
    {"Adj", "Inc", "Corp", "Ltd", "Co", "No", "Rep", "Sen", "Gov", "U.S", "D.C", "approx"}
)


def _can_open(first: Token) -> bool:
    """Whether the word can begin a statement: no mark or exclamation, and no verb but a describing participle."""
    if first.tag_ in ("VBG", "VBN") and first.dep_ in _OPENINGS:
        return True
    return first.pos_ not in ("VERB", "AUX", "PUNCT", "INTJ") or first.dep_ in _BEFORE_NOUN


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
        tokens = document.all_tokens[first:last]
        self._tokens = [t for t in tokens if t.idx + len(t.text) > start and not t.is_space]
        self._new: dict[int, str] = {}  # the words that replace a token's; "" removes it
        if self._tokens and self._tokens[0].idx < start:  # a dash of the dateline joins it to the first word
            self._new[self._tokens[0].i] = self._tokens[0].text[start - self._tokens[0].idx :]

    def text(self) -> str | None:
        """The statement; None if the sentence is better quoted."""
        tokens = self._tokens
        while tokens and (tokens[-1].is_punct or tokens[-1].is_quote) and tokens[-1].text not in "”\"’')]%":
            tokens.pop()
        finite = [t for t in tokens if is_finite(t)]
        root = next((t for t in finite if t.dep_ == "ROOT" or not inside(t.head, tokens)), None)
        is_whole = root is not None  # else the parser takes a participle for the main verb
        root = root or next((t for t in finite if not of_titled_noun(t)), None)
        if root is not None and (thesis := thought(root)) is not None:
            root = thesis
            tokens = self._tokens = [t for t in tokens if within(t, root) and t.dep_ != "mark"]
        if (
            root is None
            or not tokens
            or tokens[-1].text in _ABBREVIATED
            or tokens[-1].tag_ in _NO_END
            or any(map(runs_on, tokens[1:]))
            or tokens[0].lower_ in _NO_BEGINNING
            or counts_ways(tokens[0])
            or not _can_open(tokens[0])
            or tokens[0].i >= root.i
        ):
            return None
        subject = subject_of(root)
        if subject is not None and (is_pointed_at(subject) or points_back(subject, root)):
            return None
        self._drop_address()
        if not self._turn_person() or any(t.lower_ in _OTHERS for t in self._own()):
            return None
        self._drop_ceremony()
        self._drop_connectives()
        self._drop_today()
        self._drop_parentheses()
        if any(c.dep_ in SUBJECTS and c.i < tokens[0].i for c in root.children):
            self._drop_description(root)
        if self._plain:
            self._drop_loaded()
        if not is_whole:
            return self._joined() if FEWEST_WORDS <= self._count() <= MAX_WORDS else None
        self._drop_aside(root)
        self._drop_opening(root)
        self._drop_comma(root)
        cut(self._document, self._tokens, root, self._count)
        return self._joined() if FEWEST_WORDS <= self._count() <= LONGEST else None

    def _own(self) -> list[Token]:
        """The tokens that are left outside quotations, whose words stay as they are."""
        at, new = self._document.quotation_at, self._new
        return [t for t in self._tokens if at(t.idx, t.idx + len(t.text)) is None and new.get(t.i) != ""]

    def _turn_person(self) -> bool:
        """Replace "we" by "it", for the actor (see `_name_actor`). Returns False without an actor."""
        for token in self._own():
            low = "" if token.text == "US" else token.lower_
            if low == "us" and self._actor is not None and is_of_number(token):
                self._new[token.i] = f"{possessive(within_sentence(self._actor))} people"
            elif low in _TURNED:
                if self._actor is None or (low == "us" and token.dep_ not in _OBJECTS):
                    return False
                self._new[token.i] = _TURNED[low]
                if low == "us" and token.i and token.nbor(-1).lower_ == "of":
                    return False  # "all of us"
            elif low == "we":
                if self._actor is None or token.dep_ not in SUBJECTS:
                    return False
                if introduces(token.head) or is_everybody(token):
                    return False
                self._new[token.i] = "it"
                self._drop_place(token)
                self._agree(token.head)
                if token.i + 1 < len(token.doc) and (short := token.nbor(1).lower_) in CONTRACTED:
                    self._new[token.i + 1] = CONTRACTED[short]
        return True

    def _drop_place(self, we: Token) -> None:
        """Drop the actor's name behind "we": "we here at Corvell"."""
        at = next((t for t in self._tokens if we.i < t.i <= we.i + 2 and t.lower_ == "at"), None)
        if at is not None and self._document.doc[we.i + 1 : at.i].text in ("", "here"):
            self._new |= dict.fromkeys(range(we.i + 1, at.right_edge.i + 1), "")

    def _name_actor(self) -> None:
        """Put the actor's name in the place of the first "it" that stood for "we" and is left."""
        if self._actor is None:
            return
        first = next((t for t in self._tokens if t.lower_ in _WE and self._new.get(t.i)), None)
        name = within_sentence(self._actor)
        if first is not None and self._new[first.i] in ("it", "its"):
            self._new[first.i] = name if self._new[first.i] == "it" else possessive(name)

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
            while first and helps(token.doc[first - 1]):
                first -= 1
            if first == token.i:
                continue
            plural = token.doc[first].lower_ == "are" and first not in self._new
            self._new |= dict.fromkeys(range(first, act.i), "")
            self._new[act.i] = act.lower_ if plural else third_person(act.lower_)

    def _drop_parentheses(self) -> None:
        """Drop what stands in brackets, outside quotations, if it tells no amount and limits nothing."""
        opened = None
        for token in self._own():
            if token.text == "(":
                opened = token.i
            elif token.text == ")" and opened is not None:
                inside = self._document.doc[opened : token.i + 1]
                if _AMOUNT.search(inside.text) is not None or limits([*inside[1:]]):
                    continue
                self._new |= dict.fromkeys(range(opened, token.i + 1), "")
                opened = None

    def _drop_description(self, root: Token) -> None:
        """Drop what describes the name behind a dateline, whose place the parser takes as the subject."""
        named = name_behind_dateline(self._document.text, self._document.article.body_start)
        several = any(t.tag_ == "VBP" for t in (root, *root.children) if t.pos_ in ("VERB", "AUX"))
        if named is None or named[0] != self._tokens[0].idx or several:
            return
        verb = min(
            [root.i, *(c.i for c in root.children if c.dep_ in ("aux", "auxpass", "advmod", "npadvmod"))]
        )
        first = next((t.i for t in self._tokens if t.idx >= named[1]), verb)
        if self._document.all_tokens[first].text in (",", "("):
            self._new |= dict.fromkeys(range(first, verb), "")

    def _drop_address(self) -> None:
        """Drop a relative clause between commas that speaks to the reader: ", which many of you love,"."""
        for token in self._own():
            low, high = token.left_edge.i, token.right_edge.i
            clause = [t for t in self._tokens if low <= t.i <= high]
            if token.dep_ != "relcl" or not any(t.lower_ in _OTHERS for t in clause):
                continue
            before, after = self._document.doc[low - 1], self._document.doc[min(high + 1, len(token.doc) - 1)]
            if before.text == after.text == ",":
                self._new |= dict.fromkeys(range(before.i, after.i + 1), "")

    def _drop_connectives(self) -> None:
        """Drop "however" between commas, which points to the sentence before, if a subject stands before it."""
        for before, token, after in zip(self._tokens, self._tokens[1:], self._tokens[2:], strict=False):
            subject = subject_of(token.head)
            joins = subject is not None and subject.i > token.i  # two clauses
            if token.lower_ in _CONNECTIVES and before.text == after.text == "," and not joins:
                self._new |= dict.fromkeys(range(before.i, after.i + 1), "")

    def _drop_today(self) -> None:
        """Drop the "today" of what was done, as of "today announced": it is not the reader's."""
        for token in self._own():
            verb = token.head
            past = verb.tag_ in ("VBD", "VBN") or (verb.tag_ == "VBZ" and verb.lemma_ in REPORT_VERBS)
            if token.lower_ == "today" and token.dep_ in ("npadvmod", "advmod") and past:
                self._new[token.i] = ""

    def _drop_loaded(self) -> None:
        """Drop loaded modifiers without which the sentence stays whole."""
        for token in self._own():
            if rank := rank_of(self._document, token):
                self._new |= dict.fromkeys((t.i for t in rank), "")
                several = token.head.tag_ in ("NNS", "NNPS")
                self._new[rank[0].i] = "" if several else indefinite_article(rank[-1].nbor(1).text)
            if not is_loaded_modifier(self._document, token):
                continue
            for number in range(token.left_edge.i, token.i + 1):
                self._new[number] = ""
            before, after = token.doc[max(token.left_edge.i - 1, 0)], token.nbor(1)
            if "," in (before.text, after.text):
                self._new[before.i if before.text == "," else after.i] = ""

    def _drop_aside(self, root: Token) -> None:
        """Drop an apposition of the subject between commas, often a boast, or a clause with "which"."""
        subject = subject_of(root)
        for child in subject.children if subject is not None else ():
            low, high = child.left_edge.i, child.right_edge.i
            inside = self._tokens[0].i < low and high < self._tokens[-1].i
            adds = child.dep_ == "appos" or (
                child.dep_ == "relcl" and child.left_edge.lower_ in ("which", "who")
            )
            if not adds or not inside or high >= root.i or high - low < 2:
                continue
            before, after = self._document.doc[low - 1], self._document.doc[high + 1]
            if before.text == after.text and before.text in _ASIDE_MARKS:
                for number in range(low - 1, high + 2):
                    self._new[number] = ""

    def _drop_comma(self, root: Token) -> None:
        """Drop a comma alone between the subject and its verb: "Quillon Inc., today announced"."""
        before = [t for t in self._tokens if t.i < root.i and self._new.get(t.i) != ""]
        verb = {c.i for c in root.children if c.dep_ in ("aux", "auxpass", "advmod", "npadvmod")}
        while before and before[-1].i in verb:
            before.pop()
        marks = [t.i for t in before if t.text == ","]
        if before and marks == [before[-1].i]:
            self._new[marks[0]] = ""

    def _drop_opening(self, root: Token) -> None:
        """Drop a clause or phrase before the subject of a long statement, unless it limits it or tells a date."""
        subject = subject_of(root)
        comma = next((n for n, t in enumerate(self._tokens) if t.text == ","), 0)
        opening = self._tokens[:comma]
        if subject is None or not opening or opening[-1].i >= subject.left_edge.i:
            return
        points = any(t.lower_ in POINTING or t.lower_ == "it" for t in opening)
        if not points and (comma < MIN_OPENING or self._count() <= LONG):
            return
        own = [t for t in opening if t.head.i == root.i]
        inside = all(t.head.i <= opening[-1].i or t in own for t in opening)
        if not inside or not own or any(t.dep_ not in DROPPABLE for t in own):
            return
        if any(t.head in opening for t in self._tokens[comma:]):
            return  # the comma is inside a name or a list
        if limits(opening) or any(t.like_num or t.lower_ in NEGATIONS for t in opening):
            return
        self._tokens = self._tokens[comma + 1 :]

    def _count(self) -> int:
        return sum(bool(self._new.get(t.i, t.text)) and not t.is_punct for t in self._tokens)

    def _fit_articles(self) -> None:
        """Fit "a" and "an" to the words that now follow: "a staggering 40 jobs" becomes "40 jobs"."""
        kept = [t for t in self._tokens if self._new.get(t.i) != ""]
        for token, following in pairwise(kept):
            if token.lower_ not in ("a", "an") or token.i in self._new or following.i == token.i + 1:
                continue
            word = self._new.get(following.i, following.text)
            without = following.like_num and not is_of_one(token, following)
            self._new[token.i] = "" if without else indefinite_article(word)

    def _joined(self) -> str | None:
        self._name_actor()
        self._fit_articles()
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
        text = _BOAST.sub(r"\1 ", cleaned("".join(pieces)))
        if text.partition(" ")[0].lower() in POINTING:
            return None
        if not text or text.count("“") != text.count("”") or '"' in text or not text[0].isalnum():
            return None
        first = self._tokens[0]
        replaced = self._new.get(first.i)
        keeps = (
            keeps_capital(self._document, self._tokens)
            if replaced is None
            else replaced.lower() not in STOP_WORDS
        )
        return text if keeps else f"{text[:1].lower()}{text[1:]}"
