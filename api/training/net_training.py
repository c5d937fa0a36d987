"""The trained net: the base's upper layers, and heads for sentences and documents.

One net learns several tasks (Caruana 1997): loaded tokens, central claims and their support, the types by which
sentences steer, and, as weighted means over sentences, the document's score, type, stance and evidence. The
heads read vectors of equal scale through both a direct and a hidden layer; with only one they learn the marks
worse than a ridge regression. For pieces that the upper layers skip they read the lower layers' output.
"""

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from api.analysis.models.encoder import (
    COLUMNS,
    MARKS,
    PLACE_COLUMNS,
    TERMS,
    UNSEEN,
    WEIGHT,
    WIDTH,
    Chunk,
    Encoded,
    States,
    places,
)
from api.analysis.text.document import Document
from api.training.base_training import AWAY, LAYERS, LOWER_LAYERS, Base
from schemas.enums import EvidenceStrength, SpinType, Stance

INNER = 256
CHUNKS_KEPT = 0.6  # of a story's chunks at each step, the first always
LEAST_SPREAD = 1e-3  # of a value over the stories
SEEN_DROP, INNER_DROP, TOKEN_DROP = 0.1, 0.2, 0.1  # dropout before each head


class Below(NamedTuple):
    """The base's output for a chunk with end markers.

    `lower` is by the frozen lower layers, `kept` the places that the upper layers read, `upper` their untrained
    output.
    """

    chunk: Chunk
    lower: Tensor
    kept: Tensor
    upper: Tensor

    @property
    def told(self) -> Tensor:
        """Whether the upper layers read each piece."""
        read = torch.zeros(len(self.lower), dtype=torch.bool)
        read[self.kept] = True
        return read[1:-1]


@dataclass(frozen=True)
class EncoderStory:
    """A labelled story. `loaded`: 1 for each loaded token of the parse; `claims`: 1 for each central claim.

    `supports`: index of each claim's support in SUPPORT_ORDER, -1 for other sentences; `marks`: see
    `shares_marked`; `below`: the base's output.
    """

    document: Document
    score: float
    primary: SpinType
    secondary: SpinType | None
    stance: Stance
    evidence: EvidenceStrength
    loaded: NDArray[np.float32]
    claims: NDArray[np.float32]
    supports: NDArray[np.int64]
    marks: NDArray[np.float32]
    weight: float
    term_weight: float
    below: list[Below]


class NetInput:
    """A story with the chunks that one step reads."""

    def __init__(self, story: EncoderStory) -> None:
        self.story = story
        self.places = torch.from_numpy(places(story.document))
        self.chunks = story.below

    def some(self, order: random.Random) -> "NetInput":
        """The story without some of its chunks."""
        part = object.__new__(NetInput)
        part.story, part.places = self.story, self.places
        part.chunks = [c for n, c in enumerate(self.chunks) if n == 0 or order.random() < CHUNKS_KEPT]
        return part


@dataclass(frozen=True)
class Output:
    """`tokens`: log-odds of all pieces, chunk after chunk; `said`: COLUMNS outputs a sentence.

    `means` are the scaled vectors of the sentences, `seen` marks those with vectors; `shares` are the sentences'
    shares, `documents` the weighted means.
    """

    tokens: Tensor
    means: Tensor
    said: Tensor
    seen: Tensor
    shares: Tensor
    documents: Tensor


