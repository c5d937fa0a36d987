"""What is left of a verdict on satire: nothing that only a text that means what it says can be asked."""

from collections.abc import Sequence

import msgspec

from schemas.assessments import Assessment, Claim
from schemas.enums import ClaimSupport, Verification


def unmeant_claims(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of a satire: nothing is shown by what is not meant, and nothing is asked for."""
    plain = [msgspec.structs.replace(claim, missing_evidence=None) for claim in claims]
    return [
        msgspec.structs.replace(
            claim, support=ClaimSupport.ASSERTED, verification=Verification.UNVERIFIED_IN_SOURCE
        )
        if claim.support is ClaimSupport.SHOWN
        else claim
        for claim in plain
    ]


def unmeant(said: Assessment) -> Assessment:
    """What is said of a satire: null, not asked, where only a text that means what it says can be asked."""
    return msgspec.structs.replace(
        said,
        key_stats=None,
        questions_answered=None,
        objective=None,
        spin_vs_substance=None,
        questions_raised=None,
        beneficiaries=None,
        left_out=None,
        missing_voices=None,
    )
