"""A disk cache of the shipped engines' analyses, so that fitting a new detector parses no story twice.

Parse and encoder take most of the time and do not depend on detectors. A story's parse, sentences and encoding
are stored under a digest of everything beneath the detectors; the findings of all detectors but the new one
under a digest of that and of those detectors. Entries that do not match the current code are ignored, and
deleted at the next run.
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
from api.analysis.models.sentence_heads import MARKS
from api.analysis.parsing.pipeline import pipeline, pipeline_version
from api.analysis.text.article import Article
from api.analysis.text.document import Quotation, Sentence, Text
from api.analysis.text.signals import Measure, TaggedTerm

Profile = Literal["full", "fast"]
_BELOW_DETECTORS = ("text/", "parsing/", "people/", "models/", "engines/reading.py")
_FAST = ("engines/fast/", "models/fast_")
_SCORING_WEIGHTS = ("models/weights.json", "models/fast_weights.json")  # no analysis depends on them
_DETECTORS = "framing/detectors/"
_PARTS = (".py", ".json", ".txt", ".npz", ".onnx")
_CHUNK = 10  # stories per task of a process


class OtherResults(Struct, frozen=True):
    """A story's results without the new detector: the other detectors' strengths, measures, number of words."""

    strengths: dict[str, float]
    measures: list[tuple[str, float]]
    words: int

    def measured(self) -> list[Measure]:
        """The measures without their places."""
        return [Measure(code, value, []) for code, value in self.measures]


@dataclass(frozen=True)
class DetectorResult:
    """A story with the new detector's strength (0.0 without findings) and the words found."""

    others: OtherResults
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
    marks: bytes
    pooled: bytes
    first: bytes


def read_stories(
    articles: Sequence[Article],
    profile: Profile,
    detector: Detector,
    folder: Path,
    processes: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> list[DetectorResult]:
    """Analyse each article with an engine and the detector; equal calls give equal results.

    `folder` is the cache; `progress` gets the number of finished articles. Only detectors that are modules of
    `framing/detectors` run in several processes.
    """
    source = source_of(detector)
    base_digest = _digest(_sources_below_detectors())
    readings = folder / f"readings-{base_digest[:16]}"
    others_digest = _digest(
        (n, c) for n, c in _contents() if n != source and n.startswith(("framing/", *_FAST))
    )
    texts = "".join(article.digest for article in articles)
    key = hashlib.sha256(f"{base_digest}{others_digest}{texts}".encode()).hexdigest()
    cache_file = folder / f"{profile}-{key[:16]}.json"
    readings.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("readings-*"):
        if path != readings:
            shutil.rmtree(path)
    cached = (
        msgspec.json.decode(cache_file.read_bytes(), type=list[OtherResults]) if cache_file.exists() else None
    )
    analyse = partial(_analyse, profile, readings, cached is None)
    found: list[tuple[float, list[str], OtherResults | None]] = []
    for result in _analyses(analyse, detector, source, articles, processes):
        found.append(result)
        progress(len(found))
    others = cached or [other for _, _, other in found if other is not None]
    if cached is None:
        for path in folder.glob(f"{profile}-*.json"):
            path.unlink()
        _write(cache_file, msgspec.json.encode(others))
    return [
        DetectorResult(other, strength, words)
        for other, (strength, words, _) in zip(others, found, strict=True)
    ]


def source_of(detector: Detector) -> str | None:
    """The detector's file relative to `api/analysis`, or None if it is no module of `framing/detectors`."""
    if all(known is not detector for known in DETECTORS):
        return None
    from importlib import import_module
    from pkgutil import iter_modules

    from api.analysis.framing import detectors

    for module in iter_modules(detectors.__path__):
        if import_module(f"{detectors.__name__}.{module.name}").DETECTOR is detector:
            return f"{_DETECTORS}{module.name}.py"
    raise LookupError(detector.code)


def cached_reading(article: Article, folder: Path) -> EncodedDocument:
    """The full engine's analysis of the article, from the cache in `folder` if present."""
    _one_thread()
    path = folder / article.digest
    if path.exists():
        return _restored(article, path.read_bytes())
    document = read(article)
    seen = document.encoded
    stored = _Reading(
        document.sentences,
        document.quotations,
        document.was_split,
        document.doc.to_bytes(exclude=["tensor", "user_data"]),
        document.tagged,
        *(
            np.ascontiguousarray(part, np.float32).tobytes()
            for part in (seen.tokens, seen.sentences, seen.shares, seen.marks, seen.pooled, seen.first)
        ),
    )
    _write(path, zlib.compress(msgspec.msgpack.encode(stored), 1))
    return document


def _restored(article: Article, content: bytes) -> EncodedDocument:
    stored = msgspec.msgpack.decode(zlib.decompress(content), type=_Reading)
    parts = (stored.tokens, stored.rows, stored.shares, stored.marks, stored.pooled, stored.first)
    tokens, rows, shares, marks, pooled, first = (np.frombuffer(part, np.float32) for part in parts)
    document = EncodedDocument(
        article=article,
        doc=Doc(pipeline().vocab).from_bytes(stored.doc),
        sentences=stored.sentences,
        quotations=stored.quotations,
        was_split=stored.was_split,
        _starts=[s.start for s in stored.sentences],
    )
    encoded = Encoded(tokens, rows.reshape(-1, COLUMNS), shares, marks.reshape(-1, len(MARKS)), pooled, first)
    return document.with_outputs(encoded, stored.tagged)


def _analyses(
    analyse: "partial[tuple[float, list[str], OtherResults | None]]",
    detector: Detector,
    source: str | None,
    articles: Sequence[Article],
    processes: int,
) -> Iterator[tuple[float, list[str], OtherResults | None]]:
    if processes == 1 or source is None:
        yield from (analyse(detector, article) for article in articles)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(_by_code, analyse, detector.code), articles, chunksize=_CHUNK)


