"""The assessment by a language model: what survived of its answers, laid over the assessment of the rules.

The model judges, and writes the sentences. The rules keep what they count (entities, voices, figures, keywords,
categories, answered questions, risks, hedges, missing evidence), and fill a field of which nothing survived. They
fill a sentence that explains the framing only if both judges see the same type, else the field is null. Likely
and faithful summary are one statement in two forms, so both are by one writer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from api.analysis.claims.claim_hedges import claim_hedges, softens
from api.analysis.claims.claims import CentralClaim, risk_of, with_missing
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.missing_evidence import missing_evidence
from api.analysis.content.missing_voices import missing_voice
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import sentence_features
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.prose.integrity import verification_of
from api.analysis.text.article import Article
from api.analysis.text.document import Text
from api.analysis.text.spans import spans
from api.proposals.grounded import Drops, GroundedClaim, GroundedJudgement, GroundedProse
from schemas.assessments import (
    Assessment,
    Claim,
    Happening,
    Integrity,
    LoadedTerm,
    Mechanics,
    MissingVoice,
    Question,
    SourceRole,
    Spin,
    SpinSide,
    SpinVsSubstance,
)
from schemas.enums import Risk, SourceType, SpinType, Writer
from schemas.taxonomy import Tactic, Taxonomy

# The fields that readers see, by their paths in the assessment.
FIELDS: Final = (
    "spin.primary", "spin.secondary", "spin.tactic", "spin.score", "spin.stance", "spin.emphasis",
    "findings", "loaded_terms", "happening", "deck", "summary", "tldr", "keywords", "key_stats",
    "questions_answered", "frame", "objective", "mechanics.plain_english", "mechanics.believe",
    "mechanics.hard_to_question", "mechanics.how", "spin_vs_substance", "questions_raised", "beneficiaries",
    "left_out", "integrity.evidence_strength", "integrity.verification", "integrity.narrative_risk",
    "integrity.ai_repetition_risk", "integrity.likely_ai_summary", "integrity.faithful_summary",
    "source_role.publisher", "source_role.publisher_type", "source_role.intent", "source_role.independence",
    "voices", "missing_voices", "entities", "claims", "categories",
)  # fmt: skip
NO_PROSE: Final = GroundedProse(
    deck=None, emphasis=None, frame=None, objective=None, plain_english=None, believe=None,
    hard_to_question=None, how=None, likely_summary=None, faithful_summary=None, summary=None, tldr=[],
    questions=[], spin_vs_substance=[], plain_terms=[], drops=Drops(passed=0, repaired=0, dropped={}),
    dropped_share=0.0,
)  # fmt: skip
# Those that the judgement always gives.
OF_SPIN: Final = frozenset({"spin.primary", "spin.secondary", "spin.tactic", "spin.score", "spin.stance"})
NO_MECHANICS: Final = Mechanics(plain_english=None, believe=None, hard_to_question=None, how=None)
NOBODY: Final = "Nobody of them speaks in the text."
Value = TypeVar("Value")


def written_by(assessment: Assessment, own: set[str], model: Writer) -> dict[str, Writer]:
    """The writer of each field: the model if it is in `own`, nobody if it is null, else the rules."""
    return {
        path: Writer.NONE if _at(assessment, path) is None else model if path in own else Writer.RULES
        for path in FIELDS
    }


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return value


def second_assessment(
    document: EncodedDocument,
    taxonomy: Taxonomy,
    rules: Assessment,
    judgement: GroundedJudgement,
    prose: GroundedProse | None,
) -> tuple[Assessment, set[str]]:
    """The assessment, with the engine of `rules`, and the paths of the fields that the model wrote.

    `rules` is that of the same document, and no satire.
    """
    merging = _Merging(document, taxonomy, rules, judgement, prose or NO_PROSE)
    return merging.assessment(), merging.own


class _Merging:
    """One assessment over another."""

    def __init__(
        self,
        document: EncodedDocument,
        taxonomy: Taxonomy,
        rules: Assessment,
        judgement: GroundedJudgement,
        prose: GroundedProse,
    ) -> None:
        assert rules.spin is not None, "the rules have scored the text"
        assert rules.integrity is not None, "the rules fill it for every text that they score"
        self.own: set[str] = set()
        self._document = document
        self._taxonomy = taxonomy
        self._rules = rules
        self._rated = rules.integrity
        self._judgement = judgement
        self._prose = prose
        self._numbers: dict[int, int] = {}  # of claims, by those of the judgement
        self._is_of_one_type = rules.spin.primary is judgement.primary
        self._is_plain = rules.spin.primary is SpinType.NONE

    def assessment(self) -> Assessment:
        rules, judgement, prose, of_type = self._rules, self._judgement, self._prose, self._is_of_one_type
        happening = self._field("happening", judgement.happening, rules.happening)
        spin = self._spin()
        claims = self._claims(spin, happening)
        self.own |= {"findings", "loaded_terms"}
        return replace(
            rules,
            spin=spin,
            ledger=judgement.ledger,
            findings=judgement.findings,
            loaded_terms=self._terms(),
            ablations=None,
            happening=happening,
            # a deck of the rules on a text without a type tells the news alone
            deck=self._field("deck", prose.deck, rules.deck, fits=of_type or self._is_plain),
            summary=self._field("summary", prose.summary, rules.summary),
            tldr=self._field("tldr", prose.tldr, rules.tldr) or [],
            frame=self._field("frame", prose.frame, rules.frame, fits=of_type),
            objective=self._field("objective", prose.objective, rules.objective, fits=of_type),
            mechanics=self._mechanics(),
            spin_vs_substance=self._field(
                "spin_vs_substance",
                pairs_of(prose),
                rules.spin_vs_substance,
                fits=of_type,
            ),
            questions_raised=self._field(
                "questions_raised",
                questions_of(prose, self._numbers),
                rules.questions_raised,
            ),
            beneficiaries=self._field(
                "beneficiaries", judgement.published_beneficiaries, rules.beneficiaries, fits=of_type
            ),
            left_out=self._field("left_out", judgement.published_left_out, rules.left_out),
            integrity=self._integrity(claims),
            source_role=self._source_role(),
            missing_voices=self._field(
                "missing_voices", self._missing_voices(happening), rules.missing_voices
            ),
            claims=claims,
        )

    def _field(
        self, path: str, own: Value | None, others: Value | None, *, fits: bool = True
    ) -> Value | None:
        """The model's value, else that of the rules if it fits, else null."""
        if own:
            self.own.add(path)
            return own
        return others if fits else None

    def _spin(self) -> Spin:
        assert self._rules.spin is not None
        self.own |= OF_SPIN
        emphasis = self._field(
            "spin.emphasis", self._prose.emphasis, self._rules.spin.emphasis, fits=self._is_of_one_type
        )
        return judged_spin(self._judgement, self._tactic(), emphasis)

    def _tactic(self) -> Tactic | None:
        """The rules' if both see the type and the model has a finding of it: they learned it from readers."""
        assert self._rules.spin is not None
        learned, own = self._rules.spin.tactic, self._judgement.tactic
        found = {finding.tactic for finding in self._judgement.findings}
        if self._is_of_one_type and learned in found and learned != own:
            self.own.discard("spin.tactic")
            return self._taxonomy.tactic(learned or "")
        return self._taxonomy.tactic(own or "")

    def _mechanics(self) -> Mechanics | None:
        rules = self._rules.mechanics or NO_MECHANICS
        found = {
            name: self._field(
                f"mechanics.{name}",
                getattr(self._prose, name),
                getattr(rules, name),
                fits=self._is_of_one_type,
            )
            for name in Mechanics.__struct_fields__
        }
        mechanics = Mechanics(**found)
        return None if mechanics == NO_MECHANICS else mechanics

    def _integrity(self, claims: list[Claim]) -> Integrity:
        self.own.add("integrity.evidence_strength")
        if "claims" in self.own:
            self.own.add("integrity.verification")
        likely, faithful = self._prose.likely_summary, self._prose.faithful_summary
        if likely and faithful:
            self.own |= {"integrity.likely_ai_summary", "integrity.faithful_summary"}
        else:
            likely, faithful = self._rated.likely_ai_summary, self._rated.faithful_summary
        return replace(
            self._rated,
            evidence_strength=self._judgement.evidence_strength,
            verification=verification_of(claims),
            likely_ai_summary=likely,
            faithful_summary=faithful,
        )

    def _source_role(self) -> SourceRole:
        role, own = judged_role(self._rules.source_role, self._judgement, self._document.article)
        self.own |= own
        return role

    def _missing_voices(self, happening: Happening | None) -> list[MissingVoice]:
        voices = self._rules.voices or []
        found = (
            missing_voice(self._document, code, happening, voices) for code in self._judgement.missing_parties
        )
        # the table's reasons fit its own choice, which is not the model's
        return [replace(voice, why=NOBODY) for voice in found if voice is not None]

    def _terms(self) -> list[LoadedTerm]:
        """Those of the type first, then those that more readers would mark."""

        def order(term: LoadedTerm) -> tuple[bool, float, int]:
            first, last = term.spans[0], term.spans[-1]
            chance = self._document.chance(first.start, last.end)
            return term.type is not self._judgement.primary, -chance, first.start

        return sorted(self._judgement.loaded_terms, key=order)

    def _claims(self, spin: Spin, happening: Happening | None) -> list[Claim]:
        """The model's, with the hedges, risk and missing evidence that the rules find in their sentences."""
        if not self._judgement.claims:
            return self._rules.claims
        self.own.add("claims")
        document, features = self._document, sentence_features(self._document)
        found: list[CentralClaim] = []
        whole, self._numbers = one_a_sentence([self._whole(claim) for claim in self._judgement.claims])
        for number, claim in enumerate(whole, start=1):
            sentence = document.sentence_at(claim.spans[0].start)
            hedges = claim_hedges(document.text, sentence)
            risk = risk_of(claim.support, features[sentence.index], hedged=softens(hedges))
            central = judged_claim(claim, number, hedges, risk)
            found.append(CentralClaim(central, sentence, features[sentence.index]))
        claims = tuple(found)
        phrases = KeyPhrases(document, NounChunks(document), claims)
        return with_missing(claims, missing_evidence(document, claims, phrases, spin, happening))

    def _whole(self, claim: GroundedClaim) -> GroundedClaim:
        """The claim as a sentence: as the rules cut it, else the whole sentence if it has one speaker."""
        document = self._document
        sentence = document.sentence_at(claim.spans[0].start)
        for other in self._rules.claims:
            if other.spans and document.sentence_at(other.spans[0].start).index == sentence.index:
                return replace(claim, text=other.text or claim.text, spans=other.spans)
        return whole_sentence(document, claim)


