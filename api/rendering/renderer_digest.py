"""The digest of the renderer; stored documents with another digest are rendered again when read.

It covers the files in `rendering/`, because a manual version number could be forgotten. The cost: after a release
that changes them, each story is rendered once more. A renderer with the same output as an older one
(`equal_digests.json`) keeps the older digest.
"""

import hashlib
from functools import cache
from typing import Final

import msgspec

from api.equal_digests import first_equal
from api.rendering.site import Site
from api.source_digest import package_parts, types_shape
from schemas.plain_wording import PlainWording
from schemas.score_explanations import ScoreExplanation
from schemas.stories import Story

_SUFFIXES: Final = (".py", ".html", ".css", ".json")


def renderer_digest(site: Site) -> str:
    """A digest of code, contract types and `site`, which determine the bytes of an object; 16 hex digits."""
    renderer = first_equal(own_digest()).encode()
    return hashlib.sha256(renderer + msgspec.json.encode(site)).hexdigest()[:16]


@cache
def own_digest() -> str:
    """Hexadecimal SHA-256 over this package's files and the types that it renders."""
    digest = hashlib.sha256()
    for name, content in package_parts("api.rendering", _SUFFIXES):
        digest.update(f"{name}\x00{len(content)}\x00".encode() + content)
    digest.update(types_shape((Story, ScoreExplanation, PlainWording)))
    return digest.hexdigest()
