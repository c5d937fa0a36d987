"""The explanation of a score for a terminal: its parts, their words, then both grades of ablations."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from api.rendering.card_ledger import waterfall
from api.rendering.card_text import quoted
from api.rendering.explanation_ablations import ablation_table, reading_table
from api.rendering.plain_text import plain, words_of
from api.rendering.ranking import LEAST_POINTS
from api.rendering.sentences import points, verdict_label
from schemas.enums import LedgerRowKind, ScorePartCode
from schemas.score_explanations import ScoreExplanation, Step
from schemas.spans import Range
from schemas.taxonomy import Taxonomy

_UNPLACED = (ScorePartCode.READING, ScorePartCode.REST)
_FEWEST = 3  # findings of a text none of whose findings has half a point
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
    parts += _section("Where the score comes from", waterfall(explanation.parts, spin.score))
    parts += _section("The words behind it", _words(explanation.steps, text))
    if explanation.ablations:
        parts += _section("What would change it", ablation_table(explanation, taxonomy))
    if explanation.read_again:
        heading = "What the engine says without these sentences"
        parts += _section(heading, reading_table(explanation.read_again, taxonomy))
    return Group(*parts)


def _section(heading: str, body: RenderableType) -> Iterator[RenderableType]:
    yield Rule(Text(heading, "bold"), align="left", style="dim")
    yield Padding(body, (0, 1, 1, 1))


def _words(steps: Sequence[Step], text: str | None) -> Table:
    """Findings with at least half a point, and the first places of what is counted."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    findings = [step for step in steps if step.kind is LedgerRowKind.FINDING]
    findings.sort(key=lambda step: -abs(step.points))
    shown = [step for step in findings if abs(step.points) >= LEAST_POINTS]
    for step in shown or findings[:_FEWEST]:
        table.add_row(points(step.points), _finding(step))
    small = [step for step in findings if step not in shown] if shown else findings[_FEWEST:]
    if small:
        rest = f"{len(small)} more findings of less than half a point each"
        table.add_row(points(sum(step.points for step in small)), Text(rest, "dim"))
    for step in steps:
        if step.kind is LedgerRowKind.FEATURE and step.ranges and step.part not in _UNPLACED:
            table.add_row(points(step.points) if step.points else "", _feature(step, text))
    return table


def _finding(step: Step) -> Text:
    """Its label, id, rule, and words with their places."""
    about = Text.assemble(plain(step.label), (f"  {step.finding} · {step.rule}", "dim"))
    for span in step.spans:
        about.append("\n")
        about.append_text(quoted(span, "bold"))
        if span.quote is not None:
            about.append(f"  {span.start}:{span.end}", "dim")
    return about


def _feature(step: Step, text: str | None) -> Text:
    """Its label, rule and first places."""
    shown = ", ".join(_place(place, text) for place in step.ranges[:_PLACES])
    rest = len(step.ranges) - _PLACES
    return Text.assemble(
        plain(step.label),
        (f"  {step.rule}", "dim"),
        (f"\n{shown}{f' and {rest} more' if rest > 0 else ''}", "dim"),
    )


def _place(place: Range, text: str | None) -> str:
    if text is None:
        return f"{place.start}:{place.end}"
    words = plain(text[place.start : place.end])
    if len(words) > _WORDS:
        words = (words[:_WORDS].rpartition(" ")[0] or words[:_WORDS]) + " …"
    return f"“{words}” {place.start}:{place.end}"
