"""Where a long statement may end: at the end of a clause after which others only add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.analysis.content.bad_news import tells_bad_news
from api.analysis.content.statement_grammar import has_open_quotes
from api.analysis.parsing.clauses import SUBJECTS
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.lexicon import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Token

    from api.analysis.text.document import Document

MAX_WORDS = 32  # of a statement; longer ones are cut at the end of a clause
LONGEST = 42  # words that are still told whole if there is no such place
_NEAR = 4  # words of a tail that say whether it limits
FEWEST_LEFT = 10  # words before a description; fewer say little: "announced the creation of Corvell LP"
LONG = 20  # words of a statement that needs no description at its end, nor a phrase before its subject
_LIMITING = words(
    "but not if unless except rather though although until instead only according pending without"
)
_OF_WHOM = words("of among amongst by under within")  # a phrase that says for whom, or by whose account
# Behind which a result is that of a trial, or an estimate.
_TRIED = words(
    "trial test testing study survey poll pilot experiment simulation laboratory lab mouse sample estimate figure"
)
DROPPABLE = frozenset({"relcl", "acl", "advcl", "prep", "parataxis", "advmod", "npadvmod"})
_CUT_AT = frozenset({",", ";", "—", "–", ":"})
_ADDING = frozenset({"VBG", "VBZ", "VBD", "VBP"})
_TELLING = words(
    "say mean signal signalle suggest show indicate imply argue claim believe think warn note reveal"
)
_CONTENTS = words("detail describe confirm disclose allege")  # "sent a report, detailing a theft"
_OBJECTS = frozenset({"dobj", "ccomp", "xcomp", "oprd", "acomp", "attr"})
_DESCRIBES = words("a an which who where")  # words that open a description after a comma


def limits(phrase: list[Token]) -> bool:
    """Whether the phrase limits what stands beside it: it gives a condition, a group, a trial or a study."""
    limiting = any(t.lower_ in _LIMITING or t.lemma_.lower() in _TRIED for t in phrase)
    return limiting or phrase[0].lower_ in _OF_WHOM


def cut(document: Document, tokens: list[Token], root: Token, count: Callable[[], int]) -> None:
    """Remove clauses from the end of a long statement, if there is a place for it. `count` gives its words."""
    while count() > LONG:
        places = range(len(tokens) - 1, 0, -1)
        sure = count() > MAX_WORDS
        at = next(
            (
                n
                for n in places
                if _may_cut(tokens, n, root) and (sure or _only_describes(document, tokens, n))
            ),
            None,
        )
        if at is None and count() > LONGEST:
            at = next((n for n in places if _may_cut_before(tokens, n, root)), None)
        if at is None:
            return
        del tokens[at:]


def _may_cut(tokens: list[Token], at: int, root: Token) -> bool:
    """Whether the words from place `at` on, a mark and clauses that only add, can be left out."""
    mark, tail = tokens[at], tokens[at + 1 :]
    if mark.text not in _CUT_AT or mark.i <= root.i or not tail or limits(tail[:_NEAR]):
        return False
    if any(t.head.i > mark.i for t in tokens[:at]) or has_open_quotes(tokens[:at]):
        return False
    if (
        any(t.lemma_ in REPORT_VERBS for t in tail)
        or tail[0].lemma_ in _CONTENTS
        or any(_lacks_clause(t, mark.i) for t in tokens[:at])
    ):
        return False  # the source of the statement, or what is said
    heads = [t for t in tail if t.head.i < mark.i and not t.is_punct and t.dep_ != "cc"]
    return bool(heads) and all(
        t.dep_ in DROPPABLE
        or (t.dep_ == "appos" and t.left_edge.lower_ in _DESCRIBES)
        or (t.dep_ in ("conj", "ccomp") and t.head == root and any(c.dep_ in SUBJECTS for c in t.children))
        for t in heads
    )


def _lacks_clause(verb: Token, end: int) -> bool:
    """Whether a verb that tells something has no object before place `end`: "a note that signalled, to some,"."""
    if verb.lemma_ not in _TELLING or verb.tag_ not in ("VBD", "VBZ", "VBP", "VB"):
        return False
    kept = [c for c in verb.children if c.i < end]
    return not any(c.dep_ in _OBJECTS or (c.dep_ == "prep" and c.i == verb.i + 1) for c in kept)


def _only_describes(document: Document, tokens: list[Token], at: int) -> bool:
    """Whether the words from place `at` on describe what stands before, without an amount or bad news."""
    tail = tokens[at + 1 :]
    return (
        sum(not t.is_punct for t in tokens[:at]) >= FEWEST_LEFT
        and not any(t.like_num for t in tail)
        and (tail[0].lower_ in _DESCRIBES or tail[0].tag_ == "VBG")
        and not tells_bad_news(document.text[tail[0].idx : tail[-1].idx + len(tail[-1].text)])
    )


def _may_cut_before(tokens: list[Token], at: int, root: Token) -> bool:
    """Whether a participle or relative clause that only adds begins at place `at`."""
    first, tail = tokens[at], tokens[at:]
    if first.i <= root.i or at < LONG or limits(tail[:_NEAR]) or has_open_quotes(tokens[:at]):
        return False
    if any(t.head.i >= first.i for t in tokens[:at]):
        return False
    heads = [t for t in tail if t.head.i < first.i and not t.is_punct]
    if len(heads) != 1 or heads[0].tag_ not in _ADDING:
        return False
    return heads[0].dep_ in ("relcl", "acl") or (heads[0].dep_ == "advcl" and heads[0].head == root)
