"""The default engine: rules and small linear models, offline, deterministic, on the CPU.

Gate, read, judge the framing, then everything else that a verdict holds; each part is a module of its own.

Rules with fitted weights are the default: they run offline, give the same bytes for the same text, and every
point of the score leads to words. A language model is an option beside it, each of its quotes checked against
the text. Sentence vectors pooled over the document did no better than a bag of words: they miss whose words a
sentence is.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec
from threadpoolctl import threadpool_limits

from api.analysis.content.beneficiaries import beneficiaries, main_actor
from api.analysis.content.categories import categories_of
from api.analysis.content.claims import central_claims, with_missing
from api.analysis.content.evidence_strength import evidence_strength
from api.analysis.content.explanations import Explanations, story_of
from api.analysis.content.grounding import Grounding
from api.analysis.content.integrity import integrity
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.key_stats import key_stats
from api.analysis.content.keywords import keywords
from api.analysis.content.left_out import left_out
from api.analysis.content.missing_evidence import missing_evidence
from api.analysis.content.missing_voices import missing_voices
from api.analysis.content.questions import questions_answered, questions_raised
from api.analysis.content.spin_vs_substance import spin_vs_substance
from api.analysis.content.summary import summarize
from api.analysis.content.telling_terms import Term, telling_terms
from api.analysis.engines.empty_assessment import empty_assessment
from api.analysis.engines.engine_digest import engine_digest
from api.analysis.engines.reading import read
from api.analysis.engines.story_engine import StoryEngine
from api.analysis.engines.unmeant import unmeant, unmeant_claims
from api.analysis.framing.spin import Judgement, judge
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import sentence_features
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.people.entities import entities
from api.analysis.people.source_role import source_role
from api.analysis.people.voices import voices
from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from schemas.assessments import (
    Assessment,
    Claim,
    EngineRef,
    EntityMention,
    MissingVoice,
    SourceRole,
    Voice,
)
from schemas.enums import Intent, SpinType, StoryStatus
from schemas.taxonomy import Taxonomy

NAME = "rules"
VERSION = "0.10.0"


class RulesEngine(StoryEngine[EncodedDocument]):
    """The `Engine` protocol by rules."""

    def __init__(self) -> None:
        # Small products over many threads cost a third of the whole in waiting; more processes serve better.
        threadpool_limits(limits=1, user_api="blas")
        super().__init__(EngineRef(name=NAME, version=VERSION, digest=engine_digest()))

    def read(self, article: Article) -> EncodedDocument:
        """With a parse."""
        return read(article)

    def scored(
        self, article: Article, document: EncodedDocument, taxonomy: Taxonomy, rulings: Sequence[Ruling]
    ) -> Assessment:
        """Everything that a verdict holds."""
        judgement = judge(document, taxonomy, rulings)
        spin = judgement.spin
        features = sentence_features(document)
        grounding, chunks = Grounding(document.article), NounChunks(document)
        named, speaking = entities(document), voices(document)
        role = source_role(document, named, speaking, spin.stance)
        actor = main_actor(role)

        central = central_claims(document, features)
        phrases = KeyPhrases(document, chunks, central)
        claims = with_missing(central, missing_evidence(document, central, phrases))
        if spin.satire:
            claims = unmeant_claims(claims)
        terms = telling_terms(document, spin, judgement.findings, judgement.loaded_terms, named)
        story = story_of(document, spin, role, actor, terms, claims, phrases)
        explanations = Explanations(story, grounding)
        short = summarize(document)
        found, vertical = categories_of(document)
        said = msgspec.structs.replace(
            empty_assessment(article, self._ref, taxonomy, status=StoryStatus.SCORED, role=role),
            spin=msgspec.structs.replace(spin, emphasis=explanations.emphasis),
            ledger=judgement.ledger,
            findings=judgement.findings,
            loaded_terms=judgement.loaded_terms,
            ablations=judgement.ablations,
            deck=explanations.deck,
            summary=short.summary,
            tldr=short.tldr,
            keywords=keywords(document, chunks, named),
            key_stats=key_stats(document),
            questions_answered=questions_answered(document, central, phrases, grounding),
            frame=explanations.frame,
            objective=explanations.objective,
            mechanics=explanations.mechanics,
            spin_vs_substance=spin_vs_substance(
                document, spin.primary, judgement.findings, claims, phrases, features
            ),
            questions_raised=questions_raised(claims, phrases, actor, named, grounding),
            beneficiaries=beneficiaries(document, spin, judgement.findings, named, role),
            left_out=left_out(claims, phrases),
            integrity=integrity(
                central,
                claims,
                spin=spin,
                strength=evidence_strength(document),
                role=role,
                voices=speaking,
                phrases=phrases,
                terms=[term.words for term in terms or _of_any_type(document, judgement, named)],
                grounding=grounding,
            ),
            voices=speaking,
            missing_voices=_absent(document, phrases, claims, speaking, role),
            entities=named,
            claims=claims,
            categories=found,
            vertical=vertical,
        )
        return unmeant(said) if spin.satire else said


def _of_any_type(document: EncodedDocument, judgement: Judgement, named: list[EntityMention]) -> list[Term]:
    """The telling terms of a text that has none of its own type: those of the type with most points."""
    points: Counter[SpinType] = Counter()
    for finding in judgement.findings:
        if finding.type is not None:
            points[finding.type] += finding.points
    kinds = sorted({t.type for t in judgement.loaded_terms} | set(points), key=lambda k: (-points[k], k))
    for kind in kinds:
        of_kind = msgspec.structs.replace(judgement.spin, primary=kind)
        if found := telling_terms(document, of_kind, judgement.findings, judgement.loaded_terms, named):
            return found
    return []


def _absent(
    document: EncodedDocument,
    phrases: KeyPhrases,
    claims: list[Claim],
    speaking: list[Voice],
    role: SourceRole,
) -> list[MissingVoice]:
    """Who should have been asked; a paper asks nobody, it is asked."""
    if role.intent is Intent.RESEARCH_DISSEMINATION:
        return []
    return missing_voices(document, phrases, claims, speaking)
