"""Determines the evidence that claims lack: checklist items absent from the whole text.

A text that is too short or truncated lacks nothing.
"""

from api.analysis.content.checklists import ITEMS, Search, checklists_for
from api.analysis.content.claims import CentralClaim
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.text.document import Document
from schemas.assessments import MissingEvidence
from schemas.enums import ClaimSupport, InputFlag

MIN_WORDS = 120  # a scorable text (80 words) and two more sentences
MOST = 3  # items per claim, from the start of the list
MAX_WHEN_SHOWN = 2  # for a claim that the text shows


def can_omit(document: Document) -> bool:
    """Whether the text is long enough and complete, so that an absence is an omission."""
    return document.article.words >= MIN_WORDS and InputFlag.TRUNCATED not in document.article.flags


def missing_evidence(
    document: Document, claims: tuple[CentralClaim, ...], phrases: KeyPhrases
) -> list[list[MissingEvidence]]:
    """For each claim, in order, the checklist items that the text lacks.

    A claim without a short name lacks none.
    """
    if not can_omit(document):
        return [[] for _ in claims]
    search = Search(document)
    return [
        [
            MissingEvidence(
                item=code,
                text=f"No sign of {ITEMS[code].lacks} for “{core}”.",
                looked_for=ITEMS[code].looked_for,
            )
            for code in _lacking(central, search)
        ]
        if (core := phrases.of_claim(central.claim.number)) is not None
        else []
        for central in claims
    ]


def _lacking(central: CentralClaim, search: Search) -> list[str]:
    claim = central.claim
    items = dict.fromkeys(item for checklist in checklists_for(claim) for item in checklist.items)
    lacking = [
        item
        for item in items
        if not (ITEMS[item].figure and central.sentence.numbers) and not search.has(item)
    ]
    return lacking[: MAX_WHEN_SHOWN if claim.support is ClaimSupport.SHOWN else MOST]
