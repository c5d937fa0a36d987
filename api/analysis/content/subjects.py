"""The subject of what happened, as a name that can stand inside a generated sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import bare_name, is_company, is_generic, within_sentence
from schemas.assessments import Happening

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_WORDS: Final = 6
_ODD = re.compile(r"[\"“”‘()\[\]{}<>/|;:,@#*…\n]|\bet al\b|://")
_PARTICLES = words("of and for the de du la van von in at on & to")
_SLOT = re.compile(r"\{(subject|subject's)\|([^{}]{0,60})\}")
_OFFER: Final = "{subject's|the} offer"
_OFFERS = words("launch release introduce unveil announce debut present open ship")
_NO_OFFER = words(
    "news result results agreement plan plans availability launch release support series completion partnership "
    "version update updates appointment intention date change changes post blog milestone feature features round"
)
_ACTS_OF_OFFERING = words("availability launch release introduction")
_ENDS_POSSESSIVE = re.compile(r"['’]s?$")


def subject_name(document: Document, happening: Happening | None, *, people: bool = False) -> str | None:
    """The subject as written inside a sentence; None if it is no name, or no name of the text.

    The legal form is left out. A label with common nouns ("the company", "Corvell's staff"), a long one, and one
    with brackets or quotation marks are no names; a person's is one only if `people` are asked for.
    """
    if happening is None or happening.subject is None:
        return None
    name = " ".join(happening.subject.split()).strip(" .,")
    if is_company(name):
        name = bare_name(name)
    bare = bare_name(name)
    parts = bare.split()
    if not 1 <= len(parts) <= MAX_WORDS or len(bare) < 2 or _ODD.search(name) or name.endswith("&"):
        return None
    if not all(_is_capital(part) for part in parts) or (len(parts) == 1 and is_generic(bare)):
        return None
    body = document.text[document.article.body_start :]
    if bare not in body or (len(parts) == 1 and f" {bare.lower()} " in body):
        return None  # a headline's words, or a common noun
    if not people and any(_is_person(e.label_, e.text, bare) for e in document.doc.ents):
        return None
    return within_sentence(name)


def _is_person(label: str, entity: str, name: str) -> bool:
    """Whether a recognised person's name is in the name, or the name in it."""
    return label == "PERSON" and (name in entity or (" " in entity and entity in name))


def _is_capital(word: str) -> bool:
    return word in _PARTICLES or any(c.isupper() or c.isdigit() for c in word)


def possessive(name: str) -> str:
    """The name in the possessive: "Corvell's", "the Orrin Works'", "Wendy's"."""
    if _ENDS_POSSESSIVE.search(name):
        return name
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def offer_name(document: Document, happening: Happening | None) -> str | None:
    """What the news says is launched: a name, or "the" and a noun with its compounds; None if it is not told."""
    for place in happening.spans if happening else []:
        for found in document.all_tokens[
            document.token_at(place.start) : document.token_at(place.end - 1) + 1
        ]:
            if found.dep_ == "dobj" and found.head.lemma_ in _OFFERS:
                token = _launched(found)
                if token.lemma_.lower() in _NO_OFFER:
                    continue
                first = token.i
                while first and document.all_tokens[first - 1].dep_ == "compound":
                    first -= 1
                name = document.text[document.all_tokens[first].idx : token.idx + len(token.text)]
                joined = document.text[: document.all_tokens[first].idx].endswith("-")
                if (
                    joined
                    or len(name.split()) > MAX_WORDS
                    or _ODD.search(name)
                    or token.pos_ not in ("NOUN", "PROPN")
                ):
                    return None
                return name if token.pos_ == "PROPN" and first == token.left_edge.i else f"the {name}"
    return None


def _launched(noun: Token) -> Token:
    """The name in "the launch of Furrow" or "the availability of Furrow", else the noun itself."""
    of = (t for t in noun.children if t.lower_ == "of") if noun.lemma_.lower() in _ACTS_OF_OFFERING else ()
    named = (t for one in of for t in one.children if t.dep_ == "pobj" and t.pos_ == "PROPN")
    # "Troop 611" is one name, of which "Troop" is only a part
    return next((t for t in named if not t.doc[t.i + 1 : t.i + 2].text.isdigit()), noun)


def about(template: str, subject: str | None, offer: str | None = None) -> str:
    """The template with its slots filled: {offer}, {subject|other words} and {subject's|other words}.

    The other words stand if there is no subject, "the offer" if none is known.
    """
    template = template.replace("{offer}", offer or _OFFER)

    def fill(slot: re.Match[str]) -> str:
        if subject is None:
            return slot[2]
        return subject if slot[1] == "subject" else possessive(subject)

    return " ".join(_SLOT.sub(fill, template).split())