def judged_spin(judgement: GroundedJudgement, tactic: Tactic | None, emphasis: str | None) -> Spin:
    """The judgement's verdict; interval and confidence of a model's scores are not known."""
    return Spin(
        primary=judgement.primary,
        secondary=judgement.secondary,
        tactic=tactic.code if tactic else None,
        tactic_name=tactic.name if tactic else None,
        score=judgement.score,
        band=judgement.band,
        confidence=None,
        interval=None,
        stance=judgement.stance,
        satire=False,
        emphasis=emphasis,
    )


def judged_role(
    role: SourceRole, judgement: GroundedJudgement, article: Article
) -> tuple[SourceRole, set[str]]:
    """The role as judged, and the paths of the model's fields.

    The publisher's name stays; so does a type that the record gives.
    """
    source = judgement.source
    if source is None:
        return role, set()
    own = {"source_role.intent", "source_role.independence"}
    role = replace(role, intent=source.intent, independence=source.independence)
    if article.source.type is not SourceType.OTHER:
        return role, own
    own.add("source_role.publisher_type")
    return replace(role, publisher_type=source.publisher_type, confidence=None), own


def questions_of(prose: GroundedProse, numbers: Mapping[int, int]) -> list[Question]:
    """The open questions; `numbers` are those of the published claims, by those of the judgement."""
    return [
        Question(question=q.question, claim=numbers.get(q.claim or 0), item=q.item, spans=q.spans)
        for q in prose.questions
    ]


