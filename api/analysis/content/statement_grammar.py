"""The grammar of statements: subjects, clauses, verbs in the third person, quotation marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.analysis.parsing.clauses import SUBJECTS, is_finite
from api.analysis.text.document import Document, Sentence
from api.analysis.text.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Token

POINTING = words("he she they this that these those here")
CONTRACTED = {"'re": " is", "’re": " is", "'ve": " has", "’ve": " has", "'ll": " will", "’ll": " will"}
_UNITS = words("percent cent % million billion trillion")
_BEGINNINGS = frozenset(
    {"It", "We", "They", "These", "This", "The", "There", "If", "When", "While", "You", "He", "She", "In"}
)
_ESCAPED = re.compile(r"\\\.$|\\(?=[.\-*_()\[\]!#+`])|\*\*|`| ?\[\^\d{1,3}\]")  # of Markdown
# Behind a full stop without a space: "It cost 4 million.The firm paid".
GLUED = re.compile(r"(?<=[a-z]{2}[.!?])(?=[A-Z][a-z’']{0,20},? [a-z])")
_COMMAS = re.compile(r" ?,(?: ?,)?")
_NEAR = 3  # words of a heading
_JOINED = re.compile(
    r"[a-z](?:With|While|When|This|There|They|These|As|The|What|Why|How|Who)$|[a-z]{2}[.!?][A-Z][a-z]{2}"
)
_HAS_ONE = words("company firm government world internet web public police economy market country city team")
_DEMONSTRATIVE = words("this that these those")
_AT_HAND = words("this these")
_OPENING = 4  # words
_PRONOUNS = words("he she him her they them it")
_OF_SEVERAL = words("they them")
_PLURAL = frozenset({"NNS", "NNPS", "PRP", "WP"})
_NO_THINGS = words(
    "day week weekend month quarter year spring summer autumn fall winter time morning "
    "afternoon evening night season decade century "
    "size number amount figure rate level kind sort type way"
)
_OPINIONS = words("think believe argue suspect")
_IRREGULAR = {"have": "has", "are": "is", "am": "is", "do": "does", "were": "was"}


def second_clause(document: Document, sentence: Sentence) -> list[tuple[int, int]]:
    """The tokens of the main clause's second half, if that has a subject of its own: "..., and we announce"."""
    root = next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)
    clauses = [(c, subject_of(c)) for c in root.children if c.dep_ == "conj"] if root else []
    beside = [c for c, subject in clauses if subject is not None and subject.lower_ != "it"]
    return [(c.left_edge.i, c.right_edge.i + 1) for c in beside[:1]]


def thought(root: Token) -> Token | None:
    """The clause that the writer thinks ("I think the bus is useful"), else None."""
    subject = subject_of(root)
    if root.lemma_ not in _OPINIONS or subject is None or subject.lower_ != "i":
        return None
    clauses = (c for c in root.children if c.dep_ == "ccomp" and c.i > root.i and is_finite(c))
    return next((c for c in clauses if subject_of(c) is not None), None)


def inside(token: Token, tokens: list[Token]) -> bool:
    return tokens[0].i <= token.i <= tokens[-1].i


def is_main_clause(tokens: list[Token]) -> bool:
    """Whether the sentence has a subject and is no part of another: "Not because it rains", "Pouring rain"."""
    root = next((t for t in tokens if t.dep_ == "ROOT"), None)
    if root is None or any(c.dep_ == "mark" and c.i < root.i for c in root.children):
        return False
    return subject_of(root) is not None


def names_told_before(document: Document, sentence: Sentence) -> str | None:
    """The noun of a subject like "the plan", if an earlier sentence tells what plan; else None.

    Of several named so ("the Foundation") it has the article with it.
    """
    tokens = document.tokens(sentence)
    root = next((t for t in tokens if t.dep_ == "ROOT"), None)
    subject = subject_of(root) if root is not None else None
    if subject is None or [c.lower_ for c in subject.children] != ["the"]:
        return None
    before = [t for t in document.all_tokens[: sentence.first] if t.lemma_ == subject.lemma_]
    if subject.tag_ == "NNP":
        names = {" ".join(c.text for c in t.children if c.dep_ == "compound") for t in before}
        return f"the {subject.lemma_}" if len(names - {""}) > 1 else None
    is_told = subject.tag_ == "NN" and subject.lemma_ not in _HAS_ONE and before
    return subject.lemma_ if is_told else None


