"""How `encoder.onnx` and `encoder_heads.npz` are made: MPNet's lower layers taught on labelled stories.

Offline only; needs PyTorch, Transformers and the weights of all-mpnet-base-v2 (`make train` brings them). One net
learns several things at once (Caruana 1997): which tokens are loaded, which sentences are central claims and how
they are supported, by which type each sentence steers, and, as weighted means over the sentences, the document's
score, type, stance and evidence. The embeddings and the lowest layer stay as they are, so their output is
computed once, and kept at half precision; so is the arithmetic of the layers that are taught (bfloat16: half the
time where the processor multiplies in it, more where it does not). Of each long story some chunks are left out at
every step, so that none is learned by heart. One thread and fixed seeds: the same stories give the same bytes on
one machine.
"""

import copy
import hashlib
import inspect
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
import transformers
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from api.analysis.base_training import LAYERS, WIDTH, Base
from api.analysis.document import Document
from api.analysis.encoder import (
    CLAIM,
    COLUMNS,
    EVIDENCE,
    MARKS,
    PLACE_COLUMNS,
    SCORE,
    STANCE_ORDER,
    STANCES,
    SUPPORT,
    SUPPORT_ORDER,
    TERMS,
    TYPE_ORDER,
    TYPES,
    UNSEEN,
    WEIGHT,
    Chunk,
    Encoded,
    chunks_of,
    places,
)
from api.analysis.word_pieces import CLASSIFY, SEPARATE, vocabulary
from schemas.enums import ClaimSupport, EvidenceStrength, SpinType, Stance

FIXED_LAYERS = 1  # lower ones, left as they are
NARROWED_BY, FIRST_CHUNKS = 120, 4  # documents by which the base is narrowed, and chunks of each
INNER = 128
ROUNDS = 5
BATCH = 6  # stories
KEPT = 0.6  # of a story's chunks at each step; the first always
RATE, RATE_BELOW, HEAD_RATE = (
    1e-4,
    0.8,
    1e-3,
)  # of the top layer, of each layer below as a share, of the heads
AWAY = -1e4  # added to the attention between pieces that are not of one chunk
WARM_UP, LAST_RATE = 0.08, 0.02  # shares of all steps, and of the rate
TERM_LOSS, CLAIM_LOSS, SUPPORT_LOSS = 5.0, 1.5, 0.2  # weights beside 1 for the score
MARK_LOSS = 1.6
TYPE_LOSS, STANCE_LOSS, EVIDENCE_LOSS = 0.7, 0.4, 0.4
RARE_TERM, RARE_CLAIM = 3.0, 2.0  # how much more a positive counts
SECONDARY = 0.25  # of the type's target, where there is a secondary type
MIDDLE, SPREAD = 35.0, 20.0  # the score's target is (score - MIDDLE) / SPREAD
EVIDENCE_MIDDLE = 1.4
EVIDENCE_ORDER = tuple(EvidenceStrength)  # none, weak, medium, strong


Below = list[tuple[Chunk, Tensor]]  # chunks of a story, and what the fixed layers make of each


@dataclass(frozen=True)
class EncoderStory:
    """A labelled story. `loaded`: 1 for each loaded token of the parse; `claims`: 1 for each sentence that is a
    central claim, `supports` the place of its support in SUPPORT_ORDER, -1 for the other sentences; `marks`: as
    `shares_marked` gives them; `below`: what the fixed layers make of it, the same for every net of one base."""

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
    fold: int
    weight: float
    term_weight: float
    below: Below


def support_place(support: ClaimSupport) -> int:
    """Where a support stands in SUPPORT_ORDER."""
    return SUPPORT_ORDER.index(support)


