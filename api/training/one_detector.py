"""`make weights ARGS="--only CODE"`: fits weights for one new detector and leaves all others unchanged.

The shipped engines analyse the labelled stories of `data/` (`reading_cache.py`), `one_column.py` fits the
residuals, and the changes are measured on held-back stories. Needs no PyTorch. A full fit, `make train`,
replaces the result.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import click
import msgspec
import numpy as np
from numpy.typing import NDArray

from api.analysis.framing.detector import Detector
from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.scoring import HUNDRED
from api.analysis.framing.unfitted import unfitted
from api.analysis.models.weights import Weights
from api.training.labelled import article_of, tactic_of, training_records, weight_of
from api.training.one_column import (
    Column,
    FindsNothing,
    Judged,
    Story,
    as_file,
    fit_column,
    judged,
    with_column,
    with_type_weight,
    without,
)
from api.training.reading_cache import DetectorResult, Profile, read_stories
from schemas.enums import SpinType, Stance

Matrix = NDArray[np.float64]
_LEARNED = Path(__file__).with_name("data")
_HELD_BACK = Path(__file__).resolve().parents[2] / "tests" / "benchmarks" / "data"
LABELLED: Final = tuple(
    _LEARNED / f"{name}.jsonl"
    for name in ("labelled_stories", "more_labelled_stories", "quiet_labelled_stories")
)
HELD_BACK: Final = tuple(
    _HELD_BACK / f"{name}.jsonl" for name in ("held_back_stories", "held_back_quiet_stories")
)
FILES: Final[Mapping[Profile, str]] = {"full": "weights.json", "fast": "fast_weights.json"}
_SHOWN_CHANGES, _SHOWN_WORDS, _MAX_WORDS = 5, 3, 60
_FEW = 20  # labelled stories with findings; four shipped detectors have fewer in the full engine


class Refused(click.ClickException):
    """Nothing was fitted or written; the message states the reason and the remedy."""


def chosen(code: str, table: Weights, *, again: bool, detectors: Sequence[Detector] = DETECTORS) -> Detector:
    """The detector with this code. Raises Refused if it does not exist or cannot be fitted."""
    found = next((detector for detector in detectors if detector.code == code), None)
    if found is None:
        waiting = ", ".join(unfitted(table, detectors)) or "none"
        raise Refused(
            f"No detector in api/analysis/framing/detectors has the code {code}. Without weights: {waiting}."
        )
    if found.type is None or not found.counts:
        raise Refused(f"{code} only reports: without a type it has no weights, and needs none.")
    if found.tactic not in table.tactics:
        known = ", ".join(sorted(table.tactics))
        raise Refused(f"{code} has the tactic {found.tactic}, which no weights know. Known: {known}.")
    if code in table.score.detectors and not again:
        raise Refused(f"{code} has weights already; `--again` replaces them.")
    return found


def report(stories: Sequence[Story], table: Weights, fitted: Weights, detector: Detector) -> list[str]:
    """The detector's effects on held-back stories, as lines."""
    before = [judged(story, table) for story in stories]
    after = [judged(story, fitted, detector) for story in stories]
    pairs = list(zip(stories, before, after, strict=True))
    moved = [abs(b.score - a.score) for _, b, a in pairs]
    types = sum(b.kind.primary is not a.kind.primary for _, b, a in pairs)
    stances = sum(b.kind.stance is not a.kind.stance for _, b, a in pairs)
    found = sum(bool(story.read.found) for story in stories)
    lines = [
        f"held back: finds something in {found} of {len(stories)} stories",
        f"  score changes by {sum(moved) / len(moved):.3f} points in the mean, in {sum(map(bool, moved))}"
        f" stories; {types} change type, {stances} stance",
        f"  {'':<24}{'without':>8} {'with':>8}",
    ]
    lines += [
        f"  {name:<24}{without:>8.3f} {with_it:>8.3f}"
        for name, without, with_it in zip(
            ("score, Spearman", "score, mean error", "type right"),
            figures(stories, before),
            figures(stories, after),
            strict=True,
        )
    ]
    return [*lines, *changes(stories, table, fitted, detector)]


def changes(stories: Sequence[Story], table: Weights, fitted: Weights, detector: Detector) -> list[str]:
    """The stories that the detector changes most, each with its label and the words found."""
    pairs = [(s, judged(s, table), judged(s, fitted, detector)) for s in stories if s.read.strength]
    changed = sorted(
        (pair for pair in pairs if _outcome(pair[1]) != _outcome(pair[2])),
        key=lambda p: (-abs(p[1].score - p[2].score), p[1].kind.primary is p[2].kind.primary, p[0].id),
    )
    lines = []
    for story, one, other in changed[:_SHOWN_CHANGES]:
        words = ", ".join(f"“{_short(words)}”" for words in story.read.found[:_SHOWN_WORDS])
        lines.append(
            f"  {story.id}: {one.score} {one.kind.primary} -> {other.score} {other.kind.primary}"
            f" (labelled {story.score:g} {story.primary}): {words}"
        )
    return lines


def _outcome(judgement: Judged) -> tuple[int, SpinType, Stance]:
    return judgement.score, judgement.kind.primary, judgement.kind.stance


