"""Readers of public sets with labels of people, which are used to measure only, never to learn."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from api.evaluation.resampling import SEED


@dataclass(frozen=True, slots=True)
class Row:
    """One text of a set. Rows of one `group` (an article) are resampled together."""

    text: str
    positive: bool
    group: str = ""


def babe(folder: Path) -> list[Row]:
    """News sentences that experts labelled biased or not, without the one that has no agreement."""
    kinds = {"Biased": True, "Non-biased": False}
    rows = table(folder / "final_labels_SG2.csv", ";")
    return [Row(r["text"], kinds[r["label_bias"]]) for r in rows if r["label_bias"] in kinds]


def claimbuster(folder: Path) -> list[Row]:
    """Sentences of debates, check-worthy or not; the test part."""
    return [Row(r["text"], r["label"] == 1) for r in json.loads((folder / "test.json").read_bytes())]


def table(path: Path, separator: str) -> list[dict[str, str]]:
    """The rows of a file with a header."""
    return list(
        csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=separator)
    )


def some(rows: Sequence[Row], most: int | None) -> Sequence[Row]:
    """At most `most` rows, always the same ones; all for None."""
    if most is None or len(rows) <= most:
        return rows
    return Random(SEED).sample(rows, most)  # noqa: S311  # the same rows every time
