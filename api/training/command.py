"""`python -m api.training`: fits the package's weights to labelled stories."""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from api.analysis.engines.reading import read
from api.training.fit_all import encoders, fit_all, fit_fast, fit_satire
from api.training.labelled import folds, is_published, labelled, training_records
from api.training.second_readings import with_second_readings
from api.training.sentence_marks import read_marks

_FOLDER = Path(__file__).resolve().parents[1] / "analysis" / "models"


@click.command()
@click.argument(
    "labels", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of MPNet's weights (deploy/bring_weights.py); the full profile needs it.",
)
@click.option(
    "--second",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSONL file of what a second reader says of some of the stories.",
)
@click.option(
    "--marks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="JSONL file of what readers marked in some of the stories, sentence by sentence.",
)
@click.option(
    "--nets",
    type=click.Path(file_okay=False, writable=True, path_type=Path),
    help="Keep the rounds of the base and each encoder here, and take up what an equal run left on this machine.",
)
@click.option(
    "--held-out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write here how each story is judged by weights that have not seen it, as `analyze --flat` would.",
)
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=_FOLDER,
    help="Folder that gets the weights; else the package's own.",
)
@click.option("--processes", type=click.IntRange(1, 4), default=2, show_default=True)
@click.option(
    "--profile",
    type=click.Choice(["satire", "full", "fast"]),
    default="full",
    show_default=True,
    help="satire: what tells satire, for both engines; fast: the engine without parser and encoder, after the "
    "full one, whose wording it shares.",
)
@click.option(
    "--satires",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --profile satire: JSONL file of satires and of sincere texts that are near them.",
)
def train(
    labels: tuple[Path, ...],
    base: Path | None,
    second: Path | None,
    marks: tuple[Path, ...],
    nets: Path | None,
    held_out: Path | None,
    into: Path,
    processes: int,
    profile: str,
    satires: Path | None,
) -> None:
    """Fit weights to LABELS, JSONL files of labelled stories, and write them into the package or a folder.

    The same files and processes give the same bytes on one machine. The full profile takes two to three hours of
    two cores, the others minutes. Needs the packages of requirements-train.lock beside the others.
    """
    if profile == "satire" and satires is None:
        raise click.UsageError("--profile satire needs --satires")
    try:
        records = training_records(labels)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    records = list(with_second_readings(records, _lines(second) if second else ()))
    if not records:
        raise click.ClickException("no story in the files can be scored")
    files = [*labels, second] if second else list(labels)
    if profile != "satire" and not any(is_published(record) for record in records):
        raise click.ClickException(
            "no published story in the files: how sure the engine is must be learned from such"
        )
    if profile == "satire" and satires:
        texts = _lines(satires)
        if len({text["satire"] for text in texts}) < 2:
            raise click.ClickException(f"{satires.name} needs satires and texts that are none")
        fit_satire(records, texts, origin=_origin(records, [*files, satires]), folder=into)
        return
    if profile == "fast":
        _report(fit_fast(records, origin=_origin(records, files), folder=into), held_out)
        return
    readings = defaultdict(list)
    for path in marks:
        for reading in read_marks(path.read_bytes()):
            readings[reading.id].append(reading)
    if base is None:
        raise click.UsageError("--profile full needs --base")
    stories = []
    for number, record in enumerate(records, 1):
        stories.append(labelled(record, read, readings[record["id"]]))
        if number % 50 == 0 or number == len(records):
            click.echo(f"{number} of {len(records)} stories read", err=True)
    fold_of = folds(stories).tolist()
    encoded = encoders(stories, fold_of, base, processes=processes, folder=into, nets=nets)
    files += marks
    rows = fit_all(records, stories, fold_of, encoded, readings, origin=_origin(records, files), folder=into)
    _report(rows, held_out)


def _origin(records: Sequence[Any], files: Sequence[Path]) -> str:
    return f"{len(records)} scorable stories of {' and '.join(path.name for path in files)}"


def _report(rows: list[dict[str, object]], held_out: Path | None) -> None:
    if held_out:
        held_out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    click.echo("Wrote the engine's weights.", err=True)
    sys.stdout.flush()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
