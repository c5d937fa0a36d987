"""The digest of the rules engine: its sources, its data, and the numeric backend that it runs on.

Two machines with equal digests give byte-identical assessments of equal articles (method, grounding rule 4).
"""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from api.analysis.parsing.pipeline import pipeline_version

_PARTS = (".py", ".json", ".txt", ".npz", ".onnx")

_FAST = ("engines/fast/", "models/fast_")  # what only the fast engine is made of


@cache
def engine_digest(*, fast: bool = False) -> str:
    """Hexadecimal SHA-256 over the sources and data files of this package, and the versions beneath it.

    The fast engine is made of all of them, the whole one of all but those of the fast engine alone.
    """
    digest = hashlib.sha256()
    for name, content in sorted(_contents(files("api.analysis"), "")):
        if name.startswith(_FAST) and not fast:
            continue
        digest.update(f"{name}\x00{len(content)}\x00".encode())
        digest.update(content)
    beneath = [f"{name}-{version(name)}" for name in ("spacy", "numpy", "onnxruntime")]
    for part in (pipeline_version(), *beneath):
        digest.update(f"{part}\x00".encode())
    return digest.hexdigest()


def _contents(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _contents(entry, f"{name}/")
        elif entry.name.endswith(_PARTS):
            found.append((name, entry.read_bytes()))
    return found
