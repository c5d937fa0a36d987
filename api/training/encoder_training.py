"""Trains `encoder.onnx` and `encoder_heads.npz`: MPNet's lower layers, fine-tuned on labelled stories.

Needs PyTorch, Transformers and the weights of all-mpnet-base-v2 (`make train` downloads them). The heads of
`net_training.py` train first, then the upper layers with them (Kumar and others 2022: untrained heads distort
layers). The base's outputs are stored at half precision; trained layers compute in bfloat16 (half the time on
processors that support it, more on others). Each step skips some chunks of long stories against overfitting. One
thread and fixed seeds: equal stories give equal bytes on one machine.
"""

import hashlib
import inspect
import random
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from torch import Tensor, nn
from torch.nn import functional

from api.analysis.models.encoder import (
    CLAIM,
    EVIDENCE,
    MARKS,
    SCORE,
    STANCE_ORDER,
    STANCES,
    SUPPORT,
    SUPPORT_ORDER,
    TYPE_ORDER,
    TYPES,
    Encoded,
    chunks_of,
    places,
)
from api.analysis.text.document import Document
from api.training.base_training import LAYERS, LOWER_LAYERS, Base, numbers_of
from api.training.net_training import Below, EncoderStory, Net, NetInput, Output
from schemas.enums import ClaimSupport, EvidenceStrength

HEAD_ROUNDS, ROUNDS = 6, 5  # epochs of the heads alone and of all
BATCH = 6  # stories
RATE, RATE_BELOW = 1e-4, 0.9  # of the top layer, and of each layer relative to the one above
HEAD_RATE, RATE_BESIDE = 1e-3, 5e-4  # of the heads alone, and with the layers
DIRECT = 0.3  # rate of the direct heads, relative to the other heads
WARM_UP, LAST_RATE = 0.08, 0.02  # shares of all steps, and of the rate
TERM_LOSS, CLAIM_LOSS, SUPPORT_LOSS = 5.0, 1.5, 0.2  # weights beside 1 for the score
MARK_LOSS = 1.6
TYPE_LOSS, STANCE_LOSS, EVIDENCE_LOSS = 0.7, 0.4, 0.4
RARE_TERM, RARE_CLAIM = 3.0, 2.0  # weights of positives
SECONDARY = 0.25  # a secondary type's share of the target
MIDDLE, SPREAD = 35.0, 20.0  # the score's target is (score - MIDDLE) / SPREAD
EVIDENCE_MIDDLE = 1.4
EVIDENCE_ORDER = tuple(EvidenceStrength)  # none, weak, medium, strong
# as loaded; files may change before the last net is trained
_CODE = [Path(path).read_bytes() for path in (__file__, *map(inspect.getfile, (Net, Base, Encoded)))]


def support_place(support: ClaimSupport) -> int:
    """The index of a support in SUPPORT_ORDER."""
    return SUPPORT_ORDER.index(support)


@torch.no_grad()
def below(base: Base, document: Document) -> list[Below]:
    """The base's outputs for the document's chunks and their end markers."""
    base.eval()
    found = []
    with torch.autocast("cpu", torch.bfloat16):
        for chunk in chunks_of(document):
            kept = torch.from_numpy(chunk.kept)
            lower = base.lower(numbers_of(chunk)).bfloat16()
            upper = base.upper(lower.float(), kept).bfloat16()
            found.append(Below(chunk, lower[0].clone(), kept, upper[0].clone()))
    return found


def teach(stories: Sequence[EncoderStory], *, base: Base, seed: int, report: Callable[[str], None]) -> Net:
    """Train a net on the stories, starting from a copy of `base`."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    order = random.Random(seed)  # noqa: S311 - an order, no secret
    net = Net(base)
    training_set = [NetInput(story) for story in stories if story.below]
    net.scale(training_set[:: max(len(training_set) // 150, 1)])
    heads = [p for name, p in net.named_parameters() if name.partition(".")[0] not in ("base", "direct")]
    direct = list(net.direct.parameters())
    own = [{"params": heads, "lr": HEAD_RATE}, {"params": direct, "lr": DIRECT * HEAD_RATE}]
    _learn(net, training_set, own, HEAD_ROUNDS, order, partial(_report_round, report, "heads"), taught=False)
    own = [{"params": heads, "lr": RATE_BESIDE}, {"params": direct, "lr": DIRECT * RATE_BESIDE}]
    for number in range(LOWER_LAYERS, LAYERS):
        layer = net.base.layers[number].requires_grad_(requires_grad=True)
        own.append({"params": list(layer.parameters()), "lr": RATE * RATE_BELOW ** (LAYERS - 1 - number)})
    _learn(net, training_set, own, ROUNDS, order, partial(_report_round, report, "all"), taught=True)
    net.eval()
    return net


def _report_round(report: Callable[[str], None], part: str, number: int, loss: float) -> None:
    report(f"{part}, round {number + 1}: loss {loss:.3f}")


def _learn(
    net: Net,
    read: list[NetInput],
    groups: list[dict[str, Any]],
    rounds: int,
    order: random.Random,
    report: Callable[[int, float], None],
    *,
    taught: bool,
) -> None:
    """Train for a number of rounds over all stories; `groups` are the trained parameters with their rates."""
    learning = [parameter for group in groups for parameter in group["params"]]
    steps = rounds * -(-len(read) // BATCH)
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (steps * WARM_UP)) * max(LAST_RATE, 1 - step / steps)
    )
    for number in range(rounds):
        order.shuffle(read)
        net.train()
        total = 0.0
        for start in range(0, len(read), BATCH):
            batch = [story.some(order) for story in read[start : start + BATCH]]
            loss = _loss(net(batch, taught=taught), batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # PyTorch's own
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        report(number, total * BATCH / len(read))


def inputs_digest(stories: Sequence[EncoderStory], base: Base, seed: int) -> str:
    """SHA-256 of everything that determines a net on one machine: code, stories, base."""
    digest = hashlib.sha256(f"{seed} {torch.__version__} {transformers.__version__}".encode())
    for code in _CODE:
        digest.update(code)
    for value in base.state_dict().values():
        digest.update(value.numpy().tobytes())
    for story in stories:
        labels = (story.score, story.primary, story.secondary, story.stance, story.evidence, story.weight)
        digest.update(repr((labels, story.term_weight, chunks_of(story.document))).encode())
        for part in (story.loaded, story.claims, story.supports, story.marks, places(story.document)):
            digest.update(part.tobytes())
    return digest.hexdigest()


def _loss(output: Output, batch: Sequence[NetInput]) -> Tensor:
    """The combined loss of all tasks."""
    stories = [read.story for read in batch]
    chunks = [(read.story, one.chunk) for read in batch for one in read.chunks]
    terms = functional.binary_cross_entropy_with_logits(
        output.tokens,
        torch.from_numpy(np.concatenate([story.loaded[chunk.tokens] for story, chunk in chunks])),
        torch.cat([torch.full((len(chunk.tokens),), story.term_weight) for story, chunk in chunks]),
        pos_weight=torch.tensor(RARE_TERM),
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
