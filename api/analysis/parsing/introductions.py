"""Whose words a sentence with a colon introduces: "Roe writes:", "Here is the heart of her letter:"."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from api.analysis.parsing import report_words as known
from api.analysis.parsing.reports import is_own, name_of, subject_of
from api.analysis.text.document import UNNAMED_VOICE

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from api.analysis.parsing.speakers import Speakers

_BACK = 80  # tokens before the sentence on a writing
_MAX_ABOVE = 3  # of a writing and the verb of sending


def introduced(doc: Doc, opening: int, first: int, last: int, speakers: Speakers) -> str | None:
    """The speaker whose words the sentence of tokens [first, last), which ends with a colon, introduces.

    Its paragraph begins with token `opening`.
    None for the writer's own words and for mere lists.
    """
    sentence = list(reversed(doc[first:last]))
    for token in sentence:
        if token.pos_ in ("VERB", "AUX") and (token.lemma_ in known.SAYING or token.lemma_ in known.READS):
            subject = subject_of(token)
            if subject is not None:
                if subject.lemma_ in known.EXTRACTS and (
                    made := _writer_before(doc, opening, first, speakers)
                ):
                    return made
                return None if is_own(subject) else _maker(subject, speakers) or name_of(subject, speakers)
    for token in sentence:
        if token.pos_ != "NOUN" or not (token.lemma_ in known.WRITINGS or token.lower_ in known.EXTRACTS):
            continue
        owner = _owner(token)
        if token.lemma_ not in known.WRITINGS and (owner is None or owner.head.lower_ == "of"):
            continue  # "part of the plan:"
        if owner is not None:
            name = UNNAMED_VOICE if is_own(owner) else name_of(owner, speakers)
            named = not is_own(owner) and (name != UNNAMED_VOICE or token.lemma_ in known.WRITINGS)
            return name if named else None
        subject = subject_of(token.head) if token.head.pos_ == "VERB" else None
        if subject is None or not is_own(subject):
            known_from = _writer_before(doc, opening, first, speakers)
            return known_from or (UNNAMED_VOICE if subject is None else name_of(subject, speakers))
        return UNNAMED_VOICE if token.head.lemma_ in known.RECEIVES else None
    if any(token.lower_ in known.EXTRACTS for token in sentence):  # "The part that hurt:"
        return _writer_before(doc, opening, first, speakers)
    if any(token.lemma_ in known.COPIES for token in sentence):  # "I give it whole:"
        law = next((token for token in sentence if token.lemma_.lower() in known.LAWS), None)
        if law is not None:  # "Section 22 is short enough to copy out:"
            return name_of(law, speakers)
        if not any(token.lemma_ in known.PAPERS for token in doc[opening:last]):
            return None
        senders = (g for t in sentence if t.lower_ in ("from", "by") for g in t.children if g.dep_ == "pobj")
        sender = next(filter(None, map(speakers.person, senders)), None)
        return sender or _writer_before(doc, opening, first, speakers) or UNNAMED_VOICE
    return None


def of_writing(doc: Doc, first: int, last: int, speakers: Speakers) -> str | None:
    """Whose writing opens, or ends, with the words behind the sentence of tokens [first, last).

    "The guild issued a note. ... The note opens:" Else the writing itself.
    """
    root = next((t for t in doc[first:last] if t.dep_ == "ROOT" and t.lemma_ in known.OPENS), None)
    writing = None if root is None else subject_of(root)
    if writing is None or writing.lemma_ not in known.PAMPHLETS:
        return None
    for token in reversed(doc[max(first - _BACK, 0) : first]):
        is_same = token.lemma_ == writing.lemma_ and token.dep_ == "dobj"
        if is_same and token.head.lemma_ in known.SENDS and (sender := subject_of(token.head)) is not None:
            return None if is_own(sender) else name_of(sender, speakers)
    return speakers.name(writing)


def _writer_before(doc: Doc, opening: int, first: int, speakers: Speakers) -> str | None:
    """Whose the review or letter is that the paragraph has just named."""
    for token in reversed(doc[opening:first]):
        if token.lemma_ in known.PAPERS and (owner := _owner(token)) is not None:
            return None if is_own(owner) else name_of(owner, speakers)
    return None


def _owner(noun: Token) -> Token | None:
    """Whose the writing is: "Roe's letter", "a letter by Roe"."""
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    if owner is not None:
        return owner
    preps = (c for c in noun.children if c.lower_ in ("by", "of", "from"))
    return next((g for c in preps for g in c.children if g.dep_ == "pobj"), None)


def _maker(writing: Token, speakers: Speakers) -> str | None:
    """Who sent or owns the writing that speaks: "the union sent a bulletin that reads"; None if not told."""
    if writing.lemma_ not in known.PAPERS:
        return None
    party = _owner(writing)
    if party is None:
        above = (
            t for t in islice(writing.ancestors, _MAX_ABOVE) if t.lemma_ in known.SENDS and t.pos_ == "VERB"
        )
        party = next(filter(None, map(subject_of, above)), None)
    return None if party is None or is_own(party) else name_of(party, speakers)
