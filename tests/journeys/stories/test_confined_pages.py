"""Confined processes extract pages as unconfined ones do: lazy imports were done before."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api.analysis.text.article import SourceFacts
from api.engines import FAST, FULL, LLM, EngineSpec
from api.feeds.feed_links import feed_links
from api.feeds.feed_parsing import parse_feed
from api.feeds.sitemap_index import sitemaps_of
from api.pages.model_tasks import judge_both, judgement_requests, prose_request, review_request
from api.pages.reader import article_of_text, extract_page, read_article, read_page
from api.processes.pool import Processes
from api.runtime.load_taxonomy import load_taxonomy
from schemas.enums import SourceType
from tests.kit.shared import shared_folder
from tests.kit.texts.answers import BODY, PROSE, TITLE, answer, choices, proposal
from tests.kit.texts.feeds import FEED, rss
from tests.kit.texts.hostile_texts import hostile_texts
from tests.kit.texts.pages import article_page

ROOT = Path(__file__).parents[3]
URL = "http://news.brightwater.example/turbine"
FACTS = SourceFacts(name="Brightwater", type=SourceType.MEDIA, host="brightwater.example")
CODECS = (
    "shift_jis",
    "gb18030",
    "euc-kr",
    "big5",
    "koi8-r",
    "windows-1252",
    "utf-16",
    "iso-2022-jp",
    "no-such",
)


@asynccontextmanager
async def _confined(engine: EngineSpec) -> AsyncIterator[Processes]:
    processes = Processes(size=2, memory_mb=1_500, cpu_s=120, preload=engine.preload)
    try:
        yield processes
    finally:
        await asyncio.to_thread(processes.close)


def _pages(*, every: bool) -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted((ROOT / "seeds" / "pages").glob("*.html")))
    shared = shared_folder()
    if every and shared is not None:
        yield from (path.read_bytes() for path in sorted((shared / "data/samples/html").glob("*.html")))


@pytest.mark.parametrize("engine", [FAST, pytest.param(FULL, marks=pytest.mark.slow)], ids=lambda e: e.name)
class TestAConfinedProcess:
    async def test_reads_pages_as_others_do(self, engine: EngineSpec) -> None:
        taxonomy = load_taxonomy()
        async with _confined(engine) as processes:
            for page in _pages(every=engine is FULL):
                extracted = await processes.run(extract_page, page, URL, None, "text/html")
                assert extracted == extract_page(page, URL, None, "text/html")
                reading = await processes.run(read_page, extracted, URL, FACTS, None, taxonomy, engine.load)
                assert reading == read_page(extracted, URL, FACTS, None, taxonomy, engine.load)

    async def test_reads_hostile_texts_to_the_end(self, engine: EngineSpec) -> None:
        taxonomy = load_taxonomy()
        async with _confined(engine) as processes:
            for name, text in hostile_texts(3_000):
                article = await processes.run(article_of_text, None, text, None, None)
                assert article == article_of_text(None, text, None, None)
                reading = await processes.run(read_article, article, taxonomy, (), engine.load)
                assert reading == read_article(article, taxonomy, (), engine.load), name


class TestAnyEncoding:
    async def test_is_known_to_a_confined_process(self) -> None:
        page = article_page()
        async with _confined(FAST) as processes:
            for codec in CODECS:
                found = await processes.run(extract_page, page, URL, codec, "text/html")
                assert found == extract_page(page, URL, codec, "text/html"), codec

    async def test_of_a_feed_is_too(self) -> None:
        feed = rss(URL).encode()
        async with _confined(FAST) as processes:
            assert await processes.run(parse_feed, feed, None, FEED) == parse_feed(feed, None, FEED)
            links = await processes.run(feed_links, article_page(), None, URL)
            assert links == feed_links(article_page(), None, URL)
            assert await processes.run(sitemaps_of, b"<sitemapindex/>", None) == []


@pytest.mark.slow
async def test_a_confined_process_judges_by_a_language_model_as_others_do() -> None:
    """With nothing loaded but the preload of that engine."""
    taxonomy, secret = load_taxonomy(), b"secret of a test"
    given = proposal(prose=PROSE, review=choices(["loaded_hype 111-142"]))
    texts = [(TITLE, BODY), *((None, text) for _, text in hostile_texts(2_000))]
    async with _confined(LLM) as processes:
        for title, text in texts:
            article = article_of_text(title, text, None, None)
            requests = await processes.run(judgement_requests, article, taxonomy, secret)
            assert requests == judgement_requests(article, taxonomy, secret)
            answers = [answer().decode() for _ in requests]
            step = await processes.run(prose_request, article, taxonomy, secret, answers)
            assert step == prose_request(article, taxonomy, secret, answers)
            review = await processes.run(review_request, article, taxonomy, secret)
            assert review == review_request(article, taxonomy, secret)
            both = await processes.run(judge_both, article, taxonomy, (), given)
            assert both == judge_both(article, taxonomy, (), given)
