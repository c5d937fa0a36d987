"""The explanation of a score for a terminal: the waterfall with its words, then both grades of ablations."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from api.rendering.card_text import quoted
from api.rendering.explanation_ablations import ablation_table, reading_table
from api.rendering.plain_text import plain, words_of
from api.rendering.sentences import verdict_label
from schemas.enums import LedgerRowKind
from schemas.score_explanations import ScoreExplanation, Step
from schemas.spans import Range
from schemas.taxonomy import Taxonomy

_WIDTH = 20  # characters for the range 0-100
_PLACES = 3  # shown of a feature
_WORDS = 24  # characters of a place


def explanation_card(
    explanation: ScoreExplanation, title: str | None, text: str | None, taxonomy: Taxonomy
) -> RenderableType:
    """The whole explanation. `text`, the analysed text if available, gives the words of features."""
    parts: list[RenderableType] = [Text(plain(title or "(no title)"), "bold")]
    if explanation.spin is None:
        why = explanation.not_scorable
        reason = f"{words_of(why.reason)}. {why.detail}" if why else "it was not judged."
        return Group(*parts, Text(f"Not scorable: {reason} There is no score to explain."))
    spin = explanation.spin
    name, _ = verdict_label(spin.primary, satire=spin.satire, band=spin.band, taxonomy=taxonomy)
    parts.append(
        Text(
            f"{name} · {spin.score} of 100, {spin.band}"
            f" · engine {explanation.engine.name} {explanation.engine.version}"
        )
    )
    parts += _section("Where the score comes from", _waterfall(explanation.steps, spin.score, text))
    if explanation.ablations:
        parts += _section("What would change it", ablation_table(explanation, taxonomy))
    if explanation.read_again:
        heading = "What the engine says without these sentences"
        parts += _section(heading, reading_table(explanation.read_again, taxonomy))
    return Group(*parts)


def _section(heading: str, body: RenderableType) -> Iterator[RenderableType]:
    yield Rule(Text(heading, "bold"), align="left", style="dim")
    yield Padding(body, (0, 1, 1, 1))


def _waterfall(steps: Sequence[Step], score: int, text: str | None) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(width=_WIDTH, no_wrap=True)
    table.add_column()
    table.add_row(Text("points", "dim"), Text("total", "dim"), "", "")
    for step in steps:
        bar = _bar(step.total - step.points, step.total)
        table.add_row(f"{step.points / 100:+.2f}", f"{step.total / 100:.2f}", bar, _about(step, text))
    table.add_row(
        "", Text(str(score), "bold"), Text("█" * _column(score * 100), "bold"), Text("score", "bold")
    )
    return table


def _about(step: Step, text: str | None) -> Text:
    """The step's label, rule, and words with their places."""
    about = Text(plain(step.label))
    if step.kind is LedgerRowKind.FINDING:
        about.append(f"  {step.finding} · {step.rule}", "dim")
        for span in step.spans:
            about.append("\n")
            about.append_text(quoted(span, "bold"))
            if span.quote is not None:
                about.append(f"  {span.start}:{span.end}", "dim")
    elif step.kind is LedgerRowKind.FEATURE:
        about.append(f"  {step.rule}", "dim")
        shown = ", ".join(_place(place, text) for place in step.ranges[:_PLACES])
        rest = len(step.ranges) - _PLACES
        about.append(f"\n{shown}{f' and {rest} more' if rest > 0 else ''}", "dim")
    return about


def _place(place: Range, text: str | None) -> str:
    if text is None:
        return f"{place.start}:{place.end}"
    words = plain(text[place.start : place.end])
    if len(words) > _WORDS:
        words = (words[:_WORDS].rpartition(" ")[0] or words[:_WORDS]) + " …"
    return f"“{words}” {place.start}:{place.end}"


def _bar(start: int, end: int) -> Text:
    low, high = sorted((_column(start), _column(end)))
    sign, style = ("▒", "green") if end < start else ("█", "cyan")
    return Text(" " * min(low, _WIDTH - 1) + sign * max(1, high - low), style)


def _column(hundredths: int) -> int:
    return round(min(max(hundredths, 0), 10_000) * _WIDTH / 10_000)