def prepared(folder: Path, documents: Sequence[Document]) -> Base:
    """The base from the folder of MPNet's weights, narrowed to what tells most in some of the documents."""
    base = Base(folder)
    chosen = documents[:: max(len(documents) // NARROWED_BY, 1)]
    base.narrow([_numbers(chunk) for document in chosen for chunk in chunks_of(document)[:FIRST_CHUNKS]])
    return base


@torch.no_grad()
def below(base: Base, document: Document) -> Below:
    """What the fixed layers make of the document's chunks and the marks at their ends."""
    base.eval()
    with torch.autocast("cpu", torch.bfloat16):
        return [
            (chunk, base(base.embed(_numbers(chunk)), None, 0, FIXED_LAYERS)[0].bfloat16().clone())
            for chunk in chunks_of(document)
        ]


def _numbers(chunk: Chunk) -> Tensor:
    """The chunk's pieces between the marks of its ends, as one row."""
    known = vocabulary()
    return torch.tensor([[known[CLASSIFY], *chunk.pieces, known[SEPARATE]]])


def teach(stories: Sequence[EncoderStory], *, base: Base, seed: int, report: Callable[[str], None]) -> "Net":
    """A net that has seen the stories; it starts from `base`, which stays as it is."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    order = random.Random(seed)  # noqa: S311 - an order, no secret
    net = Net(base)
    read = [_Read(story) for story in stories]
    steps = ROUNDS * -(-len(read) // BATCH)
    optimizer = torch.optim.AdamW(net.groups(), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (steps * WARM_UP)) * max(LAST_RATE, 1 - step / steps)
    )
    for number in range(ROUNDS):
        order.shuffle(read)
        net.train()
        total = 0.0
        for start in range(0, len(read), BATCH):
            batch = [story.some(order) for story in read[start : start + BATCH]]
            loss = _loss(net(batch), batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # PyTorch's own
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        report(f"round {number + 1} of {ROUNDS}: loss {total * BATCH / len(read):.3f}")
    net.eval()
    return net


def inputs_digest(stories: Sequence[EncoderStory], base: Base, seed: int) -> str:
    """SHA-256 of all that decides what a net becomes on one machine: code, stories as they are read, base."""
    digest = hashlib.sha256(f"{seed} {torch.__version__} {transformers.__version__}".encode())
    for code in (Net, Base, Encoded):
        digest.update(Path(inspect.getfile(code)).read_bytes())
    for value in base.state_dict().values():
        digest.update(value.numpy().tobytes())
    for story in stories:
        labels = (story.score, story.primary, story.secondary, story.stance, story.evidence, story.weight)
        digest.update(repr((labels, story.term_weight, chunks_of(story.document))).encode())
        for part in (story.loaded, story.claims, story.supports, story.marks, places(story.document)):
            digest.update(part.tobytes())
    return digest.hexdigest()


class _Read:
    """A story with the lower layers' output for the chunks that one step sees."""

    def __init__(self, story: EncoderStory) -> None:
        self.story = story
        self.places = torch.from_numpy(places(story.document))
        self.chunks = story.below

    def some(self, order: random.Random) -> "_Read":
        """The same story without some of its chunks."""
        part = object.__new__(_Read)
        part.story, part.places = self.story, self.places
        part.chunks = [c for n, c in enumerate(self.chunks) if n == 0 or order.random() < KEPT]
        return part


@dataclass(frozen=True)
class _Output:
    """`tokens`: log-odds, several chunks a row; `places`: row and start of each chunk; `sentence`: each token's
    sentence over the batch, the last number for none; `said`: COLUMNS columns a sentence; `seen`: which sentences
    were; `shares` of each; `documents`: its means."""

    tokens: Tensor
    places: list[tuple[int, int]]
    sentence: Tensor
    said: Tensor
    seen: Tensor
    shares: Tensor
    documents: Tensor


def _packed(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Row and start of each chunk, several of them in a row as long as the longest (first fit, longest first)."""
    free: list[int] = []
    found = [(0, 0)] * len(lengths)
    for number in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        row = next((r for r, room in enumerate(free) if room >= lengths[number]), len(free))
        if row == len(free):
            free.append(max(lengths))
        found[number] = row, max(lengths) - free[row]
        free[row] -= lengths[number]
    return found


class Net(nn.Module):
    """The base and the heads; in `forward` as `encoder.encode` computes it."""

    def __init__(self, base: Base) -> None:
        super().__init__()
        self.base = copy.deepcopy(base)
        self.base.words.requires_grad_(requires_grad=False)
        self.base.places.requires_grad_(requires_grad=False)
        for module in (self.base.norm, *self.base.layers[:FIXED_LAYERS]):
            module.requires_grad_(requires_grad=False)
        self.token = nn.Linear(WIDTH, 1)
        self.token_drop = nn.Dropout(0.1)
        self.inner = nn.Linear(2 * WIDTH + PLACE_COLUMNS, INNER)
        self.inner_drop = nn.Dropout(0.2)
        self.outer = nn.Linear(INNER, COLUMNS)
        with torch.no_grad():
            self.outer.weight[WEIGHT] = 0.0  # all sentences weigh alike at first
            self.token.bias.fill_(-3.0)  # about how rare loaded tokens are

    def groups(self) -> list[dict[str, object]]:
        """Parameters with their learning rates, the lower layers slower."""
        layers = self.base.layers
        groups: list[dict[str, object]] = [
            {"params": list(layers[n].parameters()), "lr": RATE * RATE_BELOW ** (LAYERS - 1 - n)}
            for n in range(FIXED_LAYERS, LAYERS)
        ]
        heads = [p for name, p in self.named_parameters() if not name.startswith("base.")]
        return [*groups, {"params": heads, "lr": HEAD_RATE}]

    def forward(self, batch: Sequence[_Read]) -> _Output:
        chunks = [(n, chunk, lower) for n, story in enumerate(batch) for chunk, lower in story.chunks]
        sizes = [len(story.places) for story in batch]
        bases = np.cumsum([0, *sizes])
        total = int(bases[-1])
        packed = _packed([len(lower) for _, _, lower in chunks])
        shape = 1 + max(row for row, _ in packed), max(len(lower) for _, _, lower in chunks)
        hidden = torch.zeros(*shape, WIDTH, dtype=torch.bfloat16)
        owner = torch.full(shape, -1)
        sentence = torch.full(shape, total)
        for number, ((row, start), (n, chunk, lower)) in enumerate(zip(packed, chunks, strict=True)):
            end = start + len(lower)
            hidden[row, start:end] = lower
            owner[row, start:end] = number
            sentence[row, start + 1 : end - 1] = torch.tensor(chunk.sentences) + int(bases[n])
        apart = owner[:, :, None] != owner[:, None, :]
        away = (apart * AWAY)[:, None]
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            hidden = self.base(hidden.float(), away, FIXED_LAYERS, LAYERS).float()
        flat = sentence.view(-1)
        sums = torch.zeros(total + 1, WIDTH).index_add(0, flat, hidden.view(-1, WIDTH))
        counts = torch.zeros(total + 1).index_add(0, flat, torch.ones(len(flat)))
        means = (sums / counts.clamp(min=1)[:, None])[:total]
        seen = (counts[:total] > 0).float()
        story = torch.tensor(np.repeat(np.arange(len(batch)), sizes))
        per_story = torch.zeros(len(batch))
        whole = torch.zeros(len(batch), WIDTH).index_add(0, story, means * seen[:, None])
        whole = whole / per_story.index_add(0, story, seen)[:, None]
        where = torch.cat([s.places for s in batch])
        inner = functional.gelu(self.inner(torch.cat([means, whole[story], where], 1)), approximate="tanh")
        said = self.outer(self.inner_drop(inner))
        weight = torch.exp(said[:, WEIGHT].clamp(-4, 4)) * seen
        shares = weight / per_story.index_add(0, story, weight)[story]
        documents = torch.zeros(len(batch), COLUMNS).index_add(0, story, said * shares[:, None])
        bias = torch.cat([said[:, TERMS], torch.zeros(1)])[flat].view(sentence.shape)
        tokens = self.token(self.token_drop(hidden))[..., 0] + bias
        return _Output(tokens, packed, sentence, said, seen, shares, documents)

    @torch.no_grad()
    def encode(self, document: Document, below: Below) -> Encoded:
        """As `encoder.encode`, in this net's own numbers; `below` is the document by the fixed layers."""
        read = object.__new__(_Read)
        read.places = torch.from_numpy(places(document))
        read.chunks = below
        self.eval()
        output = self([read])
        tokens = np.full(len(document.doc), UNSEEN, np.float32)
        for (row, start), (chunk, _) in zip(output.places, read.chunks, strict=True):
            odds = output.tokens[row, start + 1 : start + 1 + len(chunk.pieces)].numpy()
            np.maximum.at(tokens, chunk.tokens, odds)
        return Encoded(tokens, output.said.numpy(), output.shares.numpy())

    def write(self, folder: Path) -> None:
        """`encoder.onnx` with whole-number weights, and `encoder_heads.npz`."""
        self.eval()
        exact = folder / "encoder.exact.onnx"
        torch.onnx.export(
            _Whole(self.base),
            (torch.randint(1000, 2000, (1, 16)),),
            str(exact),
            input_names=["pieces"],
            output_names=["hidden"],
            dynamic_axes={name: {1: "length"} for name in ("pieces", "hidden")},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(exact, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
        exact.unlink()
        onnx.checker.check_model(str(folder / "encoder.onnx"))
        np.savez(
            folder / "encoder_heads.npz",
            token_weight=self.token.weight.detach().numpy()[0],
            token_bias=self.token.bias.detach().numpy(),
            inner_weight=self.inner.weight.detach().numpy(),
            inner_bias=self.inner.bias.detach().numpy(),
            outer_weight=self.outer.weight.detach().numpy(),
            outer_bias=self.outer.bias.detach().numpy(),
        )


class _Whole(nn.Module):
    """From one chunk's pieces to the last layer, as one graph."""

    def __init__(self, base: Base) -> None:
        super().__init__()
        self.base = base

    def forward(self, pieces: Tensor) -> Tensor:
        hidden: Tensor = self.base(self.base.embed(pieces), None, 0, LAYERS)
        return hidden


def _loss(output: _Output, batch: Sequence[_Read]) -> Tensor:
    """What the net says against the labels, all tasks together."""
    stories = [read.story for read in batch]
    loaded, counts = torch.zeros_like(output.tokens), torch.zeros_like(output.tokens)
    chunks = [(read.story, chunk) for read in batch for chunk, _ in read.chunks]
    for (row, start), (story, chunk) in zip(output.places, chunks, strict=True):
        inside = slice(start + 1, start + 1 + len(chunk.tokens))
        loaded[row, inside] = torch.from_numpy(story.loaded[chunk.tokens])
        counts[row, inside] = story.term_weight
    known = output.sentence < len(output.said)
    terms = functional.binary_cross_entropy_with_logits(
        output.tokens[known], loaded[known], counts[known], pos_weight=torch.tensor(RARE_TERM)
    )
    seen = output.seen > 0
    claims = functional.binary_cross_entropy_with_logits(
        output.said[seen, CLAIM],
        torch.from_numpy(np.concatenate([s.claims for s in stories]))[seen],
        pos_weight=torch.tensor(RARE_CLAIM),
    )
    supports = torch.from_numpy(np.concatenate([s.supports for s in stories]))
    known = (supports >= 0) & seen
    support = (
        functional.cross_entropy(output.said[known][:, SUPPORT], supports[known])
        if known.any()
        else torch.tensor(0.0)
    )
    marks = torch.from_numpy(np.concatenate([s.marks for s in stories]))
    read = seen & ~marks.isnan().any(1)
    marked = (
        functional.binary_cross_entropy_with_logits(output.said[read, MARKS], marks[read])
        if read.any()
        else torch.tensor(0.0)
    )
    weight = torch.tensor([s.weight for s in stories])
    weight = weight / weight.sum()
    whole = output.documents
    score = torch.tensor([(s.score - MIDDLE) / SPREAD for s in stories])
    evidence = torch.tensor([EVIDENCE_ORDER.index(s.evidence) - EVIDENCE_MIDDLE for s in stories])
    stance = torch.tensor([STANCE_ORDER.index(s.stance) for s in stories])
    types = torch.tensor([_type_target(s) for s in stories])
    return (
        TERM_LOSS * terms
        + CLAIM_LOSS * claims
        + SUPPORT_LOSS * support
        + MARK_LOSS * marked
        + (weight * (whole[:, SCORE] - score) ** 2).sum()
        - TYPE_LOSS * (weight[:, None] * types * functional.log_softmax(whole[:, TYPES], 1)).sum()
        + STANCE_LOSS * (weight * functional.cross_entropy(whole[:, STANCES], stance, reduction="none")).sum()
        + EVIDENCE_LOSS * (weight * (whole[:, EVIDENCE] - evidence) ** 2).sum()
    )


def _type_target(story: EncoderStory) -> list[float]:
    second = story.secondary or story.primary
    return [(1 - SECONDARY) * (kind is story.primary) + SECONDARY * (kind is second) for kind in TYPE_ORDER]
