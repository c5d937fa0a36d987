"""What the shipped engines read in a story, kept on this disk, so that a new detector asks for no second parse.

Parse and encoder take most of the time of a reading and know nothing of detectors, which stand above them. So a
story's parse, sentences and encoding are kept under a digest of all that lies beneath the detectors; what the
other detectors find, under a digest of that and of all detectors but the new one. What does not fit the code that
is there now is never read, and goes at the next run.
"""

import hashlib
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from msgspec import Struct
from spacy.tokens import Doc
from threadpoolctl import threadpool_limits

from api.analysis.engines.fast.skimming import skim
from api.analysis.engines.reading import read
from api.analysis.framing.detector import Detector
from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.evidence import ALL_DETECTORS, gather, strengths
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import COLUMNS, Encoded
from api.analysis.models.wording_measures import wording_measures
from api.analysis.parsing.pipeline import pipeline, pipeline_version
from api.analysis.text.article import Article
from api.analysis.text.document import Quotation, Sentence, Text
from api.analysis.text.features import measures
from api.analysis.text.signals import Measure, TaggedTerm

Profile = Literal["full", "fast"]
_BENEATH = ("text/", "parsing/", "people/", "models/", "engines/reading.py")
_FAST = ("engines/fast/", "models/fast_")
_WEIGHED_LATER = ("models/weights.json", "models/fast_weights.json")  # no reading depends on them
_DETECTORS = "framing/detectors/"
_PARTS = (".py", ".json", ".txt", ".npz", ".onnx")
_CHUNK = 10  # stories that a process gets at once


class Others(Struct, frozen=True):
    """What a story gives without the new detector: strengths of all others by code, measures, words."""

    strengths: dict[str, float]
    measures: list[tuple[str, float]]
    words: int

    def measured(self) -> list[Measure]:
        """The measures without their places."""
        return [Measure(code, value, []) for code, value in self.measures]


@dataclass(frozen=True)
class Read:
    """A story with what the new detector finds: its strength, 0.0 for nothing, and the words."""

    others: Others
    strength: float
    found: list[str]


class _Reading(Struct, frozen=True):
    sentences: tuple[Sentence, ...]
    quotations: tuple[Quotation, ...]
    was_split: bool
    doc: bytes
    tagged: list[TaggedTerm]
    tokens: bytes
    rows: bytes
    shares: bytes


def read_stories(
    articles: Sequence[Article],
    profile: Profile,
    detector: Detector,
    folder: Path,
    processes: int = 1,
    tell: Callable[[int], None] = lambda _: None,
) -> list[Read]:
    """Each article as an engine reads it and the detector sees it; equal calls give equal answers.

    `folder` keeps what is read; `tell` hears how many are done. Only a detector that is a module of
    `framing/detectors` is looked for by several processes.
    """
    own = source_of(detector)
    beneath = _digest(_beneath())
    readings = folder / f"readings-{beneath[:16]}"
    around = _digest((n, c) for n, c in _contents() if n != own and n.startswith(("framing/", *_FAST)))
    texts = "".join(article.digest for article in articles)
    key = hashlib.sha256(f"{beneath}{around}{texts}".encode()).hexdigest()
    kept = folder / f"{profile}-{key[:16]}.json"
    readings.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("readings-*"):
        if path != readings:
            shutil.rmtree(path)
    known = msgspec.json.decode(kept.read_bytes(), type=list[Others]) if kept.exists() else None
    one = partial(_asked, profile, readings, known is None)
    found: list[tuple[float, list[str], Others | None]] = []
    for answer in _answers(one, detector, own, articles, processes):
        found.append(answer)
        tell(len(found))
    others = known or [other for _, _, other in found if other is not None]
    if known is None:
        for path in folder.glob(f"{profile}-*.json"):
            path.unlink()
        _write(kept, msgspec.json.encode(others))
    return [Read(other, strength, words) for other, (strength, words, _) in zip(others, found, strict=True)]


