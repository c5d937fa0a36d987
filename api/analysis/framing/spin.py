"""Judges the framing of a document: type, tactic, score, stance, ledger, findings, loaded terms.

Call `judge`. The engine that assembles the assessment fills in `spin.emphasis`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.analysis.framing.ablation import ablations
from api.analysis.framing.evidence import Evidence, strengths, tried
from api.analysis.framing.finding_explanations import Explainer
from api.analysis.framing.kinds import Kind, kind
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.ledger import ledger
from api.analysis.framing.loaded_terms import loaded_terms
from api.analysis.framing.places import Place, finding_id, places
from api.analysis.framing.scoring import MeasureEffects, Scored, measure_effects, reading_beyond, score
from api.analysis.framing.shown_phrases import shown_places
from api.analysis.framing.term_tactics import rule_of
from api.analysis.framing.unfitted import fitted
from api.analysis.models.weights import Weights, weights
from api.analysis.text.document import Text
from api.analysis.text.rulings import Ruling
from api.analysis.text.signals import Measure
from api.analysis.text.spans import spans
from schemas.assessments import Ablation, Finding, LedgerRow, LoadedTerm, Spin
from schemas.enums import SpinType, Stance
from schemas.taxonomy import Taxonomy

_CONFIDENCE_DIGITS = 3  # the calibration error is about .03


@dataclass(frozen=True)
class Judgement:
    """The judgement on one document, and its measures. `spin.emphasis` is None."""

    spin: Spin
    ledger: list[LedgerRow]
    findings: list[Finding]
    loaded_terms: list[LoadedTerm]
    ablations: list[Ablation]
    measures: list[Measure]


@dataclass(frozen=True)
class Grounds:
    """The inputs of a judgement, from which it can be computed again without reading the text.

    `terms` are the evidence and the hits that hardly steer, among which are loaded terms.
    """

    evidence: list[Evidence]
    measures: list[Measure]
    words: int
    terms: Sequence[Evidence] = ()


def judge(
    document: Text,
    taxonomy: Taxonomy,
    rulings: Sequence[Ruling] = (),
    *,
    facts: Sequence[Measure] = (),
    table: Weights | None = None,
) -> Judgement:
    """Type, tactic, score and their grounds, by the weights of `table`, by default the shipped ones.

    `facts` are measures beside the text's own. Equal arguments give an equal judgement.
    """
    table = table or weights()
    grounds = grounds_of(document, rulings, table, facts)
    effects = measure_effects(grounds.measures, table)
    scored, verdict_kind = weigh(grounds, table, effects)
    findings = shown_places(document, grounds.evidence, places(grounds.evidence))
    terms = loaded_terms(document, grounds.terms, verdict_kind.primary)
    return Judgement(
        spin=_spin(scored, verdict_kind, taxonomy, table),
        ledger=ledger(grounds.evidence, findings, grounds.measures, scored, grounds.words, table.score),
        findings=_findings(document, grounds.evidence, findings, scored, verdict_kind),
        loaded_terms=terms,
        ablations=ablations(grounds.evidence, findings, grounds.words, effects, table, terms),
        measures=grounds.measures,
    )


def grounds_of(
    document: Text,
    rulings: Sequence[Ruling] = (),
    table: Weights | None = None,
    facts: Sequence[Measure] = (),
) -> Grounds:
    """The evidence (without mass if a ruling dismisses it), the measures, and the number of words.

    Detectors without weights in `table`, by default the shipped ones, are omitted. Rulings do not change what
    the model reads beyond findings and measures.
    """
    table = table or weights()
    words = len(document.text.split())
    measured = [*document.model_measures(), *facts]
    found = tried(document, (), fitted(table))
    evidence = [item for item in found if item.steers]
    if document.estimate is not None:
        measured.append(reading_beyond(document.estimate, evidence, measured, words, table))
    if rulings:
        found = tried(document, rulings, fitted(table))
    return Grounds([item for item in found if item.steers], measured, words, found)


def weigh(
    grounds: Grounds, table: Weights | None = None, effects: MeasureEffects | None = None
) -> tuple[Scored, Kind]:
    """Score and kind of the grounds by `table`, by default the shipped weights.

    `effects` are the measures' effects, if already computed.
    """
    table = table or weights()
    effects = effects or measure_effects(grounds.measures, table)
    scored = score(grounds.evidence, effects, grounds.words, table.score)
    detector_strengths = strengths(grounds.evidence, grounds.words)
    return scored, kind(detector_strengths, effects, scored.score, table)


def _spin(scored: Scored, verdict_kind: Kind, taxonomy: Taxonomy, table: Weights) -> Spin:
    tactic = taxonomy.tactic(verdict_kind.tactic) if verdict_kind.tactic else None
    step = next(s for s in table.interval if scored.score <= s.up_to)
    return Spin(
        primary=verdict_kind.primary,
        secondary=verdict_kind.secondary,
        tactic=verdict_kind.tactic if verdict_kind.primary is not SpinType.NONE else None,
        tactic_name=tactic.name if tactic else None,
        score=scored.score,
        band=next(b.band for b in taxonomy.bands if b.low <= scored.score <= b.high),
        confidence=round(verdict_kind.probability, _CONFIDENCE_DIGITS),
        interval=(max(scored.score - step.below, 0), min(scored.score + step.above, 100)),
        stance=verdict_kind.stance,
        satire=verdict_kind.satire,
        emphasis=None,
    )


def _findings(
    document: Text, evidence: Sequence[Evidence], found: Sequence[Place], scored: Scored, verdict_kind: Kind
) -> list[Finding]:
    explainer = Explainer(document, blames=verdict_kind.stance is Stance.CRITICAL)
    return [
        _finding(explainer, evidence, number, place, scored, verdict_kind.primary)
        for number, place in enumerate(found)
    ]


def _finding(
    explainer: Explainer,
    evidence: Sequence[Evidence],
    number: int,
    place: Place,
    scored: Scored,
    primary: SpinType,
) -> Finding:
    document, leading = explainer.document, evidence[place.items[0]]
    rule, tactic = leading.detector, leading.detector.tactic
    explaining = rule
    if rule.code in LEARNED_CODES and rule.type is not None:
        typical = rule_of(document, rule.type, place.start, place.end)
        tactic = typical.tactic if typical else None
        explaining = typical or rule
    return Finding(
        id=finding_id(number),
        rule=rule.code,
        label=rule.label,
        explanation=explainer.explain(
            explaining,
            leading.hit,
            place,
            own_type=rule.type is primary,
            found=explaining is rule,
        ),
        type=rule.type,
        tactic=tactic,
        voice=leading.voice,
        points=scored.points_at(place.items),
        spans=spans(document.text, place.start, place.end),
        rules=list(dict.fromkeys(evidence[item].detector.code for item in place.items)),
        chance=round(100 * document.chance(place.start, place.end)),
    )
