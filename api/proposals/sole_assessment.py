"""The assessment by a language model alone, of a text that the rules cannot read.

A field of which nothing survived is null, and so is one that only a parse or English lists could fill: entities,
voices, missing voices, keywords, figures, answered questions, hedges, missing evidence. The arithmetic is ours:
score, ledger, and the risks, which follow from the judgement as they do in the rules.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

from msgspec.structs import replace

from api.analysis.people.source_role import source_role
from api.analysis.prose.integrity import SHORT, narrative_risk, verification_of
from api.analysis.text.document import Text
from api.proposals.grounded import GroundedClaim, GroundedJudgement, GroundedProse
from api.proposals.second_assessment import (
    FIELDS,
    NO_MECHANICS,
    NO_PROSE,
    OF_SPIN,
    judged_claim,
    judged_role,
    judged_spin,
    one_a_sentence,
    pairs_of,
    questions_of,
    whole_sentence,
    written_by,
)
from schemas.assessments import Assessment, Integrity, LoadedTerm, Mechanics
from schemas.enums import ClaimRole, ClaimSupport, Risk, StoryStatus, Writer
from schemas.taxonomy import Taxonomy

_RISKS: Final = {
    ClaimSupport.SHOWN: Risk.LOW,
    ClaimSupport.ATTRIBUTED: Risk.LOW,
    ClaimSupport.ASSERTED: Risk.MODERATE,
}
_HIGH, _MODERATE = 4, 2  # points of the risk of repetition, as in the rules
# What a judgement gives, if only an empty list, and what follows from it.
_JUDGED: Final = OF_SPIN | {
    "findings", "loaded_terms", "claims", "happening", "beneficiaries", "left_out", "questions_raised",
    "integrity.evidence_strength", "integrity.verification", "integrity.narrative_risk",
    "integrity.ai_repetition_risk", "integrity.likely_ai_summary",
}  # fmt: skip
_OF_RECORD: Final = frozenset({"source_role.publisher", "source_role.publisher_type"})
Value = TypeVar("Value")


def sole_assessment(
    document: Text,
    taxonomy: Taxonomy,
    refused: Assessment,
    judgement: GroundedJudgement,
    prose: GroundedProse | None,
) -> tuple[Assessment, set[str]]:
    """The assessment, with the engine of `refused`, and the paths of the fields that the model wrote.

    `refused` is the rules' refusal of the text.
    """
    prose = prose or NO_PROSE
    mechanics = Mechanics(
        plain_english=prose.plain_english,
        believe=prose.believe,
        hard_to_question=prose.hard_to_question,
        how=prose.how,
    )
    role = source_role(document, [], [], judgement.stance)
    role, own = judged_role(role, judgement, document.article)
    found, numbers = one_a_sentence([whole_sentence(document, claim) for claim in judgement.claims])
    claims = [
        judged_claim(claim, number, [], _RISKS[claim.support]) for number, claim in enumerate(found, start=1)
    ]
    tactic = taxonomy.tactic(judgement.tactic or "")
    likely, faithful = prose.likely_summary, prose.faithful_summary
    if not (likely and faithful):  # one statement in two forms
        likely = faithful = None
    assessment = replace(
        refused,
        status=StoryStatus.SCORED,
        not_scorable=None,
        spin=judged_spin(judgement, tactic, prose.emphasis),
        ledger=judgement.ledger,
        findings=judgement.findings,
        loaded_terms=_in_order(judgement),
        ablations=None,
        happening=judgement.happening,
        deck=prose.deck,
        summary=prose.summary,
        tldr=prose.tldr,
        keywords=[],
        key_stats=None,
        questions_answered=None,
        frame=prose.frame,
        objective=prose.objective,
        mechanics=None if mechanics == NO_MECHANICS else mechanics,
        spin_vs_substance=_found(pairs_of(prose)),
        questions_raised=_found(questions_of(prose, numbers)),
        beneficiaries=_found(judgement.published_beneficiaries),
        left_out=_found(judgement.published_left_out),
        integrity=Integrity(
            evidence_strength=judgement.evidence_strength,
            verification=verification_of(claims),
            narrative_risk=narrative_risk(judgement.band, judgement.evidence_strength, role.independence),
            narrative_risk_reasons=[],
            ai_repetition_risk=_repetition_risk(document, found),
            ai_repetition_risk_reasons=[],
            likely_ai_summary=likely,
            faithful_summary=faithful,
        ),
        source_role=role,
        voices=None,
        missing_voices=None,
        entities=None,
        claims=claims,
        categories=[],
        vertical=None,
    )
    prosaic = {path for path in FIELDS if path.rpartition(".")[2] in GroundedProse.__struct_fields__}
    return assessment, (own | _JUDGED | prosaic) - (set() if prose.tldr else {"tldr"})


def sole_writers(assessment: Assessment, own: set[str], model: Writer) -> dict[str, Writer]:
    """The writer of each field: nobody, if it is neither the model's nor read from the record."""
    writers = written_by(assessment, own, model)
    return {path: who if path in own | _OF_RECORD else Writer.NONE for path, who in writers.items()}


def _found(values: list[Value]) -> list[Value] | None:
    """None for an empty list: nothing survived."""
    return values or None


def _in_order(judgement: GroundedJudgement) -> list[LoadedTerm]:
    """Those of the type first, in text order."""
    return sorted(
        judgement.loaded_terms, key=lambda term: (term.type is not judgement.primary, term.spans[0].start)
    )


def _repetition_risk(document: Text, claims: Sequence[GroundedClaim]) -> Risk:
    """How easily a summary would repeat the central claim as fact; words that limit it are not known."""
    central = next((claim for claim in claims if claim.role is ClaimRole.PRIMARY), None)
    if central is None:
        return Risk.LOW
    points = 2 * (central.support is ClaimSupport.ASSERTED) - 2 * (central.support is ClaimSupport.SHOWN)
    points += document.sentence_at(central.spans[0].start).role != "body"
    points += len(central.text) <= SHORT
    return Risk.HIGH if points >= _HIGH else Risk.MODERATE if points >= _MODERATE else Risk.LOW
