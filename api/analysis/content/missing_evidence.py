"""Determines the evidence that claims lack: what their own words leave open, and checklist items absent from the
whole text. The clause that is named must itself have the wording of the checklist; a denial lacks nothing.

A text that is too short or truncated lacks nothing.
"""

import msgspec

from api.analysis.content.checklists import ITEMS, Search, checklists_for
from api.analysis.content.claims import CentralClaim
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.open_points import points_of
from api.analysis.text.document import Document
from schemas.assessments import MissingEvidence, Spin
from schemas.enums import ClaimSupport, InputFlag

MIN_WORDS = 120  # a scorable text (80 words) and two more sentences
MOST = 2  # items per claim, from the start of the list
MAX_WHEN_SHOWN = 1  # for a claim that the text shows


def can_omit(document: Document) -> bool:
    """Whether the text is long enough and complete, so that an absence is an omission."""
    return document.article.words >= MIN_WORDS and InputFlag.TRUNCATED not in document.article.flags


def missing_evidence(
    document: Document, claims: tuple[CentralClaim, ...], phrases: KeyPhrases, spin: Spin
) -> list[list[MissingEvidence]]:
    """For each claim, in order, the evidence that the text lacks.

    A claim without a short name lacks none.
    """
    if not can_omit(document):
        return [[] for _ in claims]
    search = Search(document)
    return [
        [
            MissingEvidence(item=code, text=f"No sign of {lacks} for “{core}”.", looked_for=looked_for)
            for code, lacks, looked_for in _lacking(document, central, core, search, spin)
        ]
        if (core := phrases.of_claim(central.claim.number)) is not None
        else []
        for central in claims
    ]


def _lacking(
    document: Document, central: CentralClaim, core: str, search: Search, spin: Spin
) -> list[tuple[str, str, str]]:
    """Code, name and description of the evidence that a claim with this main clause lacks."""
    claim, sentence = central.claim, central.sentence
    if sentence.negated:
        return []
    lists = [c for c in checklists_for(claim) if c.fits(msgspec.structs.replace(claim, text=core))]
    lacking = [
        (item, ITEMS[item].lacks, ITEMS[item].looked_for)
        for item in dict.fromkeys(item for checklist in lists for item in checklist.items)
        if not (ITEMS[item].figure and sentence.numbers) and not search.has(item)
    ]
    if claim.support is ClaimSupport.ASSERTED:
        lacking = [
            *((code, text, text) for code, text in points_of(document, sentence, core, spin)),
            *lacking,
        ]
    return lacking[: MAX_WHEN_SHOWN if claim.support is ClaimSupport.SHOWN else MOST]
