"""The digest of the code that makes documents; stored ones with another digest are rendered again when read.

It is computed from the files in `rendering/`. A version number raised by hand was the alternative; one day it
would be forgotten. The price: a release that touches these files renders each story once more at its next read.
A renderer that is known to make the same as an older one (`equal_digests.json`) goes by the older one's digest.
"""

import hashlib
from functools import cache
from typing import Final

import msgspec

from api.equal_digests import first_equal
from api.rendering.site import Site
from api.source_digest import package_parts, types_shape
from schemas.score_explanations import ScoreExplanation
from schemas.stories import Story

_SUFFIXES: Final = (".py", ".html", ".css")


def renderer_digest(site: Site) -> str:
    """Names all that goes into the bytes beside the object; 16 hexadecimal digits.

    That is the code, the types of the contract, and what the service says of itself.
    """
    made_by = first_equal(own_digest()).encode()
    return hashlib.sha256(made_by + msgspec.json.encode(site)).hexdigest()[:16]


@cache
def own_digest() -> str:
    """Hexadecimal SHA-256 over the files of this package and the types that it renders."""
    digest = hashlib.sha256()
    for name, content in package_parts("api.rendering", _SUFFIXES):
        digest.update(f"{name}\x00{len(content)}\x00".encode() + content)
    digest.update(types_shape((Story, ScoreExplanation)))
    return digest.hexdigest()
