"""Builders of stories as an engine would store them, for tests without an engine."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from api.analysis.engines.empty_assessment import empty_assessment, nothing_found
from api.analysis.text.article import Article, SourceFacts, analysed_text
from api.analysis.text.spans import span
from api.engines import FULL
from api.operations.stories.edition import Edition
from api.operations.stories.publish_story import Published, publish_story
from api.operations.stories.render_story import cache_rendered
from api.runtime.runtime import Runtime
from api.storage.log.events import append_events
from api.storage.stories.sources import SourceRecord
from schemas.agreements import Agreement, OtherJudge
from schemas.assessments import (
    Ablation,
    Assessment,
    Claim,
    EngineRef,
    EntityMention,
    Finding,
    Happening,
    Integrity,
    LedgerRow,
    LoadedTerm,
    NotScorable,
    SourceRole,
    Spin,
)
from schemas.enums import (
    AblationKind,
    Band,
    ClaimKind,
    ClaimRole,
    ClaimSupport,
    EntityType,
    EvidenceStrength,
    HappeningKind,
    Independence,
    InputKind,
    Intent,
    LedgerRowKind,
    NotScorableReason,
    Risk,
    SourceType,
    SpinType,
    Stance,
    StoryStatus,
    Verification,
)
from schemas.spans import Range
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.taxonomy import TAXONOMY

ENGINE = EngineRef(name="rules", version="0.0", digest="0" * 64)
HOST = "news.brightwater.example"
HYPED = "breakthrough"
PUBLISHED_AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def make_article(
    *,
    title: str = "Brightwater opens its tidal turbine",
    paragraphs: Sequence[str] = PARAGRAPHS,
    url: str = f"http://{HOST}/turbine",
    source: str = "Brightwater News",
    source_type: SourceType = SourceType.MEDIA,
    published_at: datetime | None = PUBLISHED_AT,
) -> Article:
    """An article record; its text contains the word that `make_assessment` finds."""
    text, body_start, _ = analysed_text(title, "\n\n".join(paragraphs))
    return Article(
        title=title,
        text=text,
        body_start=body_start,
        url=url,
        source=SourceFacts(name=source, type=source_type, host=url.split("/")[2]),
        author="Ada Quillfeather",
        author_organization=None,
        published_at=published_at,
        language="en",
        flags=[],
        paywalled=False,
        page_type="article",
        extractor="by hand",
    )


def make_assessment(
    article: Article,
    *,
    score: int = 40,
    primary: SpinType = SpinType.HYPE,
    tactic: str | None = "breakthrough_framing",
    band: Band = Band.MODERATE,
    stance: Stance = Stance.PROMOTIONAL,
    vertical: str | None = "energy",
    claims: Sequence[str] = PARAGRAPHS[1:3],
    happening: HappeningKind | None = None,
) -> Assessment:
    """An assessment with one finding, one loaded term, these sentences as claims, and the title as news."""
    at = article.text.index(HYPED)
    spot = span(article.text, at, at + len(HYPED))
    return msgspec.structs.replace(
        _unsaid(article, StoryStatus.SCORED),
        spin=Spin(
            primary=primary,
            secondary=None,
            tactic=tactic,
            tactic_name=None if tactic is None else tactic.replace("_", " "),
            score=score,
            band=band,
            confidence=None,
            interval=None,
            stance=stance,
            emphasis=None,
        ),
        ledger=[
            LedgerRow(
                kind=LedgerRowKind.BASE, rule="base", label="base", points=500, finding=None, ranges=[]
            ),
            LedgerRow(
                kind=LedgerRowKind.FINDING,
                rule="hyped",
                label="a breakthrough",
                points=score * 100 - 500,
                finding="f1",
                ranges=[Range(start=spot.start, end=spot.end)],
            ),
        ],
        findings=[
            Finding(
                id="f1",
                rule="hyped",
                label="a breakthrough",
                explanation="It is called a breakthrough, and nothing is set beside it.",
                type=primary,
                tactic=tactic,
                voice="document",
                points=score * 100 - 500,
                spans=[spot],
            )
        ],
        loaded_terms=[LoadedTerm(term=HYPED, type=primary, voice="document", spans=[spot])],
        ablations=[
            Ablation(
                kind=AblationKind.FINDING,
                type=None,
                term=None,
                finding_ids=["f1"],
                score=5,
                primary=SpinType.NONE,
            )
        ],
        happening=None
        if happening is None
        else Happening(
            kind=happening, subject="Brightwater", spans=[span(article.text, 0, len(article.title))]
        ),
        deck="A turbine is switched on, late, and called a breakthrough.",
        integrity=Integrity(
            evidence_strength=EvidenceStrength.WEAK,
            verification=Verification.ATTRIBUTED_IN_SOURCE,
            narrative_risk=Risk.MODERATE,
            narrative_risk_reasons=[],
            ai_repetition_risk=Risk.HIGH,
            ai_repetition_risk_reasons=[],
            likely_ai_summary=None,
            faithful_summary=None,
        ),
        claims=[_claim(article, number, text) for number, text in enumerate(claims, 1)],
        vertical=vertical,
    )


def installed(assessment: Assessment) -> Assessment:
    """The assessment as if this code's full engine had made it."""
    engine = EngineRef(name=FULL.name, version="0.0", digest=FULL.digest())
    return msgspec.structs.replace(assessment, engine=engine, taxonomy_version=TAXONOMY.version)


