"""What a claim lacks: the items of its checklists that the whole text does not hold.

Nothing is called missing in a text that was too short to hold it, or of which the rest was not read.
"""

from api.analysis.checklists import ITEMS, Search, checklists_for
from api.analysis.document import Document
from schemas.assessments import Claim, MissingEvidence
from schemas.enums import ClaimSupport, InputFlag

MIN_WORDS = 120  # a scorable text (80 words) with room for two more sentences
MOST = 4  # items a claim; the first ones of a list matter most
MOST_WHEN_SHOWN = 2  # for a claim that the text does show


def can_omit(document: Document) -> bool:
    """Whether the text was long enough, and read far enough, to charge it with an omission."""
    return document.article.words >= MIN_WORDS and InputFlag.TRUNCATED not in document.article.flags


def missing_evidence(document: Document, claims: list[Claim]) -> list[list[MissingEvidence]]:
    """For each claim, in order, what its checklists ask for and the text lacks."""
    if not can_omit(document):
        return [[] for _ in claims]
    search = Search(document)
    return [
        [
            MissingEvidence(
                item=code,
                text=f"The text gives no sign of {ITEMS[code].lacks}.",
                looked_for=ITEMS[code].looked_for,
            )
            for code in _lacking(claim, search)
        ]
        for claim in claims
    ]


def _lacking(claim: Claim, search: Search) -> list[str]:
    items = dict.fromkeys(item for checklist in checklists_for(claim) for item in checklist.items)
    lacking = [item for item in items if not search.has(item)]
    return lacking[: MOST_WHEN_SHOWN if claim.support is ClaimSupport.SHOWN else MOST]
