"""Both grades of ablations of a score for a terminal, the greatest change first."""

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from api.rendering.plain_text import plain, words_of
from schemas.assessments import Ablation
from schemas.enums import AblationKind, ReadAgainKind, SpinType
from schemas.score_explanations import ReadAgain, ScoreExplanation, Step
from schemas.taxonomy import Taxonomy

_MOST = 12  # shown findings and words
_LONGEST = 40  # characters of a quote
_IDS = 6  # findings listed by id
_WHOLE = (AblationKind.CHOSEN, AblationKind.FLIP, AblationKind.TYPE)


def ablation_table(explanation: ScoreExplanation, taxonomy: Taxonomy) -> Table:
    """What is omitted, and the resulting score and type. Ablations without effect are only counted."""
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_row(Text("without", "dim"), Text("score", "dim"), Text("type", "dim"))
    steps = {step.finding: step for step in explanation.steps if step.finding}
    shown, rest, same = _chosen(explanation)
    for ablation in shown:
        table.add_row(
            Text("\n").join(_lines(ablation, steps, taxonomy)),
            str(ablation.score),
            _name(ablation.primary, taxonomy),
        )
    if rest:
        table.add_row(Text(f"and {rest} more that would change the score or the type", "dim"), "", "")
    if same:
        table.add_row(Text(f"{same} findings or words would change neither", "dim"), "", "")
    return table


def reading_table(readings: Sequence[ReadAgain], taxonomy: Taxonomy) -> Table:
    """The sentences that are left out, and the score and type of the rest."""
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_row(Text("without", "dim"), Text("score", "dim"), Text("type", "dim"))
    for reading in readings:
        left_out = Text(_left_out(reading, taxonomy))
        if reading.not_scorable:
            left_out.append(f"\n{words_of(reading.not_scorable.reason)}", "dim")
        score = "none" if reading.score is None else str(reading.score)
        table.add_row(left_out, score, _name(reading.primary, taxonomy) if reading.primary else "")
    return table


def _left_out(reading: ReadAgain, taxonomy: Taxonomy) -> str:
    if reading.kind is ReadAgainKind.TYPE:
        return f"all sentences with findings of {_name(reading.type, taxonomy)}"
    if reading.kind is ReadAgainKind.FINDINGS:
        return "all sentences with findings"
    span = reading.spans[0]
    return _shortened(span.quote) if span.quote else f"characters {span.start} to {reading.spans[-1].end}"


def _chosen(explanation: ScoreExplanation) -> tuple[list[Ablation], int, int]:
    """The ablations to show, the number of others with an effect, and of those without.

    A loaded term that is one finding is not repeated.
    """
    spin, ablations = explanation.spin, explanation.ablations or []
    assert spin is not None, "what was not judged has no ablations to show"
    whole = [a for kind in _WHOLE for a in ablations if a.kind is kind]
    parts = [
        a
        for a in ablations
        if a.kind is AblationKind.FINDING or (a.kind is AblationKind.TERM and len(a.finding_ids) > 1)
    ]
    telling = [a for a in parts if (a.score, a.primary) != (spin.score, spin.primary)]
    telling.sort(key=lambda a: (a.primary is spin.primary, -abs(a.score - spin.score)))
    return whole + telling[:_MOST], max(0, len(telling) - _MOST), len(parts) - len(telling)


def _lines(ablation: Ablation, steps: dict[str, Step], taxonomy: Taxonomy) -> Iterator[Text]:
    kind, ids = ablation.kind, ablation.finding_ids
    words = _quote(steps.get(ids[0]))
    if kind is AblationKind.TYPE:
        yield Text(f"all findings of {_name(ablation.type, taxonomy)}")
    elif kind is AblationKind.FLIP:
        none = ablation.type is SpinType.NONE  # without satire's finding
        yield Text("were it no satire" if none else f"until it is {_name(ablation.type, taxonomy)} no more")
    elif kind is AblationKind.CHOSEN:
        yield Text("what was asked for", "bold")
    elif kind is AblationKind.TERM:
        yield Text(f"{words or 'these words'}, every time")
    else:
        yield Text.assemble(words or "its words", (f"  {ids[0]}", "dim"))
        return
    named = ", ".join(f"{i} {_quote(steps.get(i))}".strip() for i in ids[:_IDS])
    yield Text(named + (f" and {len(ids) - _IDS} more" if len(ids) > _IDS else ""), "dim")


def _quote(step: Step | None) -> str:
    """The first words of a finding; empty if they are not served or the finding has no ledger row."""
    if step is None or not step.spans or step.spans[0].quote is None:
        return ""
    return _shortened(step.spans[0].quote)


def _shortened(quote: str) -> str:
    words = plain(quote)
    return f"“{words if len(words) <= _LONGEST else words[:_LONGEST].rpartition(' ')[0] + ' …'}”"


def _name(kind: SpinType | None, taxonomy: Taxonomy) -> str:
    entry = taxonomy.type(kind) if kind else None
    return entry.name if entry else "none"