def _packed(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """The row and start of each chunk, packed into rows as long as the longest (first fit, longest first)."""
    free: list[int] = []
    found = [(0, 0)] * len(lengths)
    for number in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        row = next((r for r, room in enumerate(free) if room >= lengths[number]), len(free))
        if row == len(free):
            free.append(max(lengths))
        found[number] = row, max(lengths) - free[row]
        free[row] -= lengths[number]
    return found


class _Vectors(NamedTuple):
    """Vectors of pieces that the upper layers read (`told`) and of others (`passed`), with sentence numbers.

    Sentences are numbered over the batch. `is_told` and `sentences` are of all pieces in order.
    """

    told: Tensor
    told_sentences: Tensor
    passed: Tensor
    passed_sentences: Tensor
    is_told: Tensor
    sentences: Tensor


class Net(nn.Module):
    """The base and the heads; `forward` computes the same as `encoder.encode`."""

    def __init__(self, base: Base) -> None:
        super().__init__()
        self.base = copy.deepcopy(base).requires_grad_(requires_grad=False)
        for name, width in (("told", WIDTH), ("passed", WIDTH), ("sentence", 2 * WIDTH)):
            self.register_buffer(f"{name}_middle", torch.zeros(width))  # mean and spread over the stories
            self.register_buffer(f"{name}_spread", torch.ones(width))
        seen = 4 * WIDTH + PLACE_COLUMNS
        self.told, self.passed = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 1)
        self.token_drop = nn.Dropout(TOKEN_DROP)
        self.seen_drop, self.inner_drop = nn.Dropout(SEEN_DROP), nn.Dropout(INNER_DROP)
        self.inner, self.norm = nn.Linear(seen, INNER), nn.LayerNorm(INNER, elementwise_affine=False)
        self.outer, self.direct = nn.Linear(INNER, COLUMNS), nn.Linear(seen, COLUMNS, bias=False)
        with torch.no_grad():
            self.outer.weight[WEIGHT] = 0.0  # equal weights at first
            self.direct.weight.zero_()
            for head in (self.told, self.passed):
                head.weight.mul_(0.1)
                head.bias.fill_(-3.0)  # about the log-odds of a loaded token

    @torch.no_grad()
    def scale(self, stories: Sequence[NetInput]) -> None:
        """Set the means and spreads of pieces and sentences, before any layer is trained."""
        found = [(len(story.places), self._vectors([story], taught=False)) for story in stories]
        for name in ("told", "passed"):
            self._note(name, torch.cat([getattr(vectors, name)[::4] for _, vectors in found]))
        halves = [
            torch.cat([means[counts > 0] for means, counts in sides])
            for sides in (
                [_means(v.told, v.told_sentences, number) for number, v in found],
                [_means(v.passed, v.passed_sentences, number) for number, v in found],
            )
        ]
        self._note("sentence", *halves)

    def _note(self, name: str, *values: Tensor) -> None:
        getattr(self, f"{name}_middle").copy_(torch.cat([part.mean(0) for part in values]))
        spread = torch.cat([part.std(0, correction=0) for part in values])
        getattr(self, f"{name}_spread").copy_(spread.clamp(min=LEAST_SPREAD))

    def _vectors(self, batch: Sequence[NetInput], *, taught: bool) -> _Vectors:
        chunks = [one for story in batch for one in story.chunks]
        bases = np.cumsum([0, *(len(story.places) for story in batch)]).tolist()
        sentences = torch.cat(
            [
                torch.tensor(one.chunk.sentences) + base
                for story, base in zip(batch, bases, strict=False)
                for one in story.chunks
            ]
        )
        told = torch.cat([one.told for one in chunks])
        upper = self._taught(chunks) if taught else torch.cat([one.upper[1:-1] for one in chunks]).float()
        lower = torch.cat([one.lower[1:-1] for one in chunks])[~told].float()
        return _Vectors(upper, sentences[told], lower, sentences[~told], told, sentences)

    def _taught(self, chunks: Sequence[Below]) -> Tensor:
        """The current upper layers' output for the pieces that they read, chunk after chunk."""
        packed = _packed([len(one.kept) for one in chunks])
        shape = 1 + max(row for row, _ in packed), max(len(one.kept) for one in chunks)
        hidden = torch.zeros(*shape, WIDTH)
        owner, at = torch.full(shape, -1), torch.zeros(shape, dtype=torch.long)
        for number, ((row, start), one) in enumerate(zip(packed, chunks, strict=True)):
            part = slice(start, start + len(one.kept))
            hidden[row, part] = one.lower[one.kept].float()
            owner[row, part] = number
            at[row, part] = one.kept
        apart = owner[:, :, None] != owner[:, None, :]
        near = self.base.near(at) + (apart * AWAY)[:, None]
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            hidden = self.base(hidden, near, LOWER_LAYERS, LAYERS).float()
        return torch.cat(
            [
                hidden[row, start + 1 : start + len(one.kept) - 1]
                for (row, start), one in zip(packed, chunks, strict=True)
            ]
        )

    def forward(self, batch: Sequence[NetInput], *, taught: bool = True) -> Output:
        """The heads' outputs, over the trained layers if `taught`, else over the initial ones."""
        vectors = self._vectors(batch, taught=taught)
        sizes = [len(story.places) for story in batch]
        total = sum(sizes)
        told, told_counts = _means(vectors.told, vectors.told_sentences, total)
        passed, passed_counts = _means(vectors.passed, vectors.passed_sentences, total)
        seen = (told_counts + passed_counts > 0).float()
        known = torch.cat(
            [(counts > 0).float()[:, None].expand(-1, WIDTH) for counts in (told_counts, passed_counts)], 1
        )
        means = (torch.cat([told, passed], 1) - self.sentence_middle) / self.sentence_spread * known
        story = torch.tensor(np.repeat(np.arange(len(batch)), sizes))
        per_story = torch.zeros(len(batch))
        whole = torch.zeros(len(batch), 2 * WIDTH).index_add(0, story, means)
        whole = whole / per_story.index_add(0, story, seen)[:, None]
        positions = torch.cat([s.places for s in batch])
        inputs = torch.cat([self.seen_drop(means), self.seen_drop(whole)[story], positions], 1)
        inner = self.norm(functional.gelu(self.inner(inputs), approximate="tanh"))
        said = self.outer(self.inner_drop(inner)) + self.direct(inputs)
        weight = torch.exp(said[:, WEIGHT].clamp(-4, 4)) * seen
        shares = weight / per_story.index_add(0, story, weight)[story]
        documents = torch.zeros(len(batch), COLUMNS).index_add(0, story, said * shares[:, None])
        tokens = said[vectors.sentences, TERMS]
        tokens = tokens.index_add(0, vectors.is_told.nonzero()[:, 0], self._odds("told", vectors.told))
        tokens = tokens.index_add(0, (~vectors.is_told).nonzero()[:, 0], self._odds("passed", vectors.passed))
        return Output(tokens, means, said, seen, shares, documents)

    def _odds(self, name: str, vectors: Tensor) -> Tensor:
        scaled = (vectors - getattr(self, f"{name}_middle")) / getattr(self, f"{name}_spread")
        odds: Tensor = getattr(self, name)(self.token_drop(scaled))[:, 0]
        return odds

    @torch.no_grad()
    def encode(self, document: Document, below: list[Below]) -> tuple[Encoded, States]:
        """Same as `encoder.encode` in float weights, with the states; `below` is the base's output.

        The marks are by the shipped heads, which do not fit this net.
        """
        tokens = np.full(len(document.doc), UNSEEN, np.float32)
        if not below:
            said = np.zeros((len(document.sentences), COLUMNS), np.float32)
            said[:, MARKS] = UNSEEN
            empty = np.zeros((len(said), 2 * WIDTH), np.float32)
            states = States(empty, places(document), np.zeros(len(said), np.bool_))
            return Encoded.of(tokens, said, np.zeros(len(said), np.float32), states), states
        read = object.__new__(NetInput)
        read.places = torch.from_numpy(places(document))
        read.chunks = below
        self.eval()
        output = self([read])
        start = 0
        for one in below:
            end = start + len(one.chunk.tokens)
            np.maximum.at(tokens, one.chunk.tokens, output.tokens[start:end].numpy())
            start = end
        said = output.said.numpy()
        said[output.seen.numpy() == 0, MARKS] = UNSEEN
        states = States(output.means.numpy(), places(document), output.seen.numpy() > 0)
        return Encoded.of(tokens, said, output.shares.numpy(), states), states

    @torch.no_grad()
    def write(self, folder: Path) -> None:
        """Write `encoder.onnx` with integer weights, and `encoder_heads.npz`."""
        self.eval()
        exact = folder / "encoder.exact.onnx"
        torch.onnx.export(
            _Whole(self.base),
            (torch.randint(1000, 2000, (1, 16)), torch.tensor([0, 3, 4, 9, 15])),
            str(exact),
            input_names=["pieces", "kept"],
            output_names=["lower", "upper"],
            dynamic_axes={
                "pieces": {1: "length"},
                "kept": {0: "read_on"},
                "lower": {1: "length"},
                "upper": {1: "read_on"},
            },
            opset_version=17,
            dynamo=False,
        )
        # position biases stay exact: they affect every attention and cost neither time nor memory
        near = [node.name for node in onnx.load(exact).graph.node if "base.distances" in node.input]
        quantize_dynamic(
            exact,
            folder / "encoder.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            nodes_to_exclude=near,
        )
        exact.unlink()
        onnx.checker.check_model(str(folder / "encoder.onnx"))
        heads = {}
        for name, head in (("told", self.told), ("passed", self.passed)):
            weight = head.weight[0] / getattr(self, f"{name}_spread")
            heads[f"{name}_weight"] = weight.numpy()
            heads[f"{name}_bias"] = (head.bias - weight @ getattr(self, f"{name}_middle")).numpy()
        np.savez(
            folder / "encoder_heads.npz",
            **heads,
            middle=self.sentence_middle.numpy(),
            spread=self.sentence_spread.numpy(),
            inner_weight=self.inner.weight.numpy(),
            inner_bias=self.inner.bias.numpy(),
            outer_weight=self.outer.weight.numpy(),
            outer_bias=self.outer.bias.numpy(),
            direct_weight=self.direct.weight.numpy(),
        )


class _Whole(nn.Module):
    """The module for export: from one chunk's pieces and places to the lower and upper layers' outputs."""

    def __init__(self, base: Base) -> None:
        super().__init__()
        self.base = base

    def forward(self, pieces: Tensor, kept: Tensor) -> tuple[Tensor, Tensor]:
        lower = self.base.lower(pieces)
        return lower, self.base.upper(lower, kept)


def _means(vectors: Tensor, sentences: Tensor, total: int) -> tuple[Tensor, Tensor]:
    """The mean vector of each of `total` sentences, 0 if empty, and its number of vectors."""
    counts = torch.zeros(total).index_add(0, sentences, torch.ones(len(sentences)))
    sums = torch.zeros(total, WIDTH).index_add(0, sentences, vectors)
    return sums / counts.clamp(min=1)[:, None], counts
