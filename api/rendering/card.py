"""The verdict card for a terminal, as rich renderables of at most 100 columns."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from api.rendering.card_ledger import waterfall
from api.rendering.card_text import bar, quoted
from api.rendering.plain_text import plain, words_of
from api.rendering.ranking import MAX_SHOWN, ranked, shown
from api.rendering.score_parts import score_parts
from api.rendering.sentences import certainty, happening_words, news, verdict_label
from schemas.assessments import Assessment, Claim, Happening, Integrity, LoadedTerm, SourceRole, Spin
from schemas.enums import Band, ClaimSupport, Risk, SpinType
from schemas.taxonomy import Taxonomy

WIDTH = 100
_BAR_WIDTH = 50
_MAX_CLAIMS = 4
_MAX_OMISSIONS = 5

_TYPE_STYLES = {
    SpinType.CUSHION: "blue",
    SpinType.SHIELD: "yellow",
    SpinType.HYPE: "magenta",
    SpinType.HALO: "green",
    SpinType.FOG: "cyan",
    SpinType.STAMPEDE: "red",
    SpinType.NONE: "green",
}
_BAND_STYLES = {
    Band.PLAIN: "green",
    Band.LIGHT: "green",
    Band.MODERATE: "yellow",
    Band.STRONG: "dark_orange",
    Band.HEAVY: "red",
    Band.TOTAL: "bold red",
}
_SUPPORT_STYLES = {
    ClaimSupport.SHOWN: "green",
    ClaimSupport.ATTRIBUTED: "yellow",
    ClaimSupport.ASSERTED: "red",
}
_RISK_STYLES = {Risk.LOW: "green", Risk.MODERATE: "yellow", Risk.HIGH: "red"}


class CardFacts(Struct, kw_only=True, frozen=True):
    """The other contents of the card; None if unknown."""

    title: str | None
    source: str | None
    url: str | None
    published_at: datetime | None
    words: int | None


def card(assessment: Assessment, facts: CardFacts, taxonomy: Taxonomy) -> RenderableType:
    """The whole card. A text that cannot be judged has a reason and no score."""
    parts: list[RenderableType] = [_panel(assessment, facts, taxonomy)]
    for heading, body in _sections(assessment, taxonomy):
        parts += [Rule(Text(heading, "bold"), align="left", style="dim"), Padding(body, (0, 1, 1, 2))]
    return Group(*parts)


def _panel(assessment: Assessment, facts: CardFacts, taxonomy: Taxonomy) -> Panel:
    lines: list[RenderableType] = [
        Text(plain(facts.title or "(no title)"), "bold"),
        _source_line(assessment, facts),
    ]
    if facts.url:
        lines.append(Text(plain(facts.url), "dim"))
    lines.append(Text())
    if assessment.spin is not None:
        lines += _spin(assessment.spin, assessment.source_role, taxonomy)
        if assessment.deck:
            lines += [Text(), Text(plain(assessment.deck), "italic")]
    elif assessment.not_scorable is not None:
        lines += [
            Text.assemble((" NOT SCORABLE ", "reverse"), f"  {words_of(assessment.not_scorable.reason)}"),
            Text(plain(assessment.not_scorable.detail)),
            Text("No type and no score: a number would be made up.", "dim"),
        ]
    engine = f"{assessment.engine.name} {assessment.engine.version}"
    return Panel(
        Group(*lines),
        title="[bold]Unspun[/bold]",
        title_align="left",
        subtitle=f"engine {engine} · taxonomy {assessment.taxonomy_version} · machine-made",
        subtitle_align="right",
        padding=(1, 2),
    )


def _source_line(assessment: Assessment, facts: CardFacts) -> Text:
    role = assessment.source_role
    name = role.publisher or facts.source or "unknown source"
    inferred = f" (inferred, {role.confidence:.0%})" if role.confidence is not None else ""
    parts = [plain(name), f"{words_of(role.publisher_type)}{inferred}"]
    if role.host and role.host != name:
        parts.insert(1, f"carried by {plain(role.host)}")
    if facts.published_at is not None:
        parts.append(f"{facts.published_at:%-d %b %Y}")
    if facts.words is not None:
        parts.append(f"{facts.words:,} words")
    return Text(" · ".join(parts), "dim")


def _spin(spin: Spin, role: SourceRole, taxonomy: Taxonomy) -> Iterator[RenderableType]:
    style = _TYPE_STYLES[spin.primary]
    name, gloss = verdict_label(spin.primary, satire=spin.satire, band=spin.band, taxonomy=taxonomy)
    head = Text.assemble((f" {name.upper()} ", f"reverse {style}"), f"  {gloss}")
    if spin.secondary is not None and (second := taxonomy.type(spin.secondary)):
        head.append(f"   also {second.name}", "dim")
    yield head
    facts = [f"tactic: {spin.tactic_name}"] if spin.tactic_name else []
    facts += [f"stance: {spin.stance}", words_of(role.intent), f"{role.independence} independence"]
    if spin.confidence is not None:
        facts.append(certainty(spin.confidence))
    yield Text(" · ".join(facts))
    yield Text()
    score = Text.assemble(
        bar(spin.score, _BAR_WIDTH, _BAND_STYLES[spin.band]),
        (f"  {spin.score}", "bold"),
        " of 100  ",
        (spin.band.value, _BAND_STYLES[spin.band]),
    )
    if spin.interval is not None:
        score.append(f"  (90 %: {spin.interval[0]}-{spin.interval[1]})", "dim")
    yield score
    if spin.emphasis:
        yield Text(plain(spin.emphasis))


def _sections(assessment: Assessment, taxonomy: Taxonomy) -> Iterator[tuple[str, RenderableType]]:
    if assessment.happening is not None:
        yield "What happened", _happening(assessment.happening)
    if assessment.findings:
        yield "What does it", _findings(assessment, taxonomy)
    if assessment.loaded_terms:
        yield "Loaded terms", _terms(assessment.loaded_terms)
    if assessment.claims:
        yield "Claims", _claims(assessment.claims)
    if assessment.left_out:
        yield "What got left out", _list(plain(omission.text) for omission in assessment.left_out)
    if assessment.missing_voices:
        yield (
            "Who does not speak",
            _list(f"{plain(v.name)}: {plain(v.why)}" for v in assessment.missing_voices),
        )
    if assessment.beneficiaries:
        yield "Who benefits", _list(f"{plain(b.name)}: {plain(b.why)}" for b in assessment.beneficiaries)
    if assessment.integrity is not None and assessment.spin is not None:
        yield "How an AI would repeat it", _integrity(assessment.integrity)
    if assessment.spin is not None:
        yield "Where the score comes from", waterfall(score_parts(assessment), assessment.spin.score)


def _happening(happening: Happening) -> Text:
    told = news(happening)
    quote = [Text(f"“{plain(told)}”", "italic")] if told else []
    return Text("\n").join([Text(happening_words(happening)), *quote])


def _findings(assessment: Assessment, taxonomy: Taxonomy) -> Table:
    findings = ranked(assessment)
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for finding in (first := shown(findings, by_model=assessment.model is not None)):
        style = _TYPE_STYLES[finding.type] if finding.type else "bold"
        entry = taxonomy.type(finding.type) if finding.type else None
        about = Text.assemble((plain(finding.label), style), (f"  {entry.name}" if entry else "", "dim"))
        if finding.voice != "document":
            about.append(f"  in the words of {plain(finding.voice)}", "dim")
        for span in finding.spans[:1]:
            about = Text("\n").join([about, quoted(span, f"bold {style}")])
        if finding.explanation not in ("", finding.label):  # the label stands in if it may not be quoted
            about = Text("\n").join([about, Text(plain(finding.explanation), "dim")])
        table.add_row(f"{finding.points / 100:+.1f}" if finding.type else "", about)
    return _with_rest(table, len(findings) - len(first))


def _terms(terms: Sequence[LoadedTerm]) -> Text:
    line = Text(" · ").join(Text(plain(term.term), _TYPE_STYLES[term.type]) for term in terms[:MAX_SHOWN])
    if len(terms) > MAX_SHOWN:
        line.append(f"  and {len(terms) - MAX_SHOWN} more", "dim")
    return line


def _claims(claims: Sequence[Claim]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for claim in claims[:_MAX_CLAIMS]:
        text = plain(claim.text) if claim.text else "(the sentence is not shown)"
        facts = Text.assemble(
            (claim.support.value, _SUPPORT_STYLES[claim.support]),
            (f" · {words_of(claim.kind)} · {words_of(claim.verification)} · risk ", "dim"),
            (claim.risk.value, _RISK_STYLES[claim.risk]),
        )
        lines = [Text(text), facts]
        if claim.missing_evidence:
            lines.append(
                Text(f"missing: {_joined([item.text for item in claim.missing_evidence[:3]])}", "dim")
            )
        table.add_row(f"{claim.number}.", Text("\n").join(lines))
    return _with_rest(table, len(claims) - _MAX_CLAIMS)


def _integrity(integrity: Integrity) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    if integrity.likely_ai_summary:
        table.add_row("likely", Text(plain(integrity.likely_ai_summary)))
    if integrity.faithful_summary:
        table.add_row("faithful", Text(plain(integrity.faithful_summary), "bold"))
    table.add_row(
        "risk",
        Text.assemble(
            (integrity.ai_repetition_risk.value, _RISK_STYLES[integrity.ai_repetition_risk]),
            f" that it is repeated as fact · evidence {integrity.evidence_strength}"
            f" · {words_of(integrity.verification)}",
        ),
    )
    return table


def _list(lines: Iterable[str]) -> Table:
    table = Table.grid(padding=(0, 1))
    rows = list(lines)
    for line in rows[:_MAX_OMISSIONS]:
        table.add_row("-", Text(line))
    return _with_rest(table, len(rows) - _MAX_OMISSIONS)


def _joined(sentences: Sequence[str]) -> str:
    """Join sentences into one list, with their common beginning only once."""
    rows = [plain(sentence).rstrip(".").split() for sentence in sentences]
    shared = 0
    for words in zip(*rows, strict=False):
        if len(set(words)) > 1 or words[0] in ("a", "an", "the"):
            break
        shared += 1
    return "; ".join(" ".join(row[shared if number else 0 :]) for number, row in enumerate(rows))


def _with_rest(table: Table, rest: int) -> Table:
    if rest > 0:
        table.add_row("", Text(f"and {rest} more", "dim"))
    return table