def source_of(detector: Detector) -> str | None:
    """The detector's file beneath `api/analysis`; None for one that is no module of `framing/detectors`."""
    if all(known is not detector for known in DETECTORS):
        return None
    from importlib import import_module
    from pkgutil import iter_modules

    from api.analysis.framing import detectors

    for module in iter_modules(detectors.__path__):
        if import_module(f"{detectors.__name__}.{module.name}").DETECTOR is detector:
            return f"{_DETECTORS}{module.name}.py"
    raise LookupError(detector.code)


def kept_reading(article: Article, folder: Path) -> EncodedDocument:
    """The article as the full engine reads it, from the folder's file if there is one, else read and kept."""
    _one_thread()
    path = folder / article.digest
    if path.exists():
        return _restored(article, path.read_bytes())
    document = read(article)
    seen = document.encoded
    kept = _Reading(
        document.sentences,
        document.quotations,
        document.was_split,
        document.doc.to_bytes(exclude=["tensor", "user_data"]),
        document.tagged,
        *(
            np.ascontiguousarray(part, np.float32).tobytes()
            for part in (seen.tokens, seen.sentences, seen.shares)
        ),
    )
    _write(path, zlib.compress(msgspec.msgpack.encode(kept), 1))
    return document


def _restored(article: Article, content: bytes) -> EncodedDocument:
    kept = msgspec.msgpack.decode(zlib.decompress(content), type=_Reading)
    tokens, rows, shares = (np.frombuffer(part, np.float32) for part in (kept.tokens, kept.rows, kept.shares))
    document = EncodedDocument(
        article=article,
        doc=Doc(pipeline().vocab).from_bytes(kept.doc),
        sentences=kept.sentences,
        quotations=kept.quotations,
        was_split=kept.was_split,
        _starts=[s.start for s in kept.sentences],
    )
    return document.as_read(Encoded(tokens, rows.reshape(-1, COLUMNS), shares), kept.tagged)


def _answers(
    one: "partial[tuple[float, list[str], Others | None]]",
    detector: Detector,
    own: str | None,
    articles: Sequence[Article],
    processes: int,
) -> Iterator[tuple[float, list[str], Others | None]]:
    if processes == 1 or own is None:
        yield from (one(detector, article) for article in articles)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(_by_code, one, detector.code), articles, chunksize=_CHUNK)


def _by_code(
    one: "partial[tuple[float, list[str], Others | None]]", code: str, article: Article
) -> tuple[float, list[str], Others | None]:
    """A detector cannot be sent to another process, but is there by its code."""
    return one(next(d for d in DETECTORS if d.code == code), article)


def _asked(
    profile: Profile, readings: Path, with_others: bool, detector: Detector, article: Article
) -> tuple[float, list[str], Others | None]:
    _one_thread()
    document: Text = skim(article) if profile == "fast" else kept_reading(article, readings)
    words = len(document.text.split())
    own = gather(document, (), [detector])
    others = None
    if with_others:
        rest = gather(document, (), [d for d in ALL_DETECTORS if d.code != detector.code])
        measured = measures(document) + wording_measures(document) + document.other_measures()
        others = Others(strengths(rest, words), [(m.code, float(m.value)) for m in measured], words)
    found = [document.text[item.hit.start : item.hit.end] for item in own if item.mass]
    return strengths(own, words).get(detector.code, 0.0), found, others


@cache
def _one_thread() -> None:
    """As the engines compute: sums in another order have other last bits."""
    threadpool_limits(limits=1, user_api="blas")


@cache
def _contents() -> tuple[tuple[str, bytes], ...]:
    """All that an engine is made of, by its name beneath `api/analysis`."""
    root = Path(str(files("api.analysis")))
    paths = sorted(path for path in root.rglob("*") if path.suffix in _PARTS)
    return tuple((path.relative_to(root).as_posix(), path.read_bytes()) for path in paths)


def _beneath() -> Iterator[tuple[str, bytes]]:
    for name, content in _contents():
        if name.startswith(_BENEATH) and not name.startswith("models/fast_") and name not in _WEIGHED_LATER:
            yield name, content
    yield pipeline_version(), b""
    for package in ("spacy", "numpy", "onnxruntime"):
        yield f"{package}-{version(package)}", b""


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in parts:
        if name in _WEIGHED_LATER:
            continue
        digest.update(f"{name}\x00{len(content)}\x00".encode())
        digest.update(content)
    return digest.hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a run may be broken off."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
