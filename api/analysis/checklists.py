"""Checklists: what a claim of each kind should come with, and how a text is searched for it.

The lists stand in `checklists.json`, each with the reporting standard that it follows. A claim gets the lists
whose words it contains (`applies`), those meant for its kind first; a claim that none fits gets its kind's own.
An item counts as present when any of its patterns is found anywhere in the text, so that the text is rather
credited with too much than charged with an omission it does not have.
"""

import re
from functools import cached_property

from msgspec import Struct

from api.analysis.data_files import data_file
from api.analysis.document import Document
from schemas.assessments import Claim
from schemas.enums import ClaimKind

LISTS_PER_CLAIM = 2  # a sentence that touches many subjects is still asked about two


class Item(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """One thing to look for. `lacks` completes "the text gives ..."; `question` has the slots {claim}
    and, in some, {actor}."""

    lacks: str
    looked_for: str
    question: str
    found_by: list[str]

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
    alone: bool = False  # asked only of a claim that no other list fits

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.applies, re.IGNORECASE)


class _Lists(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    items: dict[str, Item]
    checklists: list[Checklist]
    by_kind: dict[ClaimKind, str]


_LISTS = data_file("checklists.json", _Lists)
ITEMS = _LISTS.items
CHECKLISTS = tuple(_LISTS.checklists)
_BY_CODE = {checklist.code: checklist for checklist in CHECKLISTS}


def checklists_for(claim: Claim) -> list[Checklist]:
    """At most two lists for one claim; [] for one that none fits and whose kind has none of its own."""
    text = claim.text or ""
    fitting = [c for c in CHECKLISTS if (not c.kinds or claim.kind in c.kinds) and c.pattern.search(text)]
    fitting = [c for c in fitting if not c.alone] or fitting
    own = [c for c in fitting if claim.kind in c.kinds]
    chosen = [*own, *(c for c in fitting if c not in own)][:LISTS_PER_CLAIM]
    if not chosen and (code := _LISTS.by_kind.get(claim.kind)) is not None:
        return [_BY_CODE[code]]
    return chosen


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
