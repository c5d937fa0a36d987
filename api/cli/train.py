"""`unspun train`: from labelled stories to the weights in the package."""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import click
import msgspec

from api.cli.commands import Failure

_SYNTHETIC = "sv"  # first letters of ids: written to order, in other manners than real texts
_SYNTHETIC_WEIGHT = 0.5  # so that what is peculiar to them does not outweigh the real ones
_SECONDARY, _PLAIN = 0.2, 15  # least probability of a secondary type; highest score that has no type


@click.command()
@click.argument("labels", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True)
def train(labels: Path, processes: int) -> None:
    """Fit the engine's weights to LABELS, a JSONL file of labelled stories, and write them into the package.

    The same labels give the same bytes on one machine.
    """
    records = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines() if line.strip()]
    scorable = [record for record in records if record.get("confidence") != 0]
    if not scorable:
        raise Failure(f"{labels} holds no story that can be scored")
    examples: list[Any] = []
    with ProcessPoolExecutor(processes) as pool:
        found = pool.map(_example, scorable, chunksize=8)
        while batch := list(islice(found, 50)):
            examples += batch
            click.echo(f"{len(examples)} of {len(scorable)} stories read", err=True)
    from api.analysis.training import fit  # with it comes numpy

    click.echo("Fitting ...", err=True)
    weights, wording = fit(
        examples,
        trained_on=f"{len(scorable)} scorable stories of {labels.name}",
        secondary=_SECONDARY,
        plain=_PLAIN,
    )
    folder = Path(__file__).resolve().parents[1] / "analysis"
    (folder / "weights.json").write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")
    (folder / "wording.json").write_bytes(
        msgspec.json.encode(wording).replace(b'],"', b'],\n"') + b"\n"  # a line a term
    )
    click.echo(f"Wrote weights.json and wording.json into {folder.name}.", err=True)
    sys.stdout.flush()


def _example(record: dict[str, Any]) -> Any:
    from api.analysis.articles import article_from_text
    from api.analysis.evidence import gather, strengths
    from api.analysis.features import measures
    from api.analysis.reading import read
    from api.analysis.training import Example
    from api.analysis.wording_training import count_words
    from api.operations.load_taxonomy import load_taxonomy
    from schemas.enums import SourceType, SpinType, Stance

    tactics = {t.name.lower(): t.code for kind in load_taxonomy().types for t in kind.tactics}
    title, text = record["title"], record["text"]
    body = text[len(title) :] if text.startswith(title) else text
    source_type = SourceType(record["source_type"])
    document = read(article_from_text(title, body, record["source"], source_type))
    return Example(
        strengths=strengths(gather(document), len(document.text.split())),
        measures={measure.code: measure.value for measure in measures(document)},
        words=count_words(document.text, document.folded),
        source_type=source_type,
        score=float(record["score"]),
        primary=SpinType(record["primary"]),
        secondary=SpinType(record["secondary"]) if record["secondary"] else None,
        stance=Stance(record["stance"]),
        tactic=tactics.get(record["tactic"].lower()),
        weight=_SYNTHETIC_WEIGHT if record["id"][0] in _SYNTHETIC else 1.0,
    )
