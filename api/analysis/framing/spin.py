"""The judgement on the framing: evidence to type, tactic, score, stance, ledger, findings, loaded terms.

`judge(document, taxonomy, rulings)` is the one door. It returns a `Judgement`; the engine that assembles an
assessment fills in `spin.emphasis` with `msgspec.structs.replace`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.analysis.framing.ablation import ablations
from api.analysis.framing.evidence import Evidence, gather, strengths
from api.analysis.framing.kinds import Kind, kind
from api.analysis.framing.ledger import finding_id, ledger
from api.analysis.framing.loaded_terms import loaded_terms
from api.analysis.framing.scoring import Heard, Scored, hear, score
from api.analysis.framing.unfitted import fitted
from api.analysis.models.weights import Weights, weights
from api.analysis.models.wording_measures import wording_measures
from api.analysis.text.document import Text
from api.analysis.text.features import measures
from api.analysis.text.rulings import Ruling
from api.analysis.text.shown_words import named_words
from api.analysis.text.signals import Measure
from api.analysis.text.spans import spans
from schemas.assessments import Ablation, Finding, LedgerRow, LoadedTerm, Spin
from schemas.enums import SpinType
from schemas.taxonomy import Taxonomy

_SHOWN = 80  # characters of a finding's words inside its explanation; the span holds them all
_CONFIDENCE_DIGITS = 3  # the calibration's own error is about .03, so more would pretend


@dataclass(frozen=True)
class Judgement:
    """What the detectors and the weights say of one document, and what was measured. `spin.emphasis` is None."""

    spin: Spin
    ledger: list[LedgerRow]
    findings: list[Finding]
    loaded_terms: list[LoadedTerm]
    ablations: list[Ablation]
    measures: list[Measure]


@dataclass(frozen=True)
class Grounds:
    """What a judgement rests on; enough to weigh it anew without reading the text again."""

    evidence: list[Evidence]
    measures: list[Measure]
    words: int


def judge(
    document: Text, taxonomy: Taxonomy, rulings: Sequence[Ruling] = (), *, table: Weights | None = None
) -> Judgement:
    """Type, tactic, score and their grounds, by the weights of `table`, else by the shipped ones.

    Equal arguments give an equal judgement.
    """
    table = table or weights()
    grounds = grounds_of(document, rulings, table)
    heard = hear(grounds.measures, table)
    scored, said = weigh(grounds, table, heard)
    terms = loaded_terms(document, grounds.evidence, scored)
    return Judgement(
        spin=_spin(scored, said, taxonomy, table),
        ledger=ledger(grounds.evidence, grounds.measures, scored),
        findings=_findings(document, grounds.evidence, scored),
        loaded_terms=terms,
        ablations=ablations(grounds.evidence, grounds.words, heard, table, terms),
        measures=grounds.measures,
    )


def grounds_of(document: Text, rulings: Sequence[Ruling] = (), table: Weights | None = None) -> Grounds:
    """The evidence (without weight where a ruling dismisses it), the measures, and the number of words.

    Detectors that `table` does not know, else the shipped one, are left out.
    """
    measured = measures(document) + wording_measures(document) + document.other_measures()
    found = gather(document, rulings, fitted(table or weights()))
    return Grounds(found, measured, len(document.text.split()))


def weigh(grounds: Grounds, table: Weights | None = None, heard: Heard | None = None) -> tuple[Scored, Kind]:
    """The score and the kind that the grounds give by a table, else by the shipped one.

    `heard` is what the measures say, where it is known already.
    """
    table = table or weights()
    heard = heard or hear(grounds.measures, table)
    scored = score(grounds.evidence, heard, grounds.words, table.score)
    found = strengths(grounds.evidence, grounds.words)
    return scored, kind(found, heard, scored.score, table)


def _spin(scored: Scored, said: Kind, taxonomy: Taxonomy, table: Weights) -> Spin:
    tactic = taxonomy.tactic(said.tactic) if said.tactic else None
    step = next(s for s in table.interval if scored.score <= s.up_to)
    return Spin(
        primary=said.primary,
        secondary=said.secondary,
        tactic=said.tactic if said.primary is not SpinType.NONE else None,
        tactic_name=tactic.name if tactic else None,
        score=scored.score,
        band=next(b.band for b in taxonomy.bands if b.low <= scored.score <= b.high),
        confidence=round(said.probability, _CONFIDENCE_DIGITS),
        interval=(max(scored.score - step.below, 0), min(scored.score + step.above, 100)),
        stance=said.stance,
        satire=said.satire,
        emphasis=None,
    )


def _findings(document: Text, evidence: Sequence[Evidence], scored: Scored) -> list[Finding]:
    return [
        Finding(
            id=finding_id(number),
            rule=item.detector.code,
            label=item.detector.label,
            explanation=_explained(document, item),
            type=item.detector.type,
            tactic=item.detector.tactic,
            voice=item.voice,
            points=points,
            spans=spans(document.text, item.hit.start, item.hit.end),
        )
        for number, (item, points) in enumerate(zip(evidence, scored.findings, strict=True))
    ]


def _explained(document: Text, item: Evidence) -> str:
    sentence = document.sentence_at(item.hit.start)
    words = named_words(document.text, item.hit.start, item.hit.end, sentence.start, sentence.end)
    if len(words) > _SHOWN:
        words = words[:_SHOWN].rsplit(" ", 1)[0] + " …"
    return item.detector.explanation.replace("{words}", words)
