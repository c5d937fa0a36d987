"""Which claims must not be restated as fact."""

from typing import Final

from schemas.enums import Verification

# Confirmed by others, or shown by the text itself.
_RESTATABLE: Final = frozenset({Verification.CORROBORATED, Verification.SHOWN_IN_SOURCE})


def do_not_restate(verification: Verification) -> bool:
    """Whether the claim must be attributed instead of stated as fact."""
    return verification not in _RESTATABLE
