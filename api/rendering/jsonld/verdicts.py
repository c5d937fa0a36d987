"""A verdict as a Review of the original's framing. A higher rating is more spin, not a better text."""

from collections.abc import Iterator
from typing import Final

from api.rendering.jsonld.claims import claim_address, claim_node
from api.rendering.jsonld.graph import Node, graph, node, ref, timed
from api.rendering.jsonld.originals import original_address, original_node
from api.rendering.jsonld.passages import passages
from api.rendering.jsonld.sources import publisher_address, publisher_node, source_node
from api.rendering.jsonld.taxonomy import tactic_address, type_address
from api.rendering.plain_text import plain, words_of
from api.rendering.sentences import band_words
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.assessments import Finding, Spin
from schemas.enums import Band, HappeningKind, SpinType
from schemas.verdicts import Verdict

# sorts of text that tell no event
_NO_EVENTS: Final = frozenset(
    {
        HappeningKind.TREND_OR_ARGUMENT,
        HappeningKind.PROFILE_OR_INTERVIEW,
        HappeningKind.HOW_TO_OR_REFERENCE,
        HappeningKind.REVIEW_OR_DEAL,
        HappeningKind.NO_EVENT,
    }
)


def verdict_graph(verdict: Verdict, subject: Subject, site: Site) -> Node:
    """One version, with its claims."""
    nodes = [
        verdict_node(verdict, subject, site),
        *(claim_node(claim, subject, site) for claim in verdict.claims),
        original_node(subject, site),
        source_node(subject.source, site),
        publisher_node(site),
    ]
    return graph(nodes, site)


def verdict_address(verdict_id: str, site: Site) -> str:
    """The address of this version."""
    return site.at("verdicts", verdict_id) + "#verdict"


def verdict_node(verdict: Verdict, subject: Subject, site: Site) -> Node:
    properties = {
        "itemReviewed": ref(original_address(subject)),
        "reviewAspect": "spin",
        "author": ref(publisher_address(site)),
        "datePublished": timed(verdict.created_at),
        "version": verdict.version,
        "license": site.license,
        "inLanguage": verdict.model.language if verdict.model else "en",
        "creditText": credit(verdict),
        "about": [*_terms(verdict.spin, site), *_happening(verdict, subject, site)],
        "mentions": [ref(claim_address(claim, site)) for claim in verdict.claims],
        "unspun:status": verdict.status.value,
        "unspun:reason": verdict.reason.value,
        "unspun:engine": f"{verdict.engine.name} {verdict.engine.version}",
        "unspun:taxonomyVersion": verdict.taxonomy_version,
        "unspun:textSha256": verdict.text_sha256,
        "unspun:happening": verdict.happening.kind.value if verdict.happening else None,
        "unspun:contested": verdict.agreement.contested if verdict.agreement else None,
        "unspun:calibrated": verdict.model.calibrated if verdict.model else None,
        "unspun:machineMade": verdict.provenance.machine_made,
        "unspun:humanReviewed": verdict.provenance.human_reviewed,
        "unspun:intent": verdict.source_role.intent.value,
        "unspun:independence": verdict.source_role.independence.value,
        **_sentences(verdict),
    }
    if verdict.spin is not None:
        properties |= _rated(verdict.spin)
    elif verdict.not_scorable is not None:
        properties["unspun:notScorable"] = verdict.not_scorable.reason.value
        properties["reviewBody"] = verdict.not_scorable.detail
    properties["unspun:finding"] = [
        _finding(finding, verdict, subject, site)
        for finding in verdict.findings
        if finding.points or finding.type is None
    ]
    return node(verdict_address(verdict.id or "", site), "Review", properties)


def credit(verdict: Verdict) -> str:
    """Who made it and whether a person reviewed it: readers must know that it is machine-made."""
    reviewed = "reviewed by a person" if verdict.provenance.human_reviewed else "not reviewed by a person"
    model = f" with the language model {verdict.model.name}" if verdict.model else ""
    return f"Machine-made by the engine {verdict.engine.name} {verdict.engine.version}{model}, {reviewed}."


