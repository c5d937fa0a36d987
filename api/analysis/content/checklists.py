"""Checklists: what a claim of each kind should come with, and how a text is searched for it.

The lists stand in `checklists.json`, each with the reporting standard that it follows. A claim gets the lists
whose wording it has (`applies`, and nothing of `not_for`), those meant for its kind first; a claim that none fits
is asked nothing: its kind alone, which is right half of the time, is no ground for a reproach. An item counts as
present when any of its patterns is found anywhere in the text, or the claim itself gives the figure that is asked
for, so that the text is rather credited with too much than charged with an omission it does not have.
"""

import re
from functools import cached_property

from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.document import Document
from schemas.assessments import Claim
from schemas.enums import ClaimKind

# What would be true if something else were is no claim that a figure or a test could be missing from.
_HYPOTHETICAL = re.compile(
    r"^\W*(?:if|had|suppose)\b|\b(?:do|does)(?: not|n['’]t) know\b|\bif any\b", re.IGNORECASE
)
LISTS_PER_CLAIM = 2  # a sentence that touches many subjects is still asked about two


class Item(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """One thing to look for. `lacks` completes "the text gives ..."; `question` has the slots {claim}
    and, in some, {actor}."""

    lacks: str
    looked_for: str
    question: str
    found_by: list[str]
    figure: bool = False  # a number in the claim's own words answers it

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.found_by), re.IGNORECASE)


class Checklist(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """What one sort of claim should come with. `kinds` are the claim kinds it is meant for, [] for all."""

    code: str
    source: str
    kinds: list[ClaimKind]
    applies: str
    items: list[str]
    not_for: str | None = None  # wording that shows another sense of the words in `applies`
    alone: bool = False  # asked only of a claim that no other list fits

    def fits(self, claim: Claim) -> bool:
        """Whether the claim is of the sort that the list asks about."""
        text = claim.text or ""
        if self.kinds and claim.kind not in self.kinds:
            return False
        applies, not_for = self._patterns
        return applies.search(text) is not None and (not_for is None or not_for.search(text) is None)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
        not_for = re.compile(self.not_for, re.IGNORECASE) if self.not_for else None
        return re.compile(self.applies, re.IGNORECASE), not_for


class _Lists(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    items: dict[str, Item]
    checklists: list[Checklist]


_LISTS = data_file("content/checklists.json", _Lists)
ITEMS = _LISTS.items
CHECKLISTS = tuple(_LISTS.checklists)


def checklists_for(claim: Claim) -> list[Checklist]:
    """At most two lists for one claim; [] for one that none fits."""
    if _HYPOTHETICAL.search(claim.text or ""):
        return []
    fitting = [c for c in CHECKLISTS if c.fits(claim)]
    fitting = [c for c in fitting if not c.alone] or fitting
    own = [c for c in fitting if claim.kind in c.kinds]
    return [*own, *(c for c in fitting if c not in own)][:LISTS_PER_CLAIM]


class Search:
    """What the text of one document holds of the items; each is searched once."""

    def __init__(self, document: Document) -> None:
        self._text = "\n".join(sentence.text for sentence in document.sentences)
        self._found: dict[str, bool] = {}

    def has(self, item: str) -> bool:
        """Whether the text holds anything that answers the item."""
        if item not in self._found:
            self._found[item] = ITEMS[item].pattern.search(self._text) is not None
        return self._found[item]
