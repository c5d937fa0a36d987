"""The digest of an engine: its sources and data, the types of its input and output, the numeric backend.

Machines with equal digests give byte-identical assessments of equal articles. An engine with the same output as
an older one (`equal_digests.json`) uses the older one's digest.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

from api.analysis.parsing.pipeline import pipeline_version
from api.analysis.text.article import Article
from api.equal_digests import first_equal
from api.source_digest import normalized_source, package_parts, remembered, types_shape
from schemas.assessments import Assessment
from schemas.taxonomy import Taxonomy

_SUFFIXES: Final = (".py", ".json", ".txt", ".npz", ".onnx")
_FAST_ONLY: Final = ("engines/fast/", "models/fast_")  # files of the fast engine only
_WEB_MODULES: Final = ("control_characters.py",)  # modules of `api.web` that the engine uses
_TYPES: Final = (Article, Taxonomy, Assessment)
_LIBRARIES: Final = ("spacy", "numpy", "onnxruntime")


@cache
def engine_digest(*, fast: bool = False) -> str:
    """The digest of the first engine with equal output."""
    key = " ".join([str(fast), *map(version, _LIBRARIES), pipeline_version()])
    return first_equal(remembered(("api.analysis", "api.web", "schemas"), key, lambda: own_digest(fast=fast)))


@cache
def own_digest(*, fast: bool = False) -> str:
    """Hexadecimal SHA-256 over an engine's content.

    The fast engine includes the whole package, the full one all but the fast engine's own files.
    """
    digest = hashlib.sha256()

    def add(name: str, content: bytes) -> None:
        digest.update(f"{name}\x00{len(content)}\x00".encode())
        digest.update(content)

    for name, content in package_parts("api.analysis", _SUFFIXES):
        if fast or not name.startswith(_FAST_ONLY):
            add(name, content)
    for name in _WEB_MODULES:
        add(f"../web/{name}", normalized_source((files("api.web") / name).read_bytes()))
    add("types", types_shape(_TYPES))
    for library in _LIBRARIES:
        add(library, version(library).encode())
    add("pipeline", pipeline_version().encode())
    return digest.hexdigest()
