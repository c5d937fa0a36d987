"""Distils the narrow base from the whole layers (Hinton and others 2015).

The narrow upper layers read half the pieces (`content_pieces.py`). Their output for each, and its mean over a
sentence, is trained towards the whole layers' output on the full chunk, value by value relative to its spread,
like hidden states in TinyBERT (Jiao and others 2020). It uses no labels, so one base serves every fold. Each
round has its own falling rate, so training can resume after any stored round. Equal texts and threads give equal
bytes on one machine.
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

NARROWED_BY, FIRST_CHUNKS = 75, 2  # documents for narrowing the base, and chunks of each
SHORTEST = 20  # pieces of a chunk
ROUNDS = 2
BATCH = 12  # chunks of similar length
POOL = 16 * BATCH  # chunks sorted by length together
RATE = 3e-4  # in the first round, half of it in the second
WARM_UP, LAST_RATE = 0.05, 0.02  # shares of a round's steps, and of the rate
REPORTED = 100  # steps
_SEED = 1
_CODE = [Path(path).read_bytes() for path in (inspect.getfile(Base), __file__)]  # as loaded


class _Aim(NamedTuple):
    """A chunk, the places that the upper layers read, and the whole layers' output there."""

    chunk: Chunk
    kept: Tensor
    hidden: Tensor


class Plan(NamedTuple):
    """The inputs of the base, and the file of each round, starting with the narrowed layers."""

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
    stored_in: Path,
    threads: int,
) -> Plan:
    """Plan the base from the folder of MPNet's weights and the documents for narrowing and distillation."""
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
    places = [stored_in / f"base-{name}-{number}.pt" for number in range(ROUNDS + 1)]
    return Plan(folder, first, chunks, places, threads)


def distil(plan: Plan, report: Callable[[str], None]) -> None:
    """Train the missing rounds. It sets PyTorch's threads, so run it in a process of its own."""
    torch.set_num_threads(plan.threads)
    done = max((number for number, path in enumerate(plan.places) if path.exists()), default=-1)
    if done == ROUNDS:
        return
    if done < 0:
        base = Base(plan.folder)
        base.narrow([numbers_of(chunk) for chunk in plan.first])
        store(base, plan.places[0])
        report("base: narrowed")
    else:
        base = stored_base(plan, done)
        report(f"base: taken up after {done} of {ROUNDS} rounds")
    aims = _aims(Base(plan.folder), plan.chunks)
    report("base: all texts are read by the whole layers")
    for number in range(max(done, 0), ROUNDS):
        _follow(base, aims, number, report)
        store(base, plan.places[number + 1])


def stored_base(plan: Plan, number: int = ROUNDS) -> Base:
    """The base after `number` rounds. Raises OSError if that round is not stored."""
    base = Base(plan.folder)
    base.resize(INNER_UNITS)
    base.load_state_dict(torch.load(plan.places[number], weights_only=True))
    base.eval().requires_grad_(requires_grad=False)
    return base


def store(module: nn.Module, path: Path) -> None:
    """Write the module's weights atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(module.state_dict(), part := path.with_suffix(f".{os.getpid()}.part"))
    part.replace(path)


@torch.no_grad()
def _aims(whole: Base, chunks: Sequence[Chunk]) -> list[_Aim]:
    """At half precision, which is exact enough and takes half the time and memory."""
    half = copy.deepcopy(whole).bfloat16().eval()
    found = []
    for chunk in chunks:
        numbers, kept = numbers_of(chunk), torch.from_numpy(chunk.kept)
        near = half.near(torch.arange(numbers.shape[1])[None])
        found.append(_Aim(chunk, kept, half(half.embed(numbers), near, 0, LAYERS)[0, kept].clone()))
    return found


def _follow(narrow: Base, aims: Sequence[_Aim], number: int, report: Callable[[str], None]) -> None:
    """Train one round over all aims."""
    order = random.Random(_SEED + number)  # noqa: S311 - an order, no secret
    narrow.eval()  # no dropout, which would blur the aim
    narrow.requires_grad_(requires_grad=False)
    parameters = list(narrow.layers.requires_grad_(requires_grad=True).parameters())
    spreads = _spreads(aims[:: max(len(aims) // 60, 1)])
    batches = _batches(aims, order)
    optimizer = torch.optim.AdamW(parameters, lr=RATE / (number + 1), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: (
            min(1.0, (step + 1) / (len(batches) * WARM_UP)) * max(LAST_RATE, 1 - step / len(batches))
        ),
    )
    losses = np.zeros(2)
    for step, batch in enumerate(batches, 1):
        pieces, sentences = _distances(narrow, batch, *spreads)
        optimizer.zero_grad()
        (pieces + sentences).backward()  # type: ignore[no-untyped-call]  # PyTorch's own
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        losses += float(pieces.detach()), float(sentences.detach())
        if step % REPORTED == 0 or step == len(batches):
            mean = losses / ((step - 1) % REPORTED + 1)
            report(f"base, round {number + 1}, {step} of {len(batches)}: {mean[0]:.3f}, {mean[1]:.3f}")
            losses[:] = 0


def _batches(aims: Sequence[_Aim], order: random.Random) -> list[list[_Aim]]:
    """All aims in random order, in batches of similar length."""
    drawn = order.sample(aims, len(aims))
    pools = [sorted(drawn[n : n + POOL], key=_length) for n in range(0, len(drawn), POOL)]
    batches = [pool[n : n + BATCH] for pool in pools for n in range(0, len(pool), BATCH)]
    order.shuffle(batches)
    return batches


def _length(aim: _Aim) -> int:
    return len(aim.chunk.pieces)


def _spreads(aims: Sequence[_Aim]) -> tuple[Tensor, Tensor]:
    """Standard deviations of the values of pieces and of sentences."""
    pieces = torch.cat([aim.hidden for aim in aims]).float()
    return pieces.std(0), _sentence_means(pieces, aims).std(0)


def _distances(
    narrow: Base, batch: Sequence[_Aim], pieces: Tensor, sentences: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean square differences from the aims relative to their spreads, of pieces and of sentences."""
    aims = torch.cat([aim.hidden for aim in batch]).float()
    with torch.autocast("cpu", torch.bfloat16):
        hidden = _hidden(narrow, batch).float()
    of_sentences = _sentence_means(hidden - aims, batch)
    return ((hidden - aims) / pieces).square().mean(), (of_sentences / sentences).square().mean()


def _hidden(narrow: Base, batch: Sequence[_Aim]) -> Tensor:
    """The narrow layers' output for the pieces and end markers that they read, chunk after chunk."""
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
    output: Tensor = narrow(hidden, near, LOWER_LAYERS, LAYERS)[is_kept]
    return output


def _sentence_means(vectors: Tensor, batch: Sequence[_Aim]) -> Tensor:
    """The mean vector of each sentence, from the vectors of read pieces, chunk after chunk."""
    places, number = [], 1  # 0 is for end markers
    for aim in batch:
        own = np.unique(np.array(aim.chunk.sentences), return_inverse=True)[1]
        inside = own[aim.kept[1:-1].numpy() - 1]
        places.append(np.concatenate([[0], inside + number, [0]]))
        number += int(own.max()) + 1
    place = torch.from_numpy(np.concatenate(places))
    counts = torch.zeros(number).index_add(0, place, torch.ones(len(place)))
    sums = torch.zeros(number, WIDTH).index_add(0, place, vectors)
    return (sums / counts.clamp(min=1)[:, None])[1:]
