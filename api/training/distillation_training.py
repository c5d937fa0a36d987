"""A narrow base that says what the whole layers say: taught to follow them (Hinton and others 2015).

Offline only. The narrow upper layers read half the pieces (`telling_pieces.py`); what they make of each of these,
and the mean over those of a sentence, is drawn to what the whole layers make of the full chunk, value by value
over its spread, as hidden states are in TinyBERT (Jiao and others 2020). No label is seen, so one base serves
every fold. Each round has a rate of its own that falls to a fiftieth, so that one that is kept can be taken up.
Equal texts and as many threads give equal bytes on one machine.
"""

import copy
import hashlib
import inspect
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import transformers
from torch import Tensor, nn

from api.analysis.models.encoder import WIDTH, Chunk, chunks_of
from api.analysis.text.document import Document
from api.training.base_training import AWAY, INNER_UNITS, LAYERS, LOWER_LAYERS, Base, numbers_of

NARROWED_BY, FIRST_CHUNKS = 75, 2  # documents by which the base is narrowed, and chunks of each
SHORTEST = 20  # pieces of a chunk
ROUNDS = 2
BATCH = 12  # chunks, of about one length
POOL = 16 * BATCH  # chunks that are sorted by length at a time
RATE = 3e-4  # in the first round, half of it in the second
WARM_UP, LAST_RATE = 0.05, 0.02  # shares of a round's steps, and of the rate
REPORTED = 100  # steps
_SEED = 1
_CODE = [Path(path).read_bytes() for path in (inspect.getfile(Base), __file__)]  # as it is loaded


class _Aim(NamedTuple):
    """A chunk, the places that the upper layers read, and what the whole layers make of these."""

    chunk: Chunk
    kept: Tensor
    hidden: Tensor


class Plan(NamedTuple):
    """What the base is made from, and where each of its rounds is kept, the narrowed layers before the first."""

    folder: Path
    first: list[Chunk]
    chunks: list[Chunk]
    places: list[Path]
    threads: int


