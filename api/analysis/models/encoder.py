"""The sentence encoder: a small transformer over whole sentences in their context.

The lower six layers of MPNet (Song and others 2020; all-mpnet-base-v2, Apache-2.0), narrowed by
`distillation_training.py` and trained by `encoder_training.py` on the labelled stories; the upper four layers
read only content pieces (`content_pieces.py`). Unlike word lists it considers the speaker, a sentence's function
in the story and the type by which it steers. A document's values are weighted means of its sentences' values, so
every part has a place.

It runs in ONNX Runtime on one thread with integer weights, whose products do not overflow on any processor:
equal texts give equal bits on one machine. Limits: English; at most 190 pieces of a sentence; labels by
language-model annotators.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from math import pi, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from api.analysis.models.content_pieces import is_content
from api.analysis.models.sentence_heads import sentence_marks
from api.analysis.models.word_pieces import CLASSIFY, SEPARATE, pieces, vocabulary
from api.analysis.text.document import DOCUMENT_VOICE, Document
from schemas.enums import ClaimSupport, SpinType, Stance

if TYPE_CHECKING:
    import onnxruntime

Floats = NDArray[np.float32]
MAX_CHUNK = 190  # pieces without the two end markers
UNSEEN = -8.0  # log-odds of an unread token and of an unread sentence's marks
_PROCESSOR = Path("/proc/cpuinfo")
_EXACT_PRODUCTS = frozenset({"avx_vnni", "avx512_vnni"})  # flags in it of x86 processors
_MAX_LOG_WEIGHT = 4.0  # bound of a sentence's log weight

# Output columns of a sentence.
CLAIM, SCORE = 0, 1
TYPES = slice(2, 9)
STANCES = slice(9, 14)
EVIDENCE, TERMS, WEIGHT = 14, 15, 16
SUPPORT = slice(17, 20)
MARKS = slice(20, 28)  # log-odds that a reader marks the sentence, by LETTERS of `sentence_marks.py`; the
# last two, critical and balance, only help training
COLUMNS = 28
TYPE_ORDER = (
    SpinType.NONE,
    SpinType.HYPE,
    SpinType.HALO,
    SpinType.STAMPEDE,
    SpinType.CUSHION,
    SpinType.SHIELD,
    SpinType.FOG,
)
STANCE_ORDER = (Stance.PROMOTIONAL, Stance.NEUTRAL, Stance.MIXED, Stance.CRITICAL, Stance.DEFENSIVE)
SUPPORT_ORDER = (ClaimSupport.SHOWN, ClaimSupport.ATTRIBUTED, ClaimSupport.ASSERTED)
MARK_COLUMNS = {kind: MARKS.start + n for n, kind in enumerate(TYPE_ORDER[1:])}
PLACE_COLUMNS = 12  # of `places`
WIDTH = 768  # of a piece's vector


@dataclass(frozen=True)
class Chunk:
    """Whole sentences as one input: pieces, and the numbers of each piece's sentence and token."""

    pieces: list[int]
    sentences: list[int]
    tokens: list[int]

    @property
    def kept(self) -> NDArray[np.int64]:
        """The places of the pieces that the upper layers read, with both end markers."""
        inside = [place for place, piece in enumerate(self.pieces, 1) if is_content(piece)]
        return np.array([0, *inside, len(self.pieces) + 1], np.int64)


@dataclass(frozen=True, eq=False)
class States:
    """The vectors of a document's sentences, one row each: 2 * WIDTH values, scaled; 0 for an unread sentence.

    `positions` is the result of `places`; `read` tells which sentences have pieces.
    """

    vectors: Floats
    positions: Floats
    read: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Encoded:
    """Outputs of the encoder: token log-odds of being loaded, and COLUMNS values for each sentence.

    `shares` is each sentence's part of the document; they add up to 1 (all 0 for a text without words). `marks`
    are the values of `sentence_heads.MARKS` for each sentence. `pooled` is the mean of the sentences' vectors,
    `first` the vector of the first sentence, usually the title.
    """

    tokens: Floats
    sentences: Floats
    shares: Floats
    marks: Floats
    pooled: Floats
    first: Floats

    @classmethod
    def of(cls, tokens: Floats, sentences: Floats, shares: Floats, states: States) -> Encoded:
        """With the marks by the shipped heads, and the vectors of the states."""
        empty = np.zeros(2 * WIDTH, np.float32)
        read = states.read.any()
        return cls(
            tokens=np.maximum(tokens, UNSEEN),
            sentences=sentences,
            shares=shares,
            marks=sentence_marks(states.vectors, sentences, states.positions),
            pooled=states.vectors[states.read].mean(axis=0) if read else empty,
            first=states.vectors[0] if read else empty,
        )

    @property
    def read(self) -> NDArray[np.bool_]:
        """Whether each sentence was read: it has words."""
        return self.shares > 0

    @cached_property
    def document(self) -> Floats:
        """The document's columns: the sentences' columns weighted by their shares."""
        whole: Floats = self.shares @ self.sentences
        return whole

    def mark_odds(self, sentence: int, kind: SpinType) -> float:
        """The log-odds that a careful reader marks the sentence as steering by this type, which is not `none`."""
        return float(self.sentences[sentence, MARK_COLUMNS[kind]])


