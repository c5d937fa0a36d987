"""Removes the parts of a satire's verdict that make sense only for a sincere text."""

from collections.abc import Sequence

import msgspec

from schemas.assessments import Assessment, Claim
from schemas.enums import ClaimSupport, Verification


def satire_claims(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of a satire: none counts as shown, and none lacks evidence."""
    unsearched = [msgspec.structs.replace(claim, missing_evidence=None) for claim in claims]
    return [
        msgspec.structs.replace(
            claim, support=ClaimSupport.ASSERTED, verification=Verification.UNVERIFIED_IN_SOURCE
        )
        if claim.support is ClaimSupport.SHOWN
        else claim
        for claim in unsearched
    ]


def satire_assessment(assessment: Assessment) -> Assessment:
    """The assessment of a satire: null in the fields that make sense only for a sincere text."""
    return msgspec.structs.replace(
        assessment,
        happening=None,
        key_stats=None,
        questions_answered=None,
        objective=None,
        spin_vs_substance=None,
        questions_raised=None,
        beneficiaries=None,
        left_out=None,
        missing_voices=None,
    )
