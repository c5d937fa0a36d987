"""The tables of `unspun eval`."""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from rich.console import Group, RenderableType
from rich.table import Table

from api.evaluation.answer_counts import AnswerCounts, DropCounts
from api.evaluation.figures import PairedFigure

_HEADS: Final = ("measure", "n", "llm", "95 %", "rules", "difference", "s.e.")
WARNING: Final = (
    "Language models helped to label the stories, and models of the same kind agree with each other. The labels "
    "of the sentences are people's."
)


class Tokens(Struct, kw_only=True, frozen=True):
    """Of all calls on one text; `counted` by the server, else a quarter of the characters."""

    prompt: int
    answer: int
    counted: bool


class EvaluatedAnswers(Struct, kw_only=True, frozen=True):
    """An evaluation. `engine` and `rules` are digests of engines.

    `people` are figures on sentences with labels of people, `stories` those on labelled records. `unanswered`
    texts are in no figure.
    """

    model: str
    engine: str
    rules: str
    people: list[PairedFigure]
    sentences: int
    sentences_refused: int
    sentence_drops: DropCounts
    stories: list[PairedFigure]
    counts: AnswerCounts | None
    unanswered: int
    tokens: list[Tokens]


def tables(found: EvaluatedAnswers, price_input: float | None, price_output: float | None) -> RenderableType:
    """All figures; prices are those of a million tokens."""
    parts: list[RenderableType] = [
        f"{found.model}, engine llm {found.engine[:12]} beside rules {found.rules[:12]}"
    ]
    if found.people:
        parts.append(_figures("sentences with labels of people", found.people))
    if found.stories:
        parts += [_figures("labelled stories", found.stories), WARNING]
    parts.append(_facts(_rows(found, price_input, price_output)))
    return Group(*parts)


def number(value: float | None) -> str:
    """Two or three significant digits; a dash for None."""
    if value is None:
        return "-"
    return f"{value:.3f}" if abs(value) < 3 else f"{value:.1f}"


def _figures(title: str, figures: Iterable[PairedFigure]) -> Table:
    table = Table(title=title, title_justify="left")
    for head in _HEADS:
        table.add_column(head, justify="left" if head == "measure" else "right")
    for figure in figures:
        interval = f"{number(figure.low)} to {number(figure.high)}"
        own = (number(figure.value), interval, number(figure.other))
        difference = "-" if figure.difference is None else f"{figure.difference:+.3f}"
        table.add_row(figure.label, str(figure.n), *own, difference, number(figure.standard_error))
    return table


def _facts(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(title="answers", title_justify="left", show_header=False)
    for row in rows:
        table.add_row(*row)
    return table


def _rows(
    found: EvaluatedAnswers, price_input: float | None, price_output: float | None
) -> Iterable[tuple[str, str]]:
    if found.unanswered:
        yield "texts without an answer", str(found.unanswered)
    if found.people:
        yield "sentences, judgement refused", f"{found.sentences_refused} of {found.sentences}"
        yield "sentences, parts dropped", _dropped(found.sentence_drops)
    counts = found.counts
    if counts is None:
        return
    refused = ", ".join(f"{reason} {times}" for reason, times in counts.refused.items())
    yield "stories, judgement refused", f"{sum(counts.refused.values())} of {counts.texts} {refused}".rstrip()
    yield "stories, prose refused", f"{counts.prose_refused} of {len(counts.sentences)}"
    yield "judgement, parts dropped", _dropped(counts.judgement)
    yield "prose, parts dropped", _dropped(counts.prose)
    if counts.sentences:
        mean = sum(counts.sentences) / len(counts.sentences)
        yield "prose, sentences a story", f"{mean:.1f}, at least {min(counts.sentences)}"
    if counts.review.passed or counts.review.dropped:
        yield "review, parts dropped", _dropped(counts.review)
        yield "findings of the rules", f"{counts.kept} kept, {counts.rejected} rejected"
    yield "same type as the rules", number(counts.same_type)
    yield "distance from the rules' score", number(counts.score_distance)
    yield "marked sentences in common", number(counts.findings)
    yield from _cost(found.tokens, price_input, price_output)


def _dropped(counts: DropCounts) -> str:
    reasons = ", ".join(f"{reason} {times}" for reason, times in counts.dropped.items())
    whole = counts.passed + sum(counts.dropped.values())
    return f"{100 * counts.share:.1f} % of {whole}, {counts.repaired} repaired; {reasons or 'none'}"


def _cost(
    tokens: Sequence[Tokens], price_input: float | None, price_output: float | None
) -> Iterable[tuple[str, str]]:
    if not tokens:
        return
    prompt = sum(one.prompt for one in tokens) / len(tokens)
    answer = sum(one.answer for one in tokens) / len(tokens)
    source = "" if all(one.counted for one in tokens) else ", estimated from characters"
    yield "tokens a story", f"{prompt:,.0f} of prompts, {answer:,.0f} of answers{source}"
    if price_input is not None and price_output is not None:
        cost = (prompt * price_input + answer * price_output) / 1_000_000
        yield "cost a story", f"{cost:.4f} at the prices of the settings"
