"""Which claims must not be repeated in one's own voice."""

from typing import Final

from schemas.enums import Verification

# What others confirmed, or the text itself shows, may be said plainly; the rest only as somebody's claim.
_SAYABLE: Final = frozenset({Verification.CORROBORATED, Verification.SHOWN_IN_SOURCE})


def do_not_restate(verification: Verification) -> bool:
    """Whether a retelling must attribute such a claim instead of stating it as a fact."""
    return verification not in _SAYABLE
