"""The subject of what happened, as a name that can stand inside a generated sentence."""

import re
from typing import Final

from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import bare_name, is_company, is_generic, within_sentence
from schemas.assessments import Happening

MAX_WORDS: Final = 6
_ODD = re.compile(r"[\"“”‘()\[\]{}<>/|;:,@#*…\n]|\bet al\b|://")
_PARTICLES = words("of and for the de du la van von in at on & to")
_SLOT = re.compile(r"\{(subject|subject's)\|([^{}]{0,60})\}")
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
    if not 1 <= len(parts) <= MAX_WORDS or len(bare) < 2 or _ODD.search(name):
        return None
    if not all(_is_capital(part) for part in parts) or (len(parts) == 1 and is_generic(bare)):
        return None
    if bare not in document.text and bare not in document.article.title:
        return None
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


def about(template: str, subject: str | None) -> str:
    """The template with its slots filled: {subject|other words} and {subject's|other words}.

    The other words stand if there is no subject.
    """

    def fill(slot: re.Match[str]) -> str:
        if subject is None:
            return slot[2]
        return subject if slot[1] == "subject" else possessive(subject)

    return " ".join(_SLOT.sub(fill, template).split())