def hanging(document: Document, sentence: Sentence) -> list[Token]:
    """The words that stand for something that only another sentence names: "that moment", "answering it".

    Words of quotations are not looked at.
    """
    at = document.quotation_at
    tokens = [t for t in document.tokens(sentence) if at(t.idx, t.idx + len(t.text)) is None]
    return [token for token in tokens if _lacks_noun(token, tokens)]


def _lacks_noun(token: Token, tokens: list[Token]) -> bool:
    low, head = token.lower_, token.head
    if low in _DEMONSTRATIVE and token.dep_ == "det":
        explained = any(c.dep_ in ("relcl", "acl") or c.lower_ in ("of", "current") for c in head.children)
        told = any(t.lemma_ == head.lemma_ for t in tokens if t.i < token.i)
        is_late = (
            low in _AT_HAND and token.i - tokens[0].i >= _OPENING
        )  # "a minimum of what these plants cost"
        return head.lemma_.lower() not in _NO_THINGS and not (explained or told or is_late)
    if low == "such" and token.dep_ == "amod" and token.i < head.i:
        return head.tag_ == "NNS" and not any(t.lower_ in ("as", "that") for t in head.subtree)
    if low not in _PRONOUNS or token.tag_ != "PRP" or (token.is_title and token.i != tokens[0].i):
        return False
    named = [t for t in tokens if t.i < token.i and t.pos_ in ("NOUN", "PROPN", "PRON") and t.lower_ != low]
    if low == "it":  # as an object; a subject may stand for nothing
        above, acts = {t.i for t in token.ancestors}, _subject_above(token)
        above |= {t.i for t in acts.subtree} if acts is not None else set()
        return token.dep_ == "dobj" and all(t.i in above or t.tag_ in _PLURAL for t in named)
    if low in _OF_SEVERAL:
        named = [t for t in named if t.tag_ in _PLURAL or t.ent_type_ in ("ORG", "NORP") or t.conjuncts]
    else:
        named = [t for t in named if t.pos_ == "PROPN" or t.dep_ in SUBJECTS]
    return not named and not any(t.dep_ == "advcl" for t in token.ancestors)


def _subject_above(token: Token) -> Token | None:
    """The subject of the nearest verb above that has one."""
    return next((s for verb in token.ancestors if (s := subject_of(verb)) is not None), None)


def counts_ways(first: Token) -> bool:
    """Whether a title counts things and states nothing: "10 ways growers can improve"."""
    return first.like_num and first.head.dep_ == "npadvmod" and first.ent_type_ == "CARDINAL"


def of_titled_noun(verb: Token) -> bool:
    """Whether the verb, or the one that it helps, belongs to the noun of a title: "ways growers can improve"."""
    clause = verb.head if verb.dep_ in ("aux", "auxpass") else verb
    return clause.dep_ == "relcl" and clause.head.dep_ == "ROOT" and clause.head.pos_ == "NOUN"


def within(token: Token, clause: Token) -> bool:
    return clause.left_edge.i <= token.i <= clause.right_edge.i


def introduces(verb: Token) -> bool:
    """Whether "we are" introduces persons or roles: "we are Mara Venn and Jon Roe, the editors"."""
    return verb.lemma_ == "be" and any(
        c.dep_ == "attr" and (c.pos_ == "PROPN" or c.tag_ == "NNS") for c in verb.children
    )


def is_everybody(we: Token) -> bool:
    """Whether "we" is whoever lives so: "how we live", "the way we work", if "we" do nothing else."""
    verb = we.head
    how = any(c.lower_ == "how" and c.i < verb.i for c in verb.children)
    way = verb.dep_ == "relcl" and verb.head.lemma_ == "way"
    return (how or way) and not any(t.lower_ == "we" and t.head != verb for t in we.sent)


