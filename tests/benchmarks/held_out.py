"""Cross-validation by publisher: published training stories judged by weights that have not seen their publisher.

`python -m api.training.full_heads --held-out FILE` (or `api.training`, with encoders for each fold) writes the
judgements. A table for each collection of labels, and one for the publisher with a fifth of all stories.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from api.evaluation.figures import Figure
from api.training.labelled import ALONE, publisher_of, training_records
from tests.benchmarks.gold import Evaluate, Row, gold_figures
from tests.benchmarks.labelled import labelled_record

COLLECTIONS = ("train", "train2", "train2_rare")  # files of `gold/`
PARTS = (*(f"held_out_{name}" for name in COLLECTIONS), "held_out_alone")


def held_out_figures(gold: Path, file: Path, evaluate: Evaluate) -> Iterator[Figure]:
    """Every measure over the stories of each collection that the file has, without `ALONE`, and over that."""
    rows = {row["id"]: row for row in _lines(file)}
    alone: list[Mapping[str, object]] = []
    for name in COLLECTIONS:
        path = gold / f"{name}.jsonl"
        records = [r for r in training_records([path]) if r["id"] in rows] if path.exists() else []
        others = [record for record in records if publisher_of(record) != ALONE]
        alone += [record for record in records if publisher_of(record) == ALONE]
        yield from _figures(others, rows, evaluate, f"held_out_{name}")
    yield from _figures(alone, rows, evaluate, "held_out_alone")


def _figures(
    records: list[Mapping[str, object]], rows: dict[str, Row], evaluate: Evaluate, part: str
) -> list[Figure]:
    stories = [labelled_record(dict(record)) for record in records]
    return gold_figures(stories, rows, evaluate, part=part) if stories else []


def _lines(path: Path) -> Iterator[Row]:
    return (msgspec.json.decode(line) for line in path.read_bytes().splitlines() if line)