def found_words(stories: Sequence[Story]) -> list[str]:
    """The stories in which the detector finds most, each with its label and the words found."""
    strongest = sorted((s for s in stories if s.read.strength), key=lambda s: (-s.read.strength, s.id))
    return [
        f"  {story.id} (labelled {story.score:g} {story.primary}): "
        + ", ".join(f"“{_short(words)}”" for words in story.read.found[:_SHOWN_WORDS])
        for story in strongest[:_SHOWN_CHANGES]
    ]


def figures(stories: Sequence[Story], judgements: Sequence[Judged]) -> tuple[float, float, float]:
    """Rank correlation of scores and labels, mean absolute error in points, share of right types."""
    labels = np.array([story.score for story in stories])
    scores = np.array([judgement.score for judgement in judgements], float)
    right = [
        judgement.kind.primary is story.primary for judgement, story in zip(judgements, stories, strict=True)
    ]
    return spearman(scores, labels), float(np.abs(scores - labels).mean()), sum(right) / len(right)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _MAX_WORDS else line[:_MAX_WORDS].rsplit(" ", 1)[0] + " …"


def spearman(first: Matrix, second: Matrix) -> float:
    """The rank correlation, ties at their mean rank; 0.0 if either does not vary."""
    x, y = _ranks(first), _ranks(second)
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size else 0.0


def _ranks(values: Matrix) -> Matrix:
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Matrix = (last - (counts - 1) / 2)[group]
    return ranks


def story_of(record: Mapping[str, Any], read: DetectorResult) -> Story:
    """A record with its analysis. Raises KeyError or ValueError for labels outside the codebook."""
    return Story(
        id=record["id"],
        read=read,
        score=float(record["score"]),
        primary=SpinType(record["primary"]),
        stance=Stance(record["stance"]),
        tactic=tactic_of(record),
        weight=weight_of(record),
    )


@click.command()
@click.option("--only", "code", required=True, metavar="CODE", help="The detector that gets weights.")
@click.option("--again", is_flag=True, help="Replace the weights that it has.")
@click.option("--dry-run", is_flag=True, help="Print what would change, write nothing.")
@click.option("--processes", type=click.IntRange(1, 16), default=2, show_default=True)
@click.option(
    "--kept",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".unspun/readings"),
    show_default=True,
    help="Folder that keeps what was read: some 65 MB, safe to delete.",
)
def weights_of_one(code: str, again: bool, dry_run: bool, processes: int, kept: Path) -> None:
    """Fit the weights of one detector; all others stay as they are.

    In the full engine its findings count like all of its type, and only the explanation of the score changes.

    The first run reads all stories, a quarter of an hour of two cores; later ones take up to a minute.
    """
    folder = Path(str(files("api.analysis"))) / "models"
    tables = {
        profile: msgspec.json.decode((folder / name).read_bytes(), type=Weights)
        for profile, name in FILES.items()
    }
    detector = chosen(code, tables["full"], again=again)
    own_records = training_records(LABELLED)
    records = [*own_records, *training_records(HELD_BACK)]
    articles = [article_of(record) for record in records]
    written: dict[Path, bytes] = {}
    for profile, table in tables.items():
        table = without(table, code)
        read = read_stories(articles, profile, detector, kept, processes, _progress(profile, len(articles)))
        stories = [story_of(*pair) for pair in zip(records, read, strict=True)]
        own, unseen = stories[: len(own_records)], stories[len(own_records) :]
        found = sum(bool(story.read.strength) for story in own)
        click.echo(f"\n{profile} engine: {code} finds something in {found} of {len(own)} labelled stories")
        try:
            column = fit_column(detector, own, table)
        except FindsNothing as nothing:
            # a detector over syntax finds nothing without a parse
            if profile == "full":
                raise Refused(str(nothing)) from nothing
            column = None
        if profile == "full":
            # the heads judge the text; a finding moves points from their row to its own
            table = with_type_weight(table, detector)
            click.echo("\n".join(found_words(own)))
        elif column is not None:
            fitted = with_column(table, code, column)
            if found < _FEW:
                click.echo("  so few that its weights say little: is what it looks for too rare?")
            learned = ["labelled stories that change most:", *changes(own, table, fitted, detector)]
            held_back = report(unseen, table, fitted, detector)
            click.echo("\n".join([*_weights_lines(column), *learned, *held_back]))
            table = fitted
        written[folder / FILES[profile]] = as_file(table)
        click.echo(f"  without weights in this engine: {', '.join(unfitted(table)) or 'none'}")
    for path, content in written.items():
        if not dry_run and content != path.read_bytes():
            path.write_bytes(content)
            click.echo(f"Wrote {path.name}.")


def _weights_lines(column: Column) -> list[str]:
    asked = (
        ""
        if round(HUNDRED * column.asked) >= column.points
        else f" (the least: the stories ask for {column.asked:.2f})"
    )
    return [
        f"  score: {column.points / HUNDRED:.2f} points a unit of strength{asked}",
        *(
            f"  {name}: " + ", ".join(f"{key} {round(value, 2) + 0.0:+.2f}" for key, value in values.items())
            for name, values in (
                ("types", column.types),
                ("stances", column.stances),
                ("tactics", column.tactics),
            )
        ),
    ]


def _progress(profile: str, total: int) -> Any:
    def report_progress(done: int) -> None:
        if done % 100 == 0 or done == total:
            click.echo(f"{profile}: {done} of {total} stories read", err=True)

    return report_progress


if __name__ == "__main__":
    weights_of_one()
