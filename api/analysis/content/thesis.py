"""The thesis of an argument: a statement that can be contested.

That is a judgement, a forecast, a demand, or a general statement in the present. What a party has done, a dated
or counted fact and the move of a price are told, and nobody argues for them. Limits: it relies on the parse, and
on the tense of the main verb.
"""

from typing import TYPE_CHECKING

from api.analysis.content.news import News, told
from api.analysis.parsing.clauses import SUBJECTS
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Token

_CLAIMING = words("should must will would can ca could may might ought need shall wo ’ll 'll")
_BEST = words("best better worst worse")  # some have another tag
_AMOUNTS = words("least most more less last")  # "at least", "more than 40"
_IS = words("be become remain")
_NO_ACTS = _IS | words("have need mean matter deserve require depend")  # of a party
_PARTIES = frozenset({"ORG", "PERSON", "GPE", "PRODUCT", "NORP"})
_DEGREES = frozenset({"JJS", "RBS", "JJR", "RBR"})


def thesis(document: Document, news: News | None, actor: str | None, subject: str | None) -> News | None:
    """The news if it can be contested, else the title if that can be; parameters as in `told`."""
    if news is None or is_contestable(document, news.sentence):
        return news
    title = document.sentences[0]
    if title.role != "title" or title == news.sentence or not is_contestable(document, title):
        return None
    of_title = told(document, [title], actor, subject)
    return of_title if of_title.statement is not None and of_title.voice == DOCUMENT_VOICE else None


def is_contestable(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence says something that others could deny with reasons.

    Of a named party that acts in the present, a title tells an event ("Court agrees"), and the text a judgement.
    """
    tokens = document.tokens(sentence)
    root = next((t for t in tokens if t.dep_ == "ROOT"), None)
    if root is None or sentence.numbers:
        return False
    if _claims(root):
        return True
    if tells_past(document, sentence) or root.lemma_ in REPORT_VERBS:
        return False
    if sentence.role != "title" or root.lemma_ in _NO_ACTS or judges(document, sentence):
        return True
    return not any(t.dep_ in SUBJECTS and t.ent_type_ in _PARTIES for t in root.children)


def judges(document: Document, sentence: Sentence) -> bool:
    """Whether the main clause demands, foresees, compares or calls something good or bad."""
    tokens = document.tokens(sentence)
    root = next((t for t in tokens if t.dep_ == "ROOT"), None)
    if root is None:
        return False
    degrees = (t for t in tokens if t.tag_ in _DEGREES or t.lower_ in _BEST)
    return _claims(root) or any(t.lower_ not in _AMOUNTS for t in degrees)


def tells_past(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence tells what was or has been done, and does not judge it: "it was wrong"."""
    root = next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)
    if root is None:
        return False
    helpers = _helpers(root)
    has_done = root.tag_ == "VBN" and root.lemma_ not in _IS and any(t.lemma_ == "have" for t in helpers)
    is_past = root.tag_ == "VBD" or any(t.tag_ == "VBD" for t in helpers) or has_done
    return is_past and not _claims(root)


def _claims(root: "Token") -> bool:
    """Whether the verb demands or foresees, or calls its subject something."""
    return any(t.lower_ in _CLAIMING for t in (root, *_helpers(root))) or any(
        t.dep_ == "acomp" for t in root.children
    )


def _helpers(verb: "Token") -> "list[Token]":
    return [t for t in verb.children if t.dep_ in ("aux", "auxpass")]
