"""The subject of what happened, as a name that can stand inside a generated sentence."""

import re
from typing import Final

from api.analysis.text.document import Document
from api.analysis.text.names import bare_name, is_company, is_generic, within_sentence
from schemas.assessments import Happening

MAX_WORDS: Final = 6
_ODD = re.compile(r"[\"“”‘()\[\]{}<>/|;:,@#*…\n]|\bet al\b|://")
_SLOT = re.compile(r"\{(subject|subject's)\|([^{}]{0,60})\}")
_ENDS_POSSESSIVE = re.compile(r"['’]s?$")


def subject_name(document: Document, happening: Happening | None) -> str | None:
    """The subject as written inside a sentence; None if it is no name, or no name of the text.

    The legal form is left out. A label of common nouns ("the company"), a long one, and one with brackets or
    quotation marks are no names.
    """
    if happening is None or happening.subject is None:
        return None
    name = " ".join(happening.subject.split()).strip(" .,")
    if is_company(name):
        name = bare_name(name)
    bare = bare_name(name)
    parts = bare.split()
    if not parts or len(parts) > MAX_WORDS or _ODD.search(name) or len(bare) < 2:
        return None
    first = parts[0]
    if not any(c.isupper() or c.isdigit() for c in first) or (len(parts) == 1 and is_generic(first)):
        return None
    return within_sentence(name) if bare in document.text or bare in document.article.title else None


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