def encode(document: Document) -> Encoded:
    """Encode the document, in time linear in its length."""
    states, tokens = states_of(document)
    sentences, shares = _apply_heads(_heads(), states)
    for sentence in document.sentences:
        tokens[sentence.first : sentence.last] += sentences[sentence.index, TERMS]
    return Encoded.of(tokens, sentences, shares, states)


def states_of(document: Document) -> tuple[States, Floats]:
    """The states of the sentences, and each token's log-odds of being loaded without its sentence's part."""
    heads, number = _heads(), len(document.sentences)
    tokens = np.full(len(document.doc), -np.inf, np.float32)
    content, others = _Sums.empty(number), _Sums.empty(number)
    for chunk in chunks_of(document):
        upper, lower, kept = _hidden(chunk)
        own = np.array(chunk.sentences)
        content.add(upper, own[kept])
        others.add(lower, own[~kept])
        odds = np.empty(len(kept), np.float32)
        odds[kept] = upper @ heads["told_weight"] + heads["told_bias"]
        odds[~kept] = lower @ heads["passed_weight"] + heads["passed_bias"]
        np.maximum.at(tokens, chunk.tokens, odds)
    vectors: Floats = np.concatenate([content.means, others.means], axis=1)
    vectors = (vectors - heads["middle"]) / heads["spread"]
    vectors[:, :WIDTH] *= (content.counts > 0)[:, None]
    vectors[:, WIDTH:] *= (others.counts > 0)[:, None]
    return States(vectors, places(document), (content.counts + others.counts) > 0), tokens


def chunks_of(document: Document) -> list[Chunk]:
    """The document's sentences in order, as many in each chunk as fit."""
    chunks: list[Chunk] = []
    current = Chunk([], [], [])
    for sentence in document.sentences:
        own = [
            (piece, token.i)
            for token in document.tokens(sentence)
            if not token.is_space
            for piece in pieces(token.text)
        ][:MAX_CHUNK]
        if current.pieces and len(current.pieces) + len(own) > MAX_CHUNK:
            chunks.append(current)
            current = Chunk([], [], [])
        current.pieces.extend(piece for piece, _ in own)
        current.sentences.extend([sentence.index] * len(own))
        current.tokens.extend(token for _, token in own)
    return [*chunks, current] if current.pieces else chunks


def places(document: Document) -> Floats:
    """Position and voice of each sentence: one row a sentence, values of 0 to about 2."""
    quoted = np.zeros(len(document.text) + 1, np.float32)
    for quotation in document.quotations:
        quoted[quotation.start : quotation.end] = 1
    number = len(document.sentences)
    rows = [
        (
            s.role == "title",
            s.role == "lead",
            s.index / max(number, 1),
            min(number, 60) / 30,
            quoted[s.start : s.end].mean() if s.end > s.start else 0.0,
            s.voice != DOCUMENT_VOICE,
            s.attributed_to is not None,
            s.negated,
            min(len(s.hedges), 2) / 2,
            min(len(s.numbers), 3) / 3,
            min(s.last - s.first, 50) / 25,
            1.0,
        )
        for s in document.sentences
    ]
    return np.array(rows, np.float32).reshape(number, PLACE_COLUMNS)


