"""Whom "he", "it" or "they" stands for beside a report, where no subject fits: an object or a description nearby.

"They carry a card. It says that ...", "a man giving the name Jon Roe. He told them that ...". Only reports ask
here, as a guess from further off would charge a stranger.

Limits: the nearest fitting noun of the two sentences before is taken.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from api.analysis.parsing.antecedents import BODIES, PEOPLE, PERSON_PRONOUNS
from api.analysis.parsing.clauses import SUBJECTS
from api.analysis.parsing.speaker_names import PAPERS
from api.analysis.text.lexicon import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from api.analysis.parsing.speakers import Speakers

_BACK = 60  # tokens before the pronoun's sentence
_DEVICES = words(
    "app bot chatbot assistant robot software screen voicemail helpline hotline machine fridge text"
)
_SAY_IT = (PAPERS - words("company press post")) | _DEVICES | BODIES
_SOMEBODY = PEOPLE | words("caller stranger voice listener reader guest speaker")
_OBJECTS = frozenset({"dobj", "nsubj", "nsubjpass", "pobj", "attr", "appos", "conj", "ROOT"})
_FIRMS = frozenset({"ORG", "PRODUCT"})
_CALLED = re.compile(
    r"\b(?:(?:the|a|his|her|their) name(?: as| of)?|(?:him|her|it|them)sel(?:f|ves)|called|named|known as) "
    r"(?P<name>[“\"]?[A-Z][\w’'-]{1,24}(?: [A-Z][\w’'-]{1,24}){0,2})"
)


def nearby(pronoun: Token, speakers: Speakers) -> str | None:
    """The name or description of the speaker, None if nothing fits."""
    doc, start = pronoun.doc, pronoun.sent.start
    low = max(start - _BACK, 0)
    breaks = 0
    for at in range(start - 1, low - 1, -1):
        token = doc[at]
        breaks += token.text.count("\n") > 0
        if breaks > 1:
            low = at + 1
            break
    before = doc[low:start].text
    if pronoun.lower_ in PERSON_PRONOUNS and (named := list(islice(_CALLED.finditer(before), 8))):
        return named[-1]["name"].strip('“"')
    for token in _fitting(pronoun, low, start, speakers):
        if (name := speakers.name(token)) is not None:
            return name
    return None


def _fitting(pronoun: Token, low: int, start: int, speakers: Speakers) -> Iterator[Token]:
    """The nouns that can speak: those of the nearest sentence first, there its subject, then the nearest."""
    found = list(_nouns(pronoun, low, start, speakers))
    return iter(sorted(found, key=lambda t: (-t.sent.start, t.dep_ not in SUBJECTS, -t.i)))


def _nouns(pronoun: Token, low: int, start: int, speakers: Speakers) -> Iterator[Token]:
    doc, form = pronoun.doc, pronoun.lower_
    for at in range(start - 1, low - 1, -1):
        token = doc[at]
        if token.dep_ not in _OBJECTS or speakers.is_quoted(token.idx):
            continue
        lemma = token.lemma_.lower()
        if form in PERSON_PRONOUNS:
            fits = token.tag_ == "NN" and lemma in _SOMEBODY
        elif form == "it":
            fits = (token.tag_ == "NN" and lemma in _SAY_IT) or token.ent_type_ in _FIRMS
        else:
            fits = (token.tag_ == "NNS" and lemma in _SOMEBODY | BODIES) or (
                token.tag_ == "NN" and lemma in BODIES
            )
        if fits:
            yield token
