"""The parts of a score as a waterfall chart for a terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from api.rendering.plain_text import plain
from api.rendering.score_parts import strongest_words
from schemas.score_explanations import ScorePart

_WIDTH = 20  # characters for the range 0-100
_LONGEST = 60  # characters of a quote


def waterfall(parts: Sequence[ScorePart], score: int) -> Table:
    """A line per part with its points, its bar and its facts, then the score."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(width=_WIDTH, no_wrap=True)
    table.add_column()
    for part in parts:
        points = f"{part.points / 100:+.2f}" if part.points else "–"
        bar = _step(part.total - part.points, part.total) if part.points else ""
        table.add_row(points, bar, _about(part))
    table.add_row(Text(str(score), "bold"), Text("█" * _column(score * 100), "bold"), Text("score", "bold"))
    return table


def _about(part: ScorePart) -> Text:
    about = Text(plain(part.label))
    if part.facts:
        about.append(f": {plain(part.facts)}", "dim")
    if quote := strongest_words(part):
        words = plain(quote)
        if len(words) > _LONGEST:
            words = words[:_LONGEST].rpartition(" ")[0] + " …"
        about.append(f"; among the strongest: “{words}”", "dim")
    return about


def _step(start: int, end: int) -> Text:
    low, high = sorted((_column(start), _column(end)))
    sign, style = ("▒", "green") if end < start else ("█", "cyan")
    return Text(" " * min(low, _WIDTH - 1) + sign * max(1, high - low), style)


def _column(hundredths: int) -> int:
    return round(min(max(hundredths, 0), 10_000) * _WIDTH / 10_000)