@dataclass(frozen=True)
class _Sums:
    """The sums of piece vectors by sentence, one row a sentence, and their counts."""

    vectors: Floats
    counts: Floats

    @classmethod
    def empty(cls, sentences: int) -> _Sums:
        return cls(np.zeros((sentences, WIDTH), np.float32), np.zeros(sentences, np.float32))

    def add(self, vectors: Floats, sentences: NDArray[np.int64]) -> None:
        """Set the sums of whole sentences, given vectors in order and the sentence of each."""
        if not len(vectors):
            return
        own, starts, counts = np.unique(sentences, return_index=True, return_counts=True)
        self.vectors[own] = np.add.reduceat(vectors, starts, axis=0)
        self.counts[own] = counts

    @property
    def means(self) -> Floats:
        return np.asarray(self.vectors / np.maximum(self.counts, 1)[:, None], np.float32)


def _hidden(chunk: Chunk) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The upper layers' vectors of content pieces, the lower layers' of other pieces, and the content mask.

    One chunk at a time: padding several to one length and masking costs two fifths more.
    """
    known = vocabulary()
    numbers = np.array([[known[CLASSIFY], *chunk.pieces, known[SEPARATE]]], np.int64)
    places_kept = chunk.kept
    lower, upper = _session().run(None, {"pieces": numbers, "kept": places_kept})
    kept = np.zeros(len(chunk.pieces), np.bool_)
    kept[places_kept[1:-1] - 1] = True
    return np.asarray(upper[0, 1:-1]), np.asarray(lower[0, 1:-1])[~kept], kept


def _apply_heads(heads: dict[str, Floats], states: States) -> tuple[Floats, Floats]:
    """Columns and shares of the sentences."""
    vectors, positions, read = states.vectors, states.positions, states.read
    if not read.any():
        sentences = np.zeros((len(read), COLUMNS), np.float32)
        sentences[:, MARKS] = UNSEEN
        return sentences, np.zeros(len(read), np.float32)
    whole = vectors[read].mean(axis=0)

    def apply(weight: Floats) -> Floats:
        """Multiply by sentences, whole text and positions in turn, which needs less memory than joining them."""
        own, of_whole, of_place = np.split(weight, (2 * WIDTH, 4 * WIDTH), axis=1)
        result: Floats = vectors @ own.T + whole @ of_whole.T + positions @ of_place.T
        return result

    inner = _normed(_gelu(apply(heads["inner_weight"]) + heads["inner_bias"]))
    outputs = inner @ heads["outer_weight"].T + apply(heads["direct_weight"]) + heads["outer_bias"]
    outputs[~read, MARKS] = UNSEEN
    weight = np.exp(np.clip(outputs[:, WEIGHT], -_MAX_LOG_WEIGHT, _MAX_LOG_WEIGHT)) * read
    return outputs.astype(np.float32), (weight / weight.sum()).astype(np.float32)


def _gelu(x: Floats) -> Floats:
    """The Gaussian error linear unit in its tanh form (Hendrycks and Gimpel 2016)."""
    smooth: Floats = 0.5 * x * (1 + np.tanh(sqrt(2 / pi) * (x + 0.044715 * x * x * x)))
    return smooth


def _normed(x: Floats) -> Floats:
    """Each row normalised to mean 0 and variance 1 (Ba and others 2016)."""
    spread = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    normed: Floats = (x - x.mean(axis=1, keepdims=True)) / spread
    return normed


@cache
def _heads() -> dict[str, Floats]:
    with (files("api.analysis.models") / "encoder_heads.npz").open("rb") as file, np.load(file) as stored:
        return {name: stored[name] for name in stored.files}


@cache
def _session() -> onnxruntime.InferenceSession:
    import onnxruntime  # the fast engine needs none

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # more processes, not more threads
    options.use_deterministic_compute = True
    if not _has_exact_products():  # else 16-bit sums overflow, and the output is noise
        options.add_session_config_entry("session.x64quantprecision", "1")
    options.log_severity_level = 3  # it warns about missing devices
    # a session keeps bytes that it is given, 48 MB, but not a file
    with as_file(files("api.analysis.models") / "encoder.onnx") as model:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _has_exact_products() -> bool:
    """Whether the processor sums products of 8-bit integers in 32 bits.

    Unknown of processors other than x86, for which ONNX Runtime ignores the option. Where the option is not
    needed it changes no bit, but encoding takes more than twice the time.
    """
    with suppress(OSError), _PROCESSOR.open() as facts:
        flags = next((line for line in facts if line.startswith("flags")), "")
        return not _EXACT_PRODUCTS.isdisjoint(flags.split())
    return False
