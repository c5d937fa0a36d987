"""The default engine: rules and small linear models, offline, deterministic, on the CPU.

Reasons: it gives the same bytes for the same text, and every point of the score traces to words. A language
model can be an engine beside it if its quotes are checked against the text. Pooled sentence vectors were no
better than a bag of words, as they do not show who speaks.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec
from threadpoolctl import threadpool_limits

from api.analysis.claims.claims import ARGUMENTS, central_claims, central_scores, with_missing
from api.analysis.claims.evidence_strength import evidence_strength
from api.analysis.content.absent_items import absent_items, left_out, questions_raised
from api.analysis.content.bad_news import bad_news_sentences, tells_bad_news, words_of_blame
from api.analysis.content.beneficiaries import beneficiaries, main_actor, with_covered
from api.analysis.content.categories import categories_of
from api.analysis.content.claim_points import claim_points, spare_points
from api.analysis.content.grounding import Grounding
from api.analysis.content.happening import generic_if_unsure, happening_of, with_subject
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.key_stats import key_stats
from api.analysis.content.keywords import keywords
from api.analysis.content.missing_evidence import missing_evidence
from api.analysis.content.missing_voices import accused, missing_voices
from api.analysis.content.news import news_sentences, retold, shown_news, told
from api.analysis.content.plain_facts import bad_facts, plain_facts
from api.analysis.content.played_down import cautions, left_thin, told_late
from api.analysis.content.promises import promises
from api.analysis.content.questions.main_questions import main_questions
from api.analysis.content.score_facts import score_facts
from api.analysis.content.stakes import Parties, interested
from api.analysis.content.subjects import subject_name
from api.analysis.content.summary import summarize
from api.analysis.content.thesis import thesis
from api.analysis.engines.empty_assessment import empty_assessment
from api.analysis.engines.engine_digest import engine_digest
from api.analysis.engines.reading import read
from api.analysis.engines.satire_verdict import satire_assessment, satire_claims
from api.analysis.engines.story_engine import StoryEngine
from api.analysis.framing.spin import Judgement, judge
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import sentence_features
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.models.weights import Weights
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.people.entities import entities
from api.analysis.people.own_voice import with_own_voice
from api.analysis.people.source_role import source_role
from api.analysis.people.voices import voices
from api.analysis.prose.explained_story import Story, speaker_of
from api.analysis.prose.explanations import Explanations
from api.analysis.prose.integrity import integrity
from api.analysis.prose.questions import questions_answered
from api.analysis.prose.quoted_terms import Term, loaded_places, quoted_terms
from api.analysis.prose.spin_vs_substance import spin_vs_substance
from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from schemas.assessments import (
    Assessment,
    EngineRef,
    EntityMention,
    Happening,
    MissingVoice,
    SourceRole,
    Spin,
    Voice,
)
from schemas.enums import HappeningKind, Intent, SpinType, StoryStatus
from schemas.taxonomy import Taxonomy

NAME = "rules"
VERSION = "0.11.0"


class RulesEngine(StoryEngine[EncodedDocument]):
    """The rule-based implementation of `Engine`."""

    def __init__(self, table: Weights | None = None) -> None:
        """With the weights of `table`, by default the shipped ones."""
        # BLAS threads waste a third of the time on products this small; use more processes instead.
        threadpool_limits(limits=1, user_api="blas")
        super().__init__(EngineRef(name=NAME, version=VERSION, digest=engine_digest()))
        self._table = table

    def read(self, article: Article) -> EncodedDocument:
        """With a parse."""
        return read(article)

    def scored(
        self,
        article: Article,
        document: EncodedDocument,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling],
        proposal: bytes | None = None,
    ) -> Assessment:
        """All fields of the verdict; `proposal` is ignored."""
        features, happening = sentence_features(document), happening_of(document)
        telling = news_sentences(document, happening)
        scores, first = central_scores(document, features), next(iter(telling[-1:]), None)
        central = central_claims(document, features, happening=happening, news=first, score=scores)
        judgement = judge(
            document, taxonomy, rulings, facts=score_facts(document, central), table=self._table
        )
        spin = judgement.spin
        grounding, chunks = Grounding(document.article), NounChunks(document)
        named_entities, speakers = entities(document), voices(document)
        role = source_role(document, named_entities, speakers, spin.stance)
        actor = main_actor(role)
        happening = with_subject(document, happening, named_entities, role)
        subject = subject_name(document, with_covered(document, happening, named_entities))
        told_as = generic_if_unsure(document, happening)
        phrases = KeyPhrases(document, chunks, central)
        terms = quoted_terms(document, spin, judgement.findings, judgement.loaded_terms, named_entities)
        loaded = loaded_places(spin.primary, judgement.findings, judgement.loaded_terms)
        speaks = speaker_of(role, actor)
        points = claim_points(document, central, speaks, subject)
        claims = with_missing(central, missing_evidence(document, central, phrases, spin, happening))
        if spin.satire:
            claims = satire_claims(claims)
        spare = spare_points(document, central, spin)
        unheard = _missing_voices(document, told_as, spin, speakers, role)
        parties = Parties(speaks, interested(document, speakers, named_entities), accused(unheard))
        main = main_questions(document, happening, spin, speaks)
        absent = absent_items(document, told_as, spin, points, parties, spare, main)
        bad = bad_news_sentences(document, spin.primary, telling)
        known = telling or bad[:1] or [c.sentence for c in central[:1]]
        news = shown_news(document, known, speaks, subject) if known else None
        in_body = news is not None and news.sentence.role != "title"
        shown = [news.sentence] if news and in_body and news.sentence not in telling else telling
        bad_news = [
            n for n in (told(document, [s], speaks, subject) for s in bad) if tells_bad_news(n.statement)
        ]
        played_down = bad_news or cautions(document, spin.primary, speaks, subject)
        explanations = Explanations(
            Story(
                spin=spin,
                role=role,
                kind=told_as.kind if told_as else HappeningKind.OTHER_EVENT,
                title=" ".join(document.article.title.split()).rstrip("."),
                news=news,
                thesis=thesis(document, news, speaks, subject),
                subject=subject,
                actor=speaks,
                terms=terms,
                absent=[item.in_brief for item in absent],
                voices=[voice.name for voice in speakers],
                bad=any(n.sentence.numbers for n in bad_news)
                and not any(tells_bad_news(s.text) for s in telling),
                plain=plain_facts(document, spin.primary, news, bad_news, speaks, subject, loaded),
                late=told_late(document, played_down),
                thin=left_thin(document, speakers),
                promises=promises(document, spin, shown, speaks, subject, loaded),
                blame=words_of_blame(document, happening) if speaks else None,
                text=document.folded,
            ),
            grounding,
        )
        summary_texts = summarize(
            document,
            shown,
            scores,
            bad,
            _steering(document, spin.primary),
            # the "we" of an argument is often everybody
            lambda s: retold(document, s, None if _argues(happening) else speaks, subject),
        )
        categories, vertical = categories_of(document)
        assessment = msgspec.structs.replace(
            empty_assessment(article, self._ref, taxonomy, status=StoryStatus.SCORED, role=role),
            spin=msgspec.structs.replace(spin, emphasis=explanations.emphasis),
            ledger=judgement.ledger,
            findings=judgement.findings,
            loaded_terms=judgement.loaded_terms,
            ablations=judgement.ablations,
            happening=happening,
            deck=explanations.deck,
            summary=summary_texts.summary,
            tldr=summary_texts.tldr,
            keywords=keywords(document, chunks, named_entities),
            key_stats=key_stats(document, telling, [c.sentence for c in central]),
            questions_answered=questions_answered(
                document, telling, happening, central, grounding, sure=told_as == happening
            ),
            frame=explanations.frame,
            objective=explanations.objective,
            mechanics=explanations.mechanics,
            spin_vs_substance=spin_vs_substance(
                document, spin, judgement.findings, absent, features, telling
            ),
            questions_raised=questions_raised(document, absent, told_as, grounding),
            beneficiaries=beneficiaries(document, told_as, spin, role, named_entities),
            left_out=left_out(absent, grounding),
            integrity=integrity(
                central,
                claims,
                spin=spin,
                strength=evidence_strength(document),
                role=role,
                phrases=phrases,
                terms=[
                    (term.words, term.voice)
                    for term in terms or _terms_of_any_type(document, judgement, named_entities)
                ],
                grounding=grounding,
                news=news,
                lacks=absent[0].in_brief.omits if absent and spin.primary is not SpinType.NONE else None,
                adds=bad_facts(document, played_down),
            ),
            voices=with_own_voice(document, speakers, role),
            missing_voices=unheard,
            entities=named_entities,
            claims=claims,
            categories=categories,
            vertical=vertical,
        )
        return satire_assessment(assessment) if spin.satire else assessment


def _argues(happening: Happening | None) -> bool:
    return happening is not None and happening.kind in ARGUMENTS


def _steering(document: EncodedDocument, kind: SpinType) -> dict[int, float]:
    """How much each sentence steers by this type, by its index; empty for no type."""
    if kind is SpinType.NONE:
        return {}
    marks = document.encoded.marks[:, COLUMN[kind.value]]
    return {s.index: float(marks[s.index]) for s in document.sentences}


def _terms_of_any_type(
    document: EncodedDocument, judgement: Judgement, named: list[EntityMention]
) -> list[Term]:
    """Quoted terms of a text without any of its own type: those of the type with most points."""
    points: Counter[SpinType] = Counter()
    for finding in judgement.findings:
        if finding.type is not None:
            points[finding.type] += finding.points
    kinds = sorted({t.type for t in judgement.loaded_terms} | set(points), key=lambda k: (-points[k], k))
    for kind in kinds:
        of_kind = msgspec.structs.replace(judgement.spin, primary=kind)
        if found := quoted_terms(document, of_kind, judgement.findings, judgement.loaded_terms, named):
            return found
    return []


def _missing_voices(
    document: EncodedDocument,
    happening: Happening | None,
    spin: Spin,
    speaking: list[Voice],
    role: SourceRole,
) -> list[MissingVoice]:
    """Voices that should have been heard; none for a research paper."""
    if role.intent is Intent.RESEARCH_DISSEMINATION:
        return []
    return missing_voices(document, happening, spin, speaking)
