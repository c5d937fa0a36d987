"""Cross-validation on the published training stories, and the dev stories.

`python -m api.training --held-out FILE` writes the judgements of training stories by weights that were fitted
without them; the shipped engine judges dev. Also: how often type and stance are right among stories on which
both readers agree.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from api.training.second_readings import with_second_readings
from tests.benchmarks.figures import Figure
from tests.benchmarks.gold import Evaluate, Row, gold_figures, predictions
from tests.benchmarks.labelled import Labelled, labelled_record
from tests.benchmarks.shares import share
from tests.benchmarks.verdicts import Verdicts

PART = "held_out"
READINGS = Path(__file__).resolve().parents[2] / "api" / "training" / "data" / "second_readings.jsonl"


def held_out_figures(
    train: Path, dev: Sequence[Labelled], file: Path, verdicts: Verdicts, evaluate: Evaluate
) -> list[Figure]:
    """Every measure over dev and the training stories with two readers; type and stance where the readers
    agree.

    Raises KeyError for a missing story.
    """
    readings, alone = list(_lines(READINGS)), list(_lines(train))
    twice = {reading["id"]: reading for reading in readings}
    records = with_second_readings(alone, readings)
    stories = [labelled_record(record) for record in records if record["id"] in twice]
    rows = {row["id"]: row for row in _lines(file)}
    predicted = {story.id: rows[story.id] for story in stories if story.scorable}
    figures = gold_figures([*stories, *dev], predicted | predictions(dev, verdicts), evaluate, part=PART)
    pairs = [(record, twice[record["id"]]) for record in alone if record["id"] in predicted]
    return [*figures, *(agreed(pairs, predicted, name) for name in ("primary", "stance"))]


def agreed(pairs: Sequence[tuple[Row, Row]], predicted: Mapping[str, Row], name: str) -> Figure:
    """The share of right `primary` or `stance` among the stories on which two readers agree."""
    hits = [predicted[one["id"]][name] == one[name] for one, other in pairs if one[name] == other[name]]
    what = {"primary": "primary type", "stance": "stance"}[name]
    return share(PART, f"agreed_{name}", f"{what} where two readers agree, accuracy", hits)


def _lines(path: Path) -> Iterator[Row]:
    return (msgspec.json.decode(line) for line in path.read_bytes().splitlines() if line)