def _by_code(
    analyse: "partial[tuple[float, list[str], OtherResults | None]]", code: str, article: Article
) -> tuple[float, list[str], OtherResults | None]:
    """Look the detector up by its code, since it cannot be pickled."""
    return analyse(next(d for d in DETECTORS if d.code == code), article)


def _analyse(
    profile: Profile, readings: Path, with_others: bool, detector: Detector, article: Article
) -> tuple[float, list[str], OtherResults | None]:
    _one_thread()
    document: Text = skim(article) if profile == "fast" else cached_reading(article, readings)
    words = len(document.text.split())
    findings = gather(document, (), [detector])
    others = None
    if with_others:
        rest = gather(document, (), [d for d in ALL_DETECTORS if d.code != detector.code])
        measured = document.model_measures()
        others = OtherResults(strengths(rest, words), [(m.code, float(m.value)) for m in measured], words)
    found = [document.text[item.hit.start : item.hit.end] for item in findings if item.mass]
    return strengths(findings, words).get(detector.code, 0.0), found, others


@cache
def _one_thread() -> None:
    """Use one thread like the engines: another order of sums changes their last bits."""
    threadpool_limits(limits=1, user_api="blas")


@cache
def _contents() -> tuple[tuple[str, bytes], ...]:
    """The name relative to `api/analysis` and the content of all files of the engines."""
    root = Path(str(files("api.analysis")))
    paths = sorted(path for path in root.rglob("*") if path.suffix in _PARTS)
    return tuple((path.relative_to(root).as_posix(), path.read_bytes()) for path in paths)


def _sources_below_detectors() -> Iterator[tuple[str, bytes]]:
    for name, content in _contents():
        if (
            name.startswith(_BELOW_DETECTORS)
            and not name.startswith("models/fast_")
            and name not in _SCORING_WEIGHTS
        ):
            yield name, content
    yield pipeline_version(), b""
    for package in ("spacy", "numpy", "onnxruntime"):
        yield f"{package}-{version(package)}", b""


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in parts:
        if name in _SCORING_WEIGHTS:
            continue
        digest.update(f"{name}\x00{len(content)}\x00".encode())
        digest.update(content)
    return digest.hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Write atomically, since a run may be interrupted."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