def whole_sentence(document: Text, claim: GroundedClaim) -> GroundedClaim:
    """The claim as its whole sentence, if that has one speaker."""
    sentence = document.sentence_at(claim.spans[0].start)
    if claim.voice != document.main_voice(sentence):
        return claim
    places = spans(document.text, sentence.start, sentence.end)
    return replace(claim, text=" ".join(sentence.text.split()), spans=places)


def one_a_sentence(claims: Sequence[GroundedClaim]) -> tuple[list[GroundedClaim], dict[int, int]]:
    """The first claim of each place, and the number of each claim among them, by its own number, from 1."""
    found: dict[int, GroundedClaim] = {}
    for claim in claims:
        found.setdefault(claim.spans[0].start, claim)
    places = list(found)
    numbers = {n: places.index(claim.spans[0].start) + 1 for n, claim in enumerate(claims, start=1)}
    return list(found.values()), numbers


def judged_claim(claim: GroundedClaim, number: int, hedges: list[str], risk: Risk) -> Claim:
    """The claim with its number, from 1, without missing evidence."""
    return Claim(
        number=number,
        text=claim.text,
        role=claim.role,
        kind=claim.kind,
        support=claim.support,
        verification=claim.verification,
        risk=risk,
        voice=claim.voice,
        hedges=hedges,
        missing_evidence=[],
        spans=claim.spans,
    )


def pairs_of(prose: GroundedProse) -> list[SpinVsSubstance]:
    """What the text suggests, each next to what it shows."""
    return [
        SpinVsSubstance(
            spin=SpinSide(text=contrast.spin, absent=None, spans=contrast.spin_spans),
            substance=SpinSide(text=contrast.substance, absent=None, spans=contrast.substance_spans),
        )
        for contrast in prose.spin_vs_substance
    ]