def _sentences(verdict: Verdict) -> Node:
    """The sentences and lists of the verdict."""
    integrity = verdict.integrity
    properties: Node = {
        "reviewBody": plain(verdict.deck) if verdict.deck else None,
        "unspun:frame": verdict.frame,
        "unspun:objective": verdict.objective,
        "unspun:loadedTerm": [plain(term.term) for term in verdict.loaded_terms],
        "unspun:leftOut": [omission.text for omission in verdict.left_out or ()],
        "unspun:missingVoice": [plain(voice.name) for voice in verdict.missing_voices or ()],
        "unspun:beneficiary": [plain(beneficiary.name) for beneficiary in verdict.beneficiaries or ()],
    }
    if integrity is not None:
        properties |= {
            "unspun:evidenceStrength": integrity.evidence_strength.value,
            "unspun:verification": integrity.verification.value,
            "unspun:narrativeRisk": integrity.narrative_risk.value,
            "unspun:repetitionRisk": integrity.ai_repetition_risk.value,
            "unspun:likelySummary": integrity.likely_ai_summary,
            "unspun:faithfulSummary": integrity.faithful_summary,
        }
    return properties


def rating_node(score: int, band: Band, interval: tuple[int, int] | None) -> Node:
    low, high = interval or (None, None)
    within = f" With a probability of 90 % it lies between {low} and {high}." if interval else ""
    return node(
        None,
        "Rating",
        {
            "ratingValue": score,
            "worstRating": 0,
            "bestRating": 100,
            "alternateName": band_words(band).capitalize(),
            "ratingExplanation": f"0 is no spin, 100 nothing but spin: more, not better.{within}",
        },
    )


def _rated(spin: Spin) -> Node:
    low, high = spin.interval or (None, None)
    return {
        "reviewRating": rating_node(spin.score, spin.band, spin.interval),
        "unspun:primaryType": spin.primary.value,
        "unspun:secondaryType": spin.secondary.value if spin.secondary else None,
        "unspun:tactic": spin.tactic,
        "unspun:stance": spin.stance.value,
        "unspun:satire": True if spin.satire else None,
        "unspun:confidence": spin.confidence,
        "unspun:scoreLow": low,
        "unspun:scoreHigh": high,
    }


def _terms(spin: Spin | None, site: Site) -> Iterator[Node]:
    if spin is None:
        return
    for code in (spin.primary, spin.secondary):
        if code is not None and code is not SpinType.NONE:
            yield ref(type_address(code, site))
    if spin.tactic and (address := tactic_address(spin.tactic, site)):
        yield ref(address)


def _happening(verdict: Verdict, subject: Subject, site: Site) -> Iterator[Node]:
    """The news of the text: an event, if it tells one."""
    happening = verdict.happening
    if happening is not None:
        yield node(
            f"{site.at('verdicts', verdict.id or '')}#happening",
            "Thing" if happening.kind in _NO_EVENTS else "Event",
            {
                "name": words_of(happening.kind),
                "unspun:subject": plain(happening.subject) if happening.subject else None,
                "unspun:passage": passages(happening.spans, subject, site),
            },
        )


def _finding(finding: Finding, verdict: Verdict, subject: Subject, site: Site) -> Node:
    return node(
        f"{site.at('verdicts', verdict.id or '')}#{finding.id}",
        "unspun:Finding",
        {
            "name": finding.label,
            "description": finding.explanation,
            "unspun:rule": finding.all_rules,
            "unspun:spinType": finding.type.value if finding.type else None,
            "unspun:tactic": finding.tactic,
            "unspun:voice": plain(finding.voice),
            "unspun:points": finding.points,
            "unspun:passage": passages(finding.spans, subject, site),
        },
    )
