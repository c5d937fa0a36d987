"""Analyses a submitted URL: fetch, extract, identify the publisher, judge."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

import structlog

from api.analysis.text.article import Article, SourceFacts
from api.analysis.text.rulings import Ruling
from api.errors import FetchTimeout, LinkUnresolved
from api.fetching.page import FetchedPage, fetch_page
from api.fetching.robots import Robots
from api.jobs.judge_article import held_proposal, judge_article, judge_by_both
from api.jobs.worker_context import Run, WorkerContext
from api.operations.stories.edition import Edition
from api.pages.extracted import Extracted
from api.pages.reader import Reading, article_of_page, extract_page, read_page
from api.storage.analyses.analysis_jobs import JobState
from api.storage.stories.rulings import list_rulings
from api.storage.stories.sources import SourceRecord, find_source
from api.web.canonical import canonical_url
from api.web.link_wrappers import is_wrapper
from api.web.opt_outs import OptOut, opt_outs_of_headers
from api.web.sites import source_domains
from api.web.urls import normalize, parse_target
from schemas.enums import InputKind, SourceType

log = structlog.get_logger(__name__)

_LAG_SHARE: Final = 0.25  # of a fetch's duration: lag above this share may have caused the timeout


async def analyze_page(context: WorkerContext, job: JobState, run: Run) -> Edition:
    """The edition of the job's page. No transaction is open meanwhile.

    Raises what `fetch_page` raises, LinkUnresolved, NotHtml, PageTooLarge, ProcessCrashed and ProcessTimeout.
    """
    assert job.url is not None, "a job of kind url has one"
    await context.pace.turn(parse_target(job.url).host)
    page = await _fetch(context, job.url)
    final = parse_target(normalize(page.final_url))
    if is_wrapper(final.host, final.path):  # else the page would become a story of the aggregator
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
    new_source = None if source else _new_source(extracted.site_name, domains[-1])
    publisher = source or new_source
    assert publisher is not None
    facts = SourceFacts(name=publisher.name, type=publisher.type, host=host)
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
        new_source=new_source,
        domain=source.domain if source else domains[-1],
        signature=reading.signature,
        bands=reading.bands,
        fetched_at=fetched_at,
        rulings=rulings,
        proposed=reading.second is not None or context.engine.propose is not None,
        second=reading.second,
        agreement=reading.agreement,
        opt_outs=sorted(_opt_outs(context.robots, page, extracted)),
    )


def _opt_outs(robots: Robots, page: FetchedPage, extracted: Extracted) -> set[OptOut]:
    found = {*extracted.opt_outs, *opt_outs_of_headers(page.headers)}
    if robots.opts_out(parse_target(page.final_url)):
        found.add(OptOut.ROBOTS_TXT)
    return found


async def _judge(
    context: WorkerContext, run: Run, job_id: str, page: Extracted, url: str, facts: SourceFacts
) -> tuple[Reading, list[Ruling]]:
    """The page's assessment, with the rulings on its text."""
    if context.engine.propose is not None:
        article: Article = await run(article_of_page, page, url, facts, None)
        rulings = await _rulings(context, article)
        return await judge_article(context, run, job_id, article, rulings), rulings
    # extracts and judges in one task; the few texts with rulings or a second judge are judged twice
    taxonomy = context.runtime.taxonomy
    reading: Reading = await run(read_page, page, url, facts, None, taxonomy, context.engine.load)
    rulings = await _rulings(context, reading.article)
    held = await held_proposal(context, reading.article)
    if held is not None:
        reading, _ = await judge_by_both(context, run, reading.article, rulings, held)
    elif rulings:
        reading = await judge_article(context, run, job_id, reading.article, rulings)
    return reading, rulings


async def _rulings(context: WorkerContext, article: Article) -> list[Ruling]:
    async with context.runtime.pool.connection() as connection:
        return await list_rulings(connection, article.text_sha256)


async def _fetch(context: WorkerContext, url: str) -> FetchedPage:
    """The page, with one more attempt if a time limit passed because our own event loop was blocked.

    Raises what `fetch_page` raises.
    """
    loop, lag_s = asyncio.get_running_loop(), context.pulse.lag_s
    began = loop.time()
    try:
        return await fetch_page(context.client, url, context.robots)
    except FetchTimeout:
        lag_s = context.pulse.lag_s - lag_s
        if lag_s < _LAG_SHARE * (loop.time() - began):
            raise
        log.warning("fetch_lagged", seconds=round(lag_s, 1))
    return await fetch_page(context.client, url, context.robots)


def _new_source(site_name: str | None, domain: str) -> SourceRecord:
    """A new publisher, identified by its domain and named as in its page."""
    name = (site_name or "").strip()
    return SourceRecord(
        slug=domain.replace(".", "-"),
        name=name if 0 < len(name) <= 100 else domain,
        type=SourceType.OTHER,
        domains=[domain],
        known=False,
    )