def plan(
    folder: Path,
    narrowed_by: Sequence[Document],
    documents: Sequence[Document],
    *,
    kept_in: Path,
    threads: int,
) -> Plan:
    """From the folder of MPNet's weights, some documents that narrow it, and all whose reading it follows."""
    chunks = [c for document in documents for c in chunks_of(document) if len(c.pieces) >= SHORTEST]
    some = narrowed_by[:: max(len(narrowed_by) // NARROWED_BY, 1)]
    first = [chunk for document in some for chunk in chunks_of(document)[:FIRST_CHUNKS]]
    digest = hashlib.sha256(f"{threads} {torch.__version__} {transformers.__version__}".encode())
    for code in _CODE:
        digest.update(code)
    for value in Base(folder).state_dict().values():
        digest.update(value.numpy().tobytes())
    for part in (first, chunks):
        digest.update(repr([(c.pieces, c.sentences, c.kept.tolist()) for c in part]).encode())
    name = digest.hexdigest()
    places = [kept_in / f"base-{name}-{number}.pt" for number in range(ROUNDS + 1)]
    return Plan(folder, first, chunks, places, threads)


def distil(plan: Plan, report: Callable[[str], None]) -> None:
    """Write the rounds that are not there yet. It uses threads, so it belongs into a process of its own."""
    torch.set_num_threads(plan.threads)
    done = max((number for number, path in enumerate(plan.places) if path.exists()), default=-1)
    if done == ROUNDS:
        return
    if done < 0:
        base = Base(plan.folder)
        base.narrow([numbers_of(chunk) for chunk in plan.first])
        keep(base, plan.places[0])
        report("base: narrowed")
    else:
        base = kept_base(plan, done)
        report(f"base: taken up after {done} of {ROUNDS} rounds")
    aims = _aims(Base(plan.folder), plan.chunks)
    report("base: all texts are read by the whole layers")
    for number in range(max(done, 0), ROUNDS):
        _follow(base, aims, number, report)
        keep(base, plan.places[number + 1])


def kept_base(plan: Plan, number: int = ROUNDS) -> Base:
    """As it was after so many rounds. Raises OSError where that is not there."""
    base = Base(plan.folder)
    base.resize(INNER_UNITS)
    base.load_state_dict(torch.load(plan.places[number], weights_only=True))
    base.eval().requires_grad_(requires_grad=False)
    return base


def keep(taught: nn.Module, path: Path) -> None:
    """Write its weights, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(taught.state_dict(), part := path.with_suffix(f".{os.getpid()}.part"))
    part.replace(path)


@torch.no_grad()
def _aims(whole: Base, chunks: Sequence[Chunk]) -> list[_Aim]:
    """At half precision, which is exact enough for an aim and takes half the time and room."""
    half = copy.deepcopy(whole).bfloat16().eval()
    found = []
    for chunk in chunks:
        numbers, kept = numbers_of(chunk), torch.from_numpy(chunk.kept)
        near = half.near(torch.arange(numbers.shape[1])[None])
        found.append(_Aim(chunk, kept, half(half.embed(numbers), near, 0, LAYERS)[0, kept].clone()))
    return found


def _follow(narrow: Base, aims: Sequence[_Aim], number: int, report: Callable[[str], None]) -> None:
    """One round over all aims."""
    order = random.Random(_SEED + number)  # noqa: S311 - an order, no secret
    narrow.eval()  # no dropout: it would blur the aim
    narrow.requires_grad_(requires_grad=False)
    learning = list(narrow.layers.requires_grad_(requires_grad=True).parameters())
    spreads = _spreads(aims[:: max(len(aims) // 60, 1)])
    batches = _batches(aims, order)
    optimizer = torch.optim.AdamW(learning, lr=RATE / (number + 1), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: (
            min(1.0, (step + 1) / (len(batches) * WARM_UP)) * max(LAST_RATE, 1 - step / len(batches))
        ),
    )
    apart = np.zeros(2)
    for step, batch in enumerate(batches, 1):
        pieces, sentences = _distances(narrow, batch, *spreads)
        optimizer.zero_grad()
        (pieces + sentences).backward()  # type: ignore[no-untyped-call]  # PyTorch's own
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        schedule.step()
        apart += float(pieces.detach()), float(sentences.detach())
        if step % REPORTED == 0 or step == len(batches):
            told = apart / ((step - 1) % REPORTED + 1)
            report(f"base, round {number + 1}, {step} of {len(batches)}: {told[0]:.3f}, {told[1]:.3f}")
            apart[:] = 0


def _batches(aims: Sequence[_Aim], order: random.Random) -> list[list[_Aim]]:
    """All aims in a random order, those of a batch about as long as each other."""
    drawn = order.sample(aims, len(aims))
    pools = [sorted(drawn[n : n + POOL], key=_length) for n in range(0, len(drawn), POOL)]
    batches = [pool[n : n + BATCH] for pool in pools for n in range(0, len(pool), BATCH)]
    order.shuffle(batches)
    return batches


def _length(aim: _Aim) -> int:
    return len(aim.chunk.pieces)


def _spreads(aims: Sequence[_Aim]) -> tuple[Tensor, Tensor]:
    """How far the values of pieces and of sentences lie apart."""
    pieces = torch.cat([aim.hidden for aim in aims]).float()
    return pieces.std(0), _sentence_means(pieces, aims).std(0)


def _distances(
    narrow: Base, batch: Sequence[_Aim], pieces: Tensor, sentences: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean square differences from the aims, of pieces and of sentences, over their spreads."""
    aims = torch.cat([aim.hidden for aim in batch]).float()
    with torch.autocast("cpu", torch.bfloat16):
        hidden = _hidden(narrow, batch).float()
    of_sentences = _sentence_means(hidden - aims, batch)
    return ((hidden - aims) / pieces).square().mean(), (of_sentences / sentences).square().mean()


def _hidden(narrow: Base, batch: Sequence[_Aim]) -> Tensor:
    """What the narrow layers make of the pieces that they read, chunk after chunk, the marks at the ends too."""
    longest, most = max(map(_length, batch)) + 2, max(len(aim.kept) for aim in batch)
    numbers = torch.zeros(len(batch), longest, dtype=torch.long)
    kept = torch.zeros(len(batch), most, dtype=torch.long)
    is_piece = torch.zeros(len(batch), longest, dtype=torch.bool)
    is_kept = torch.zeros(len(batch), most, dtype=torch.bool)
    for row, aim in enumerate(batch):
        own = numbers_of(aim.chunk)[0]
        numbers[row, : len(own)], is_piece[row, : len(own)] = own, True
        kept[row, : len(aim.kept)], is_kept[row, : len(aim.kept)] = aim.kept, True
    near = narrow.near(torch.arange(longest)[None]) + (~is_piece * AWAY)[:, None, None]
    hidden = narrow(narrow.embed(numbers), near, 0, LOWER_LAYERS)
    hidden = hidden.gather(1, kept[:, :, None].expand(-1, -1, WIDTH))
    near = narrow.near(kept) + (~is_kept * AWAY)[:, None, None]
    read: Tensor = narrow(hidden, near, LOWER_LAYERS, LAYERS)[is_kept]
    return read


def _sentence_means(vectors: Tensor, batch: Sequence[_Aim]) -> Tensor:
    """The mean in each sentence, from the vectors of what is read, chunk after chunk."""
    places, number = [], 1  # the first is for the marks at the ends
    for aim in batch:
        own = np.unique(np.array(aim.chunk.sentences), return_inverse=True)[1]
        inside = own[aim.kept[1:-1].numpy() - 1]
        places.append(np.concatenate([[0], inside + number, [0]]))
        number += int(own.max()) + 1
    place = torch.from_numpy(np.concatenate(places))
    counts = torch.zeros(number).index_add(0, place, torch.ones(len(place)))
    sums = torch.zeros(number, WIDTH).index_add(0, place, vectors)
    return (sums / counts.clamp(min=1)[:, None])[1:]
