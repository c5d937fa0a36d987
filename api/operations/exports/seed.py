"""Loads the seeds: known sources, and sample stories judged by the configured engine."""

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article, SourceFacts
from api.engines import FULL, LLM, engine_named, engine_of
from api.equal_digests import same_engine
from api.operations.stories.edition import Edition
from api.operations.stories.publish_story import publish_story
from api.operations.stories.render_story import cache_rendered
from api.operations.stories.two_judges import chosen
from api.pages.model_tasks import read_by_both
from api.pages.reader import read_article
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.events import append_events
from api.storage.stories import stories
from api.storage.stories.aliases import find_story
from api.storage.stories.proposals import keep_for_story, proposal_key, put_proposal
from api.storage.stories.rulings import list_rulings
from api.storage.stories.sources import SourceRecord, find_source, upsert_source
from api.storage.stories.verdicts import get_verdict
from api.web.sites import source_domains
from api.web.urls import url_key
from schemas.enums import Band, InputKind, NotScorableReason, SourceType, SpinType

SEED_EXTRACTOR = "seed, unspun 1"
# Marks the sample stories' lines in requests to a language model, so that every installation makes the same ones.
SAMPLES_SECRET = b"unspun samples"


class SourceFile(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`sources.json` has real publishers, `sources_invented.json` those of the sample stories."""

    sources: list[SourceRecord]


class Expected(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A careful reader's judgement; never edited to match the engine."""

    primary: SpinType | None
    tactic: str | None
    band: Band | None
    not_scorable: NotScorableReason | None


class SampleStory(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One file of `seeds/stories`. `name` is the file's, without its ending."""

    name: str = ""
    title: str
    url: str
    source: str
    domain: str
    source_type: SourceType
    author: str | None
    author_organization: str | None
    published_at: datetime
    text: str
    expected: Expected


class Seeded(Struct, kw_only=True, frozen=True):
    """The numbers of sources and stories in the seeds; loading them is idempotent."""

    sources: int
    stories: int


def load_sources() -> list[SourceRecord]:
    """All publishers of the seeds."""
    folder = files("seeds")
    return [
        source
        for name in ("sources.json", "sources_invented.json")
        for source in msgspec.json.decode((folder / name).read_bytes(), type=SourceFile).sources
    ]


def load_sample_stories() -> list[SampleStory]:
    """All sample stories, in order of file names."""
    entries = (files("seeds") / "stories").iterdir()
    paths = sorted((entry for entry in entries if entry.name.endswith(".json")), key=lambda entry: entry.name)
    decode = msgspec.json.Decoder(SampleStory).decode
    return [
        msgspec.structs.replace(decode(path.read_bytes()), name=path.name.removesuffix(".json"))
        for path in paths
    ]


def sample_proposal(sample: SampleStory) -> bytes | None:
    """A language model's recorded answers about a sample story, as a `Proposal`; None if there are none."""
    path = files("seeds") / "answers" / f"{sample.name}.json"
    return path.read_bytes() if path.is_file() else None


def sample_article(sample: SampleStory) -> Article:
    """The article record of a sample story."""
    from api.pages.articles import (
        article_from_text,
    )  # imports the parsers, which the API does not need

    article = article_from_text(sample.title, sample.text, sample.source, sample.source_type)
    return msgspec.structs.replace(
        article,
        url=sample.url,
        source=SourceFacts(name=sample.source, type=sample.source_type, host=sample.domain),
        author=sample.author,
        author_organization=sample.author_organization,
        published_at=sample.published_at,
        extractor=SEED_EXTRACTOR,
    )


async def seed(runtime: Runtime, report: Callable[[int, int], None] = lambda done, of: None) -> Seeded:
    """Load sources and stories, each story in its own transaction; `report` gets the progress."""
    records, samples = load_sources(), load_sample_stories()
    async with runtime.pool.transaction() as connection:
        for record in records:
            await upsert_source(connection, record, runtime.clock.new_id("src"), runtime.clock.now())
    for number, sample in enumerate(samples):
        report(number, len(samples))
        await _publish(runtime, sample)
    report(len(samples), len(samples))
    return Seeded(sources=len(records), stories=len(samples))


async def _publish(runtime: Runtime, sample: SampleStory) -> None:
    article = sample_article(sample)
    async with runtime.pool.connection() as connection:
        if await _is_published(connection, runtime, sample.url, article.digest):
            return
        rulings = await list_rulings(connection, article.text_sha256)
    engine = engine_of(runtime.settings.engine_profile)
    answers = sample_proposal(sample) if engine is FULL else None  # the model's engine needs the full rules
    if answers is None:
        proposal = await engine.proposal(article, runtime.taxonomy)
        reading = read_article(article, runtime.taxonomy, rulings, engine.load, proposal)
    else:
        found = read_by_both(article, runtime.taxonomy, rulings, answers)
        reading = chosen(found, "rules")  # the recorded judgement stands beside it
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        source = await find_source(connection, source_domains(urlsplit(sample.url).hostname or ""))
        if source is None:
            raise LookupError(f"the sample story {sample.url} has no source in the seeds")
        edition = Edition(
            kind=InputKind.SEED,
            url=sample.url,
            hint=None,
            submitted_url=sample.url,
            fetched_url=sample.url,
            redirects=[],
            article=article,
            assessment=reading.assessment,
            source=source,
            new_source=None,
            domain=source.domain,
            signature=reading.signature,
            bands=reading.bands,
            fetched_at=now,
            rulings=rulings,
            opt_outs=[],
            second=reading.second,
            agreement=reading.agreement,
        )
        published = await publish_story(connection, runtime, edition)
        if answers is not None:
            key = proposal_key(article.digest, LLM.name, answers)
            await put_proposal(connection, key, published.story_id, answers, now)
            await keep_for_story(connection, article.digest, published.story_id)
        await append_events(connection, published.events, now)
    await cache_rendered(runtime, published.rendered)


async def _is_published(connection: Connection, runtime: Runtime, url: str, digest: str) -> bool:
    """Whether the installed engines have already judged this article."""
    found = await find_story(connection, [url_key(url)])
    current = None if found is None else await stories.get_current(connection, found[0])
    verdict = None if current is None else await get_verdict(connection, current.verdict_id)
    if verdict is None:
        return False
    engine = engine_named(verdict.engine_name)
    return (
        engine is not None
        and (verdict.input_digest, verdict.taxonomy_version) == (digest, runtime.taxonomy.version)
        and same_engine(verdict.engine_digest, engine.digest())
    )