def make_refusal(article: Article) -> Assessment:
    refusal = NotScorable(reason=NotScorableReason.TOO_SHORT, detail="It has under 80 words.")
    return msgspec.structs.replace(_unsaid(article, StoryStatus.NOT_SCORABLE), not_scorable=refusal)


def make_edition(article: Article, assessment: Assessment | None = None, **changes: Any) -> Edition:
    """One reading of the article's page, by a new publisher."""
    assert article.url is not None
    domain = article.url.split("/")[2]
    values: dict[str, Any] = {
        "kind": InputKind.URL,
        "url": article.url,
        "hint": None,
        "submitted_url": article.url,
        "fetched_url": article.url,
        "redirects": [],
        "article": article,
        "assessment": assessment or make_assessment(article),
        "source": None,
        "new_source": SourceRecord(
            slug=domain.replace(".", "-"),
            name=article.source.name or domain,
            type=article.source.type,
            domains=[domain],
            known=False,
        ),
        "domain": domain,
        "signature": b"",
        "bands": [],
        "fetched_at": datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    }
    return Edition(**values | changes)


def by_two(edition: Edition, **changes: Any) -> Edition:
    """The edition with a second judge, who sees the text in the same way; `changes` of the agreement."""
    rules = edition.assessment
    assert rules.spin is not None
    other = EngineRef(name="llm", version="0", digest="6" * 64)
    agreement = Agreement(
        type=True,
        score_distance=0,
        findings=1.0,
        contested=False,
        other=OtherJudge(engine=other, primary=rules.spin.primary, score=rules.spin.score, confidence=None),
    )
    return msgspec.structs.replace(
        edition,
        second=msgspec.structs.replace(rules, engine=other),
        agreement=msgspec.structs.replace(agreement, **changes),
    )


async def publish(runtime: Runtime, edition: Edition, *, cached: bool = True) -> Published:
    """Publish the edition as a worker would; `cached`: also put its documents into Valkey."""
    async with runtime.pool.transaction() as connection:
        published = await publish_story(connection, runtime, edition)
        await append_events(connection, published.events, runtime.clock.now())
    if cached:
        await cache_rendered(runtime, published.rendered)
    return published


def _unsaid(article: Article, status: StoryStatus) -> Assessment:
    """The common fields of every assessment of the article."""
    role = SourceRole(
        publisher=article.source.name,
        publisher_type=article.source.type,
        host=None,
        intent=Intent.EDITORIAL_REPORTING,
        independence=Independence.HIGH,
    )
    empty = nothing_found(empty_assessment(article, ENGINE, TAXONOMY, status=status, role=role))
    return msgspec.structs.replace(empty, taxonomy_version="test", entities=[_named(article)])


def _named(article: Article) -> EntityMention:
    """The publisher, which every article here names."""
    name = "Brightwater"
    at = article.text.find(name)
    spans = [span(article.text, at, at + len(name))] if at >= 0 else []
    return EntityMention(name=name, type=EntityType.ORGANIZATION, salience=0.8, spans=spans)


def _claim(article: Article, number: int, text: str) -> Claim:
    at = article.text.index(text)
    return Claim(
        number=number,
        text=text,
        role=ClaimRole.PRIMARY if number == 1 else ClaimRole.SUPPORTING,
        kind=ClaimKind.TECHNICAL if number == 1 else ClaimKind.MARKET,
        support=ClaimSupport.ATTRIBUTED if number == 1 else ClaimSupport.ASSERTED,
        verification=Verification.ATTRIBUTED_IN_SOURCE,
        risk=Risk.LOW if number == 1 else Risk.HIGH,
        voice="document",
        hedges=[],
        missing_evidence=[],
        spans=[span(article.text, at, at + len(text))],
    )
