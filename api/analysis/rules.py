"""The default engine: rules and small linear models, offline, deterministic, on the CPU.

Gate, read, judge the framing, then everything else that a verdict holds; each part is a module of its own.
"""

from collections.abc import Sequence

import msgspec
from threadpoolctl import threadpool_limits

from api.analysis.article import Article
from api.analysis.beneficiaries import beneficiaries, main_actor
from api.analysis.categories import categories_of
from api.analysis.claims import central_claims, with_missing
from api.analysis.document import Document
from api.analysis.engine_digest import engine_digest
from api.analysis.entities import entities
from api.analysis.evidence_strength import evidence_strength
from api.analysis.explanations import Explanations, story_of
from api.analysis.gate import gate
from api.analysis.grounding import Grounding
from api.analysis.integrity import integrity
from api.analysis.key_phrases import KeyPhrases
from api.analysis.key_stats import key_stats
from api.analysis.keywords import keywords
from api.analysis.left_out import left_out
from api.analysis.machine_text import addressed_findings, on_whole_text, rulings_for, story_text
from api.analysis.missing_evidence import missing_evidence
from api.analysis.missing_voices import missing_voices
from api.analysis.noun_chunks import NounChunks
from api.analysis.questions import questions_answered, questions_raised
from api.analysis.reading import read
from api.analysis.rulings import Ruling
from api.analysis.sentence_features import sentence_features
from api.analysis.source_role import source_role
from api.analysis.spin import judge
from api.analysis.spin_vs_substance import spin_vs_substance
from api.analysis.summary import summarize
from api.analysis.telling_terms import telling_terms
from api.analysis.voices import voices
from schemas.assessments import (
    Assessment,
    Claim,
    EngineRef,
    Finding,
    MissingVoice,
    NotScorable,
    SourceRole,
    Voice,
)
from schemas.enums import Intent, StoryStatus
from schemas.taxonomy import Taxonomy

NAME = "rules"
VERSION = "0.2.0"


class RulesEngine:
    """The `Engine` protocol by rules. Holds no state but its reference."""

    def __init__(self) -> None:
        # Small products over many threads cost a third of the whole in waiting; more processes serve better.
        threadpool_limits(limits=1, user_api="blas")
        self._ref = EngineRef(name=NAME, version=VERSION, digest=engine_digest())

    @property
    def ref(self) -> EngineRef:
        """Name, version, and the digest of sources, data and numeric backend."""
        return self._ref

    def assess(self, article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling] = ()) -> Assessment:
        """The verdict on one article; `not_scorable` where the gate refuses it."""
        refusal = gate(article, None, taxonomy.languages)
        if refusal is not None:
            return self._refused(article, taxonomy, refusal)
        whole = read(article)
        story = story_text(whole)
        document = read(story.article) if story.cuts else whole
        refusal = gate(story.article, document, taxonomy.languages)
        if refusal is not None:
            return self._refused(article, taxonomy, refusal)
        if not story.cuts:
            return self._scored(article, document, taxonomy, rulings)
        given = rulings_for(rulings, article, story)
        assessment = on_whole_text(self._scored(article, document, taxonomy, given), article.text, story.cuts)
        addressed = addressed_findings(whole, story.addressed)
        return _numbered(assessment, addressed)

    def _refused(self, article: Article, taxonomy: Taxonomy, refusal: NotScorable) -> Assessment:
        nothing = Document(article=article, doc=read(_empty(article)).doc, sentences=(), quotations=())
        return Assessment(
            status=StoryStatus.NOT_SCORABLE,
            not_scorable=refusal,
            engine=self._ref,
            taxonomy_version=taxonomy.version,
            input_digest=article.digest,
            text_sha256=article.text_sha256,
            spin=None,
            ledger=[],
            findings=[],
            loaded_terms=[],
            ablations=[],
            deck=None,
            summary=None,
            tldr=[],
            keywords=[],
            key_stats=[],
            questions_answered=[],
            frame=None,
            objective=None,
            mechanics=None,
            spin_vs_substance=[],
            questions_raised=[],
            beneficiaries=[],
            left_out=[],
            integrity=None,
            source_role=source_role(nothing, [], [], None),
            voices=[],
            missing_voices=[],
            entities=[],
            claims=[],
            categories=[],
            vertical=None,
        )

    def _scored(
        self, article: Article, document: Document, taxonomy: Taxonomy, rulings: Sequence[Ruling]
    ) -> Assessment:
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
        terms = telling_terms(document, spin, judgement.findings, judgement.loaded_terms, named)
        story = story_of(document, spin, role, actor, terms, claims, phrases)
        explanations = Explanations(story, grounding)
        short = summarize(document)
        found, vertical = categories_of(document)
        return Assessment(
            status=StoryStatus.SCORED,
            not_scorable=None,
            engine=self._ref,
            taxonomy_version=taxonomy.version,
            input_digest=article.digest,
            text_sha256=article.text_sha256,
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
                terms=[term.words for term in terms],
                grounding=grounding,
            ),
            source_role=role,
            voices=speaking,
            missing_voices=_absent(document, phrases, claims, speaking, role),
            entities=named,
            claims=claims,
            categories=found,
            vertical=vertical,
        )


def _absent(
    document: Document, phrases: KeyPhrases, claims: list[Claim], speaking: list[Voice], role: SourceRole
) -> list[MissingVoice]:
    """Who should have been asked; a paper asks nobody, it is asked."""
    if role.intent is Intent.RESEARCH_DISSEMINATION:
        return []
    return missing_voices(document, phrases, claims, speaking)


def _empty(article: Article) -> Article:
    return msgspec.structs.replace(article, text="", body_start=0)


def _numbered(assessment: Assessment, addressed: list[Finding]) -> Assessment:
    """All findings in the order of the text under new numbers, and whatever names them so."""
    ordered = sorted(
        [*assessment.findings, *addressed], key=lambda f: (f.spans[0].start, f.spans[-1].end, f.rule)
    )
    ids = {f.id: f"f{number + 1}" for number, f in enumerate(ordered) if f.id}
    replace = msgspec.structs.replace
    return replace(
        assessment,
        findings=[replace(f, id=f"f{number + 1}") for number, f in enumerate(ordered)],
        ledger=[replace(r, finding=ids[r.finding]) if r.finding else r for r in assessment.ledger],
        ablations=[
            replace(a, finding_ids=[ids[i] for i in a.finding_ids]) for a in assessment.ablations or []
        ],
    )
