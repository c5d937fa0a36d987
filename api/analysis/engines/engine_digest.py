"""The digest of an engine: its sources and data, the types of what goes in and comes out, the numeric backend.

Two machines with equal digests give byte-identical assessments of equal articles. An engine that is known to give
the same as an older one (`equal_digests.json`) goes by the older one's digest.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

from api.analysis.parsing.pipeline import pipeline_version
from api.analysis.text.article import Article
from api.equal_digests import first_equal
from api.source_digest import normalized_source, package_parts, types_shape
from schemas.assessments import Assessment
from schemas.taxonomy import Taxonomy

_SUFFIXES: Final = (".py", ".json", ".txt", ".npz", ".onnx")
_FAST: Final = ("engines/fast/", "models/fast_")  # what only the fast engine is made of
_BESIDE: Final = ("control_characters.py",)  # of `api.web`: what the engine uses from outside its rooms
_TYPES: Final = (Article, Taxonomy, Assessment)


@cache
def engine_digest(*, fast: bool = False) -> str:
    """The digest by which the engine goes: that of the first engine that gave the same assessments."""
    return first_equal(own_digest(fast=fast))


@cache
def own_digest(*, fast: bool = False) -> str:
    """Hexadecimal SHA-256 over what the engine is made of.

    The fast engine is made of all rooms, the whole one of all but what is the fast engine's alone.
    """
    digest = hashlib.sha256()

    def add(name: str, content: bytes) -> None:
        digest.update(f"{name}\x00{len(content)}\x00".encode())
        digest.update(content)

    for name, content in package_parts("api.analysis", _SUFFIXES):
        if fast or not name.startswith(_FAST):
            add(name, content)
    for name in _BESIDE:
        add(f"../web/{name}", normalized_source((files("api.web") / name).read_bytes()))
    add("types", types_shape(_TYPES))
    for library in ("spacy", "numpy", "onnxruntime"):
        add(library, version(library).encode())
    add("pipeline", pipeline_version().encode())
    return digest.hexdigest()