def subject_of(root: Token) -> Token | None:
    """The subject nearest before the verb, as the parser takes a dateline for another; else one behind it."""
    subjects = [c for c in root.children if c.dep_ in SUBJECTS]
    before = [c for c in subjects if c.i < root.i]
    return next(iter(before[-1:] or subjects), None)


def is_pointed_at(subject: Token) -> bool:
    """Whether the subject is "this", "that decision" or a relative "which", which other words explain."""
    return (
        subject.lower_ in POINTING
        or subject.tag_ == "WDT"
        or any(
            c.dep_ == "det" and c.lower_ in POINTING and not any(o.dep_ == "relcl" for o in subject.children)
            for c in subject.children
        )
    )


def helps(token: Token) -> bool:
    """Whether the word is a form of "be", or an adverb beside it."""
    return token.pos_ in ("AUX", "ADV") or token.lower_ in CONTRACTED


def points_back(subject: Token, root: Token) -> bool:
    """Whether "it" stands for a thing of another sentence ("it is clear that ..." does not)."""
    clauses = (c for c in root.children if c.dep_ in ("ccomp", "xcomp", "csubj") and c.i > root.i)
    about = [c for c in clauses if c.left_edge.tag_ != "WP"]  # "it is what they call"
    return subject.lower_ == "it" and subject.dep_ != "expl" and not about


def runs_on(token: Token) -> bool:
    """Whether a sentence begins here without a mark before it, as after a heading: "The costs It is open"."""
    joined = _JOINED.search(token.text) is not None  # "Take OverWhile most work at home"
    before, after = token.nbor(-1), token.nbor(1) if token.i + 1 < len(token.doc) else token
    goes_on = after.text[:1].islower() or after.text[:1] in "'’"
    again = before.pos_ == "NOUN" and token.is_title and token.text in _capital_of(before, token)
    return joined or (
        before.is_alpha and before.is_lower and goes_on and (token.text in _BEGINNINGS or again)
    )


def _capital_of(before: Token, token: Token) -> tuple[str, ...]:
    """The word that begins a sentence after a heading with the same word: "the future of clouds Clouds let"."""
    near = token.doc[max(token.i - _NEAR, 0) : before.i + 1]
    return tuple(t.text.capitalize() for t in near if not t.is_stop)


def third_person(verb: str) -> str:
    """The form of a present verb with "it"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}s"


def is_of_one(article: Token, number: Token) -> bool:
    """Whether the article belongs to one thing of that number: "a 40 percent stake", "a two-year plan"."""
    noun = article.head
    return noun.i > number.i and noun.tag_ in ("NN", "NNP") and noun.lower_ not in _UNITS


def is_of_number(us: Token) -> bool:
    """Whether a figure says how many of "us", as in "187 of us", but not all: "there are 5 of us"."""
    before = us.doc[max(us.i - 2, 0) : us.i]
    number = len(before) == 2 and before[1].lower_ == "of" and before[0].text[:1].isdigit()
    return number and not any(c.dep_ == "expl" for c in before[0].head.children)


def has_open_quotes(tokens: list[Token]) -> bool:
    """Whether a quotation of the tokens is not closed."""
    text = " ".join(t.text for t in tokens)
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1


def cleaned(text: str) -> str:
    """The statement in one line, without escapes of Markdown and without marks at its ends."""
    text = _COMMAS.sub(",", _curly(unescaped(" ".join(text.split())))).replace(".”", "”")
    text = text.strip(" ,;:–—")
    return f"{text[:-2]}”" if text.endswith(",”") else text


def unescaped(text: str) -> str:
    """The text without escapes, bold marks and code marks of Markdown."""
    return _ESCAPED.sub("", text)


def _curly(text: str) -> str:
    """Straight quotation marks as typographic ones, if they are pairs."""
    if text.count('"') % 2:
        return text
    parts = text.split('"')
    return "".join(part if not n else f"{'“' if n % 2 else '”'}{part}" for n, part in enumerate(parts))
