"""Checklists: the evidence that each kind of claim should come with, and the search for it.

`checklists.json` lists them with their reporting standards. A claim gets the lists whose wording it has
(`applies`, and nothing of `not_for`), those for its kind first; the kind alone, which is right half of the
time, does not suffice. A claim that no list fits lacks the proof that is usual for its kind (`of_kinds`), if it
has none at all. An item is present if any of its patterns occurs anywhere in the text, or the claim
gives the required figure; so errors favour the text.
"""

import re
from functools import cached_property

from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.document import Document
from schemas.assessments import Claim
from schemas.enums import ClaimKind

# Hypothetical claims need no evidence.
_HYPOTHETICAL = re.compile(
    r"^\W*(?:if|had|suppose)\b|\b(?:do|does)(?: not|n['’]t) know\b|\bif any\b", re.IGNORECASE
)
LISTS_PER_CLAIM = 2  # at most, even for a claim on many subjects


class Item(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """One item of evidence; `lacks` is an indirect question about the claim, to follow "does not say"."""

    lacks: str
    looked_for: str
    found_by: list[str]
    figure: bool = False  # a number in the claim suffices

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.found_by), re.IGNORECASE)


class Checklist(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """The evidence for one sort of claim. `kinds` are its claim kinds, [] for all."""

    code: str
    source: str
    kinds: list[ClaimKind]
    applies: str
    items: list[str]
    not_for: str | None = None  # wording that indicates another sense of `applies`
    alone: bool = False  # applies only if no other list fits

    def fits(self, claim: Claim) -> bool:
        """Whether the list applies to the claim."""
        text = claim.text or ""
        if self.kinds and claim.kind not in self.kinds:
            return False
        return self._applies.search(text) is not None and not (self._not_for and self._not_for.search(text))

    @cached_property
    def _applies(self) -> re.Pattern[str]:
        return re.compile(self.applies, re.IGNORECASE)

    @cached_property
    def _not_for(self) -> re.Pattern[str] | None:
        return re.compile(self.not_for, re.IGNORECASE) if self.not_for else None


class OfKind(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a bare assertion of a kind lacks, as a sentence about the claim."""

    lacks: str
    looked_for: str


class _Lists(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    of_kinds: dict[ClaimKind, OfKind]
    items: dict[str, Item]
    checklists: list[Checklist]


_LISTS = data_file("content/checklists.json", _Lists)
ITEMS = _LISTS.items
OF_KINDS = _LISTS.of_kinds
CHECKLISTS = tuple(_LISTS.checklists)


def checklists_for(claim: Claim) -> list[Checklist]:
    """At most two lists for one claim; [] if none fits."""
    if _HYPOTHETICAL.search(claim.text or ""):
        return []
    fitting = [c for c in CHECKLISTS if c.fits(claim)]
    fitting = [c for c in fitting if not c.alone] or fitting
    of_kind = [c for c in fitting if claim.kind in c.kinds]
    return [*of_kind, *(c for c in fitting if c not in of_kind)][:LISTS_PER_CLAIM]


class Search:
    """Searches one document for items, each once."""

    def __init__(self, document: Document) -> None:
        self._text = "\n".join(sentence.text for sentence in document.sentences)
        self._found: dict[str, bool] = {}

    def has(self, item: str) -> bool:
        """Whether the text has evidence for the item."""
        if item not in self._found:
            self._found[item] = ITEMS[item].pattern.search(self._text) is not None
        return self._found[item]
