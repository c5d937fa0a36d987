"""The ledger as a waterfall chart for a terminal."""

from rich.table import Table
from rich.text import Text

from api.rendering.ledger_groups import ledger_groups
from api.rendering.plain_text import plain
from schemas.assessments import LedgerRow

_WIDTH = 44  # characters for the range 0-100
_MAX_ROWS = 9


def waterfall(ledger: list[LedgerRow], score: int) -> Table:
    """The base, each rule's sum by size, small ones as one row, then the score."""
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=34, no_wrap=True, overflow="ellipsis")
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    at = 0
    for label, points in ledger_groups(ledger, _MAX_ROWS):
        table.add_row(Text(plain(label)), _points(points), _step(at, at + points))
        at += points
    table.add_row(Text("score", "bold"), Text(str(score), "bold"), Text("█" * _column(score * 100), "bold"))
    return table


def _step(start: int, end: int) -> Text:
    low, high = sorted((_column(start), _column(end)))
    if end < start:
        return Text(" " * low + "▒" * max(1, high - low), "green")
    return Text(" " * low + "█" * max(1, high - low), "cyan")


def _column(hundredths: int) -> int:
    return round(min(max(hundredths, 0), 10_000) * _WIDTH / 10_000)


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:+.1f}" if abs(hundredths) >= 5 else f"{hundredths / 100:+.2f}"
