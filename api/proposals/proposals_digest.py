"""The digest of what turns stored answers into a judgement: this package, its prompts, and the rules below it.

Equal digests give equal bytes for equal answers, never equal answers for equal articles: those are the model's.
"""

import hashlib
from typing import Final

from api.proposals.grounded import GroundedJudgement, GroundedProse
from api.source_digest import package_parts, remembered, types_shape

_SUFFIXES: Final = (".py", ".txt", ".json")
_REVIEW: Final = "prompts/review.txt"


def prompts_digest(*, with_review: bool) -> str:
    """Hexadecimal SHA-256 over the prompt files, without the lists that fill them.

    That of the third call is left out where it was not made.
    """
    digest = hashlib.sha256()
    for name, content in package_parts("api.proposals", (".txt",)):
        if name == _REVIEW and not with_review:
            continue
        digest.update(f"{name}\x00{len(content)}\x00".encode())
        digest.update(content)
    return digest.hexdigest()


def proposals_digest(rules_digest: str) -> str:
    """Hexadecimal SHA-256 over the package's sources, prompts and data, and the digest of the rules engine."""
    return remembered(("api.proposals", "schemas"), rules_digest, lambda: _own_digest(rules_digest))


def _own_digest(rules_digest: str) -> str:
    digest = hashlib.sha256(f"{rules_digest}\x00".encode())
    for name, content in package_parts("api.proposals", _SUFFIXES):
        digest.update(f"{name}\x00{len(content)}\x00".encode())
        digest.update(content)
    digest.update(types_shape((GroundedJudgement, GroundedProse)))
    return digest.hexdigest()
