"""The omissions of the whole story: each checklist item that claims lack, with those claims."""

from api.analysis.content.checklists import ITEMS
from api.analysis.content.key_phrases import KeyPhrases
from schemas.assessments import Claim, Omission

MAX_OMISSIONS = 6


def left_out(claims: list[Claim], phrases: KeyPhrases) -> list[Omission]:
    """At most six: those of most claims first, then those of the most central one."""
    lacking: dict[str, list[int]] = {}
    for claim in claims:
        for missing in claim.missing_evidence or ():
            lacking.setdefault(missing.item, []).append(claim.number)
    ranked = sorted(lacking, key=lambda item: (-len(lacking[item]), lacking[item][0], item))
    return [
        Omission(
            item=item,
            text=f"No sign of {ITEMS[item].lacks} for “{phrase}”.",
            claims=lacking[item],
        )
        for item in ranked[:MAX_OMISSIONS]
        if (phrase := phrases.of_claim(lacking[item][0])) is not None
    ]
