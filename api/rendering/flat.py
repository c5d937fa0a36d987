"""The flat form of an assessment, one object per line, for evaluation against labelled stories."""

from api.rendering.sentences import news
from schemas.assessments import Assessment
from schemas.taxonomy import Taxonomy

NO_TACTIC = "none"


def flat(assessment: Assessment, taxonomy: Taxonomy) -> dict[str, object]:
    """The assessment in flat form; claims best first. A text without a score: `{"status": "not_scorable"}`."""
    spin = assessment.spin
    if spin is None or assessment.integrity is None:
        return {"status": "not_scorable"}
    happening = assessment.happening
    tactic = taxonomy.tactic(spin.tactic) if spin.tactic else None
    return {
        "score": spin.score,
        "primary": spin.primary.value,
        "secondary": spin.secondary.value if spin.secondary else None,
        "stance": spin.stance.value,
        "tactic": tactic.name.lower() if tactic else NO_TACTIC,
        "loaded_terms": [term.term for term in assessment.loaded_terms],
        "claims": [
            {"text": claim.text, "kind": claim.kind.value, "support": claim.support.value}
            for claim in assessment.claims
        ],
        "evidence_strength": assessment.integrity.evidence_strength.value,
        "confidence": spin.confidence,
        "interval": list(spin.interval) if spin.interval else None,
        "event": happening.kind.value if happening else None,
        "subject": happening.subject if happening else None,
        "news": news(happening) if happening else None,
    }
