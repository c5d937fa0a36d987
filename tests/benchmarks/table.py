"""Prints a run: a table for each part with figures, bars, the recorded run, and others' results."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from api.evaluation.figures import MEASURES, Figure
from tests.benchmarks.ablations import SHOWN
from tests.benchmarks.figures import Run
from tests.benchmarks.outside import CHECKS
from tests.benchmarks.targets import reached, target

OTHERS = {f"outside/{check.code}": check.others for check in CHECKS}
_HEADS = ("measure", "n", "now", "95 %", "recorded", "bar", "aim")


def number(value: float | None) -> str:
    """Two or three significant digits; a dash for None."""
    if value is None:
        return "-"
    return f"{value:.3f}" if abs(value) < 3 else f"{value:.1f}"


def span(figure: Figure) -> str:
    return "-" if figure.low is None else f"{number(figure.low)} to {number(figure.high)}"


def print_run(console: Console, run: Run, profile: str, recorded: Run | None) -> None:
    console.print(
        f"engine {run.engine} {run.version}, profile {profile}, digest {run.digest[:12]}, {run.date}"
    )
    for part in dict.fromkeys(figure.part for figure in run.figures):
        if part == "ablation":
            console.print(_ablations(run))
        else:
            console.print(_table(part, (f for f in run.figures if f.part == part), profile, recorded))


def ablation_rows(run: Run) -> list[list[str]]:
    """A row for each ablation, after the whole engine: its name and the figures of `SHOWN`."""
    variants = dict.fromkeys(f.code.rpartition("/")[0] for f in run.figures if f.part == "ablation")
    keys = {"the whole engine": "gold", **{name: f"ablation/{name}" for name in variants}}
    rows = [[name, *(_of(run, f"{key}/{code}") for code in SHOWN)] for name, key in keys.items()]
    return [row for row in rows if set(row[1:]) != {"-"}]


def ablation_heads() -> list[str]:
    return ["engine", *(measure.label for code in SHOWN for measure in MEASURES if measure.code == code)]


def _ablations(run: Run) -> Table:
    table = Table(*ablation_heads(), title="ablation", title_justify="left")
    for row in ablation_rows(run):
        table.add_row(*row)
    return table


def _of(run: Run, key: str) -> str:
    figure = run.figure(key)
    return number(figure.value if figure else None)


def _table(part: str, figures: Iterable[Figure], profile: str, recorded: Run | None) -> Table:
    extra = {"gold": ("readers", "bag of words"), "outside": ("others, trained on it",)}.get(part, ())
    table = Table(title=part, title_justify="left")
    for head in (*_HEADS, *extra):
        table.add_column(head, justify="left" if head in ("measure", *extra) else "right")
    for figure in figures:
        wanted = target(profile, figure.key)
        before = recorded.figure(figure.key) if recorded else None
        missed = wanted.least is not None and not reached(figure.value, figure.better, wanted.least)
        cells = [
            figure.label,
            str(figure.n),
            f"[red]{number(figure.value)}[/red]" if missed else number(figure.value),
            span(figure),
            number(before.value if before else None),
            number(wanted.least) + (" missed" if missed else ""),
            number(wanted.aim),
        ]
        if part == "gold":
            cells += [wanted.readers, wanted.words]
        elif part == "outside":
            cells.append(OTHERS.get(figure.key, "-"))
        table.add_row(*cells)
    return table
