"""`make bench-engine`: measure the engine, print a table, and fail if a figure is worse than the recorded one."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console

from api.evaluation.public_sets import some
from api.operations.exports.seed import load_sample_stories
from api.training.sentence_marks import read_marks
from tests.benchmarks.ablations import ABLATIONS, ablation_figures
from tests.benchmarks.figures import Run, fallen, read_recorded, write_recorded
from tests.benchmarks.gold import gold_figures, load_evaluate, predictions
from tests.benchmarks.guide import guide
from tests.benchmarks.held_out import PARTS as HELD_OUT_PARTS
from tests.benchmarks.held_out import held_out_figures
from tests.benchmarks.labelled import labelled_pages, labelled_stories
from tests.benchmarks.marks import READINGS, marks_figures
from tests.benchmarks.outside import CHECKS, Outputs, outside_figure
from tests.benchmarks.profiles import PROFILES
from tests.benchmarks.public_sets import polemics
from tests.benchmarks.refusals import refusal_figures
from tests.benchmarks.satires import satire_figures
from tests.benchmarks.sealed import sealed_figures
from tests.benchmarks.seed_stories import seed_figures
from tests.benchmarks.speed import speed_figures
from tests.benchmarks.table import print_run
from tests.benchmarks.verdicts import Measured, Verdicts

RECORDED = Path(__file__).with_name("recorded.json")
GUIDE = Path(__file__).resolve().parents[2] / "api" / "guide" / "engine_figures.md"
HELD_BACK = Path(__file__).with_name("data")
OWN, QUIET = HELD_BACK / "held_back_stories.jsonl", HELD_BACK / "held_back_quiet_stories.jsonl"
PARTS = (
    "seeds",
    "gold",
    "gold2",
    "own",
    "quiet",
    "held_out",
    "ablation",
    "refusals",
    "satire",
    "marks",
    "outside",
    "speed",
    "sealed",
)


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--evaluator", type=click.Path(path_type=Path), help="Else eval/evaluate.py beside the data.")
@click.option("--profile", type=click.Choice(list(PROFILES)), default="full", show_default=True)
@click.option("--date", required=True, help="Of the run, as YYYY-MM-DD; it stands in the record.")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Measure these parts alone.")
@click.option("--ablation", type=click.Choice(list(ABLATIONS)), multiple=True, help="These alone.")
@click.option(
    "--held-out",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `python -m api.training.full_heads --held-out` wrote; else no cross-validation.",
)
@click.option("--most", type=click.IntRange(10), help="So many records of each public set, for a quick look.")
@click.option("--record", is_flag=True, help="Make this run the recorded one, and write the guide.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write this run as Markdown too.")
def main(
    data: Path,
    evaluator: Path | None,
    profile: str,
    date: str,
    only: Sequence[str],
    ablation: Sequence[str],
    held_out: Path | None,
    most: int | None,
    record: bool,
    markdown: Path | None,
) -> None:
    """Measure one profile on the data. Returns exit code 1 if a figure is worse."""
    if record and (ablation or most):
        raise click.UsageError("--record takes all ablations and all records")
    verdicts = Verdicts(PROFILES[profile])
    ref = verdicts.engine.ref
    recorded = read_recorded(RECORDED.read_bytes()) if RECORDED.exists() else {}
    before = recorded.get(profile)
    if record and only and before is not None and before.digest != ref.digest:
        raise click.UsageError("the recorded figures are another engine's: record all parts, without --only")
    script = evaluator or data.resolve().parent / "eval" / "evaluate.py"
    chosen = only or [part for part in PARTS if part != "sealed"]
    parts = [part for part in chosen if part != "held_out" or held_out]
    measured = []
    for part in parts:
        click.echo(f"{part} ...", err=True)
        measured.append(
            _part(part, verdicts, data, script, profile, ablation or list(ABLATIONS), held_out, most)
        )
    figures = [figure for one in measured for figure in one.figures]
    run = Run(engine=ref.name, version=ref.version, digest=ref.digest, date=date, figures=figures)
    print_run(Console(width=None if sys.stdout.isatty() else 180), run, profile, before)
    for note in (note for one in measured for note in one.notes):
        click.echo(f"  {note}")
    if markdown:
        markdown.write_text(guide({profile: run}), encoding="utf-8")
    if record:
        measured_parts = _figure_parts(parts)
        retained = [f for f in before.figures if f.part not in measured_parts] if before and only else []
        whole = msgspec.structs.replace(run, figures=[*retained, *figures])
        RECORDED.write_bytes(write_recorded(recorded | {profile: whole}))
        GUIDE.parent.mkdir(exist_ok=True)
        GUIDE.write_text(guide(read_recorded(RECORDED.read_bytes())), encoding="utf-8")
        click.echo("Recorded.")
        return
    comparable = _figure_parts(parts) - ({"outside"} if most else set())
    worse = fallen(before, run, comparable) if before else []
    for line in worse:
        click.echo(f"FELL  {line}")
    sys.exit(1 if worse else 0)


def _figure_parts(parts: Sequence[str]) -> frozenset[str]:
    """The parts of the figures that these parts of the run measure."""
    return frozenset(parts) | (frozenset(HELD_OUT_PARTS) if "held_out" in parts else frozenset())


def _part(
    part: str,
    verdicts: Verdicts,
    data: Path,
    script: Path,
    profile: str,
    ablations: Sequence[str],
    held_out: Path | None,
    most: int | None,
) -> Measured:
    gold = data / "gold"
    if part == "seeds":
        return seed_figures(load_sample_stories(), verdicts)
    if part == "speed":
        return speed_figures(verdicts, profile)
    if part == "sealed":
        return sealed_figures(verdicts)
    if part == "outside":
        outputs = Outputs(verdicts)
        rows = [(check, check.rows(data / "public" / check.folder)) for check in CHECKS]
        return Measured([outside_figure(check, some(found, most), outputs) for check, found in rows])
    stories = labelled_stories(
        {"own": OWN, "quiet": QUIET, "gold2": data / "gold" / "dev2.jsonl"}.get(
            part, data / "gold" / "dev.jsonl"
        )
    )
    if part == "refusals":
        train, pages = data / "gold" / "train.jsonl", data / "samples" / "html"
        return refusal_figures([*stories, *labelled_stories(train), *labelled_pages(pages)], verdicts)
    if part == "satire":
        articles = polemics(data / "public" / "semeval2023_task3_en")
        return satire_figures(labelled_stories(OWN), stories, articles, verdicts)
    if part == "marks":
        return Measured(marks_figures(stories, read_marks(READINGS.read_bytes()), verdicts))
    evaluate = load_evaluate(script)
    if part == "held_out" and held_out:
        return Measured(list(held_out_figures(gold, held_out, evaluate)))
    if part == "ablation":
        return Measured(ablation_figures(stories, verdicts, evaluate, ablations))
    return Measured(gold_figures(stories, predictions(stories, verdicts), evaluate, part=part))


if __name__ == "__main__":
    main()
