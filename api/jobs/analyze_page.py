"""From a submitted URL to an edition: fetch, extract, identify the publisher, assess."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

import structlog

from api.analysis.text.article import Article, SourceFacts
from api.analysis.text.rulings import Ruling
from api.errors import FetchTimeout, LinkUnresolved
from api.fetching.page import FetchedPage, fetch_page
from api.jobs.judge_article import judge_article
from api.jobs.worker_context import Run, WorkerContext
from api.operations.stories.edition import Edition
from api.pages.extracted import Extracted
from api.pages.reader import Reading, article_of_page, extract_page, read_page
from api.storage.analyses.analysis_jobs import JobState
from api.storage.stories.rulings import list_rulings
from api.storage.stories.sources import SourceRecord, find_source
from api.web.canonical import canonical_url
from api.web.link_wrappers import is_wrapper
from api.web.sites import source_domains
from api.web.urls import normalize, parse_target
from schemas.enums import InputKind, SourceType

log = structlog.get_logger(__name__)

_OWN_SHARE: Final = 0.25  # of the time that a fetch took, from which on our lag may be what made it late


async def analyze_page(context: WorkerContext, job: JobState, run: Run) -> Edition:
    """Read the job's page. No transaction is open meanwhile.

    Raises what `fetch_page` raises, LinkUnresolved, NotHtml and PageTooLarge of extraction, ProcessCrashed,
    ProcessTimeout.
    """
    assert job.url is not None, "a job of kind url has one"
    await context.pace.turn(parse_target(job.url).host)
    page = await _fetch(context, job.url)
    final = parse_target(normalize(page.final_url))
    if is_wrapper(final.host, final.path):  # its page would become a story of the aggregator's
        raise LinkUnresolved("The link of an aggregator does not lead to the publisher's page.")
    fetched_at = context.runtime.clock.now()
    extracted: Extracted = await run(
        extract_page,
        page.body,
        page.final_url,
        page.charset,
        page.content_type,
        fetched_at,
        typed=page.content_type is not None,
    )
    canonical = canonical_url(page.final_url, extracted.canonical_url)
    host = urlsplit(canonical.url).hostname or ""
    domains = source_domains(host)
    async with context.runtime.pool.connection() as connection:
        source = await find_source(connection, domains)
    unknown = None if source else _unknown_source(extracted.site_name, domains[-1])
    known_as = source or unknown
    assert known_as is not None
    facts = SourceFacts(name=known_as.name, type=known_as.type, host=host)
    reading, rulings = await _judge(context, run, job.id, extracted, canonical.url, facts)
    return Edition(
        kind=InputKind.URL,
        url=canonical.url,
        hint=canonical.hint,
        submitted_url=job.url,
        fetched_url=page.final_url,
        redirects=[*page.redirects, page.final_url],
        article=reading.article,
        assessment=reading.assessment,
        source=source,
        new_source=unknown,
        domain=source.domain if source else domains[-1],
        signature=reading.signature,
        bands=reading.bands,
        fetched_at=fetched_at,
        rulings=rulings,
        proposed=context.engine.propose is not None,
    )


async def _judge(
    context: WorkerContext, run: Run, job_id: str, page: Extracted, url: str, facts: SourceFacts
) -> tuple[Reading, list[Ruling]]:
    """The page's assessment under the rulings on its text."""
    if context.engine.propose is not None:
        article: Article = await run(article_of_page, page, url, facts, None)
        rulings = await _rulings(context, article)
        return await judge_article(context, run, job_id, article, rulings), rulings
    # record and assessment at once; on few texts there are rulings, and only these are judged twice
    taxonomy = context.runtime.taxonomy
    reading: Reading = await run(read_page, page, url, facts, None, taxonomy, context.engine.load)
    rulings = await _rulings(context, reading.article)
    if rulings:
        reading = await judge_article(context, run, job_id, reading.article, rulings)
    return reading, rulings


async def _rulings(context: WorkerContext, article: Article) -> list[Ruling]:
    async with context.runtime.pool.connection() as connection:
        return await list_rulings(connection, article.text_sha256)


async def _fetch(context: WorkerContext, url: str) -> FetchedPage:
    """The page. A time limit that passed because our own loop stood still is not the site's doing: once more.

    Raises what `fetch_page` raises.
    """
    loop, lag_s = asyncio.get_running_loop(), context.pulse.lag_s
    began = loop.time()
    try:
        return await fetch_page(context.client, url, context.robots)
    except FetchTimeout:
        lag_s = context.pulse.lag_s - lag_s
        if lag_s < _OWN_SHARE * (loop.time() - began):
            raise
        log.warning("fetch_lagged", seconds=round(lag_s, 1))
    return await fetch_page(context.client, url, context.robots)


def _unknown_source(site_name: str | None, domain: str) -> SourceRecord:
    """A publisher met for the first time: known by its domain, named as its page names it."""
    name = (site_name or "").strip()
    return SourceRecord(
        slug=domain.replace(".", "-"),
        name=name if 0 < len(name) <= 100 else domain,
        type=SourceType.OTHER,
        domains=[domain],
        known=False,
    )
