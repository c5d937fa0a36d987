"""Sitemaps and llms files: every scored story once with its date, bounded, without retracted ones."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from trafilatura.sitemaps import SitemapObject

from api.operations.crawling import read_sitemap
from tests.conftest import Servers
from tests.kit.clients.api_client import BASE_URL, Api, running_api
from tests.kit.databases import connected
from tests.kit.polling import until
from tests.kit.texts.factories import make_article, make_edition, make_refusal, publish
from tests.kit.texts.many_stories import BEGAN, Many
from tests.kit.texts.problems import JSON, check_problem

NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
MANY = Many(stories=12_500, sources=10, claims_each=0)


def places(body: bytes) -> dict[str, str | None]:
    root = etree.fromstring(body)
    assert etree.QName(root).namespace == NS["s"]
    found = {}
    for place in root:
        assert [etree.QName(part).localname for part in place][:1] == ["loc"]
        found[place.findtext("s:loc", namespaces=NS)] = place.findtext("s:lastmod", namespaces=NS)
    assert len(found) == len(root), "an address stands there twice"
    return found


@pytest.fixture(scope="module")
async def full(servers: Servers, template: str) -> AsyncIterator[Api]:
    """A service with so many stories in one month that the sitemap has a file for each day."""
    async with servers.temporary(template, "sitemaps") as name:
        async with connected(servers.database(name)) as connection:
            await MANY.write(connection)
        async with running_api(UNSPUN_DATABASE_URL=servers.as_app(name)) as api:
            yield api


class TestASitemap:
    async def test_of_pages_lists_each_type_and_tactic(self, quiet_api: Api) -> None:
        found = places((await quiet_api.client.get("/sitemaps/pages.xml")).content)
        types = quiet_api.runtime.taxonomy.types
        terms = [f"{entry.type}" for entry in types]
        terms += [f"{entry.type}/{tactic.code}" for entry in types for tactic in entry.tactics]
        assert len(terms) > 30
        assert found.keys() >= {f"{BASE_URL}/v1/taxonomy/{term}.html" for term in terms}
        for address in found:
            page = await quiet_api.client.get(address, headers={"Accept": "text/html"})
            assert page.status_code == 200, address
            assert page.headers["content-type"] == "text/html; charset=utf-8", address

    @pytest.mark.parametrize(
        "name",
        ["2024-13.xml", "2024-1.xml", "2024-01", "2024-01.txt", "0000-01.xml", "9999-12.xml", "2031-01.xml",
         "x.xml", "2024-02-30.xml", "2024-01-01T24.xml", "%2e%2e%2frobots.xml"],
    )  # fmt: skip
    async def test_is_404_outside_the_index(self, quiet_api: Api, name: str) -> None:
        check_problem(await quiet_api.client.get(f"/sitemaps/{name}"), 404, "not-found")

    async def test_of_all_hold_every_scored_story_once_in_bounded_files(self, full: Api) -> None:
        index = places((await full.client.get("/sitemap.xml")).content)
        rows = await full.rows("SELECT id, updated_at FROM stories WHERE status = 'scored'")
        scored = {row["id"]: row["updated_at"] for row in rows}
        assert len(scored) > read_sitemap.SHARD
        met: dict[str, str | None] = {}
        for address, changed in index.items():
            held = places((await full.client.get(address)).content)
            assert 0 < len(held) <= read_sitemap.SHARD
            assert changed is None or changed == max(filter(None, held.values()))
            assert not met.keys() & held.keys()
            met |= held
        pages = {address: at for address, at in met.items() if "/v1/stories/" in address}
        assert pages.keys() == {f"{BASE_URL}/v1/stories/{story_id}.html" for story_id in scored}
        for address, at in pages.items():
            (story_id,) = re.findall(r"sty_\w+", address)
            assert at is not None
            assert datetime.fromisoformat(at) == scored[story_id]
        days = [address for address in index if re.search(r"2024-01-\d\d\.xml$", address)]
        assert len(days) == 9  # 12,500 minutes

    async def test_of_a_month_with_daily_files_is_404(self, full: Api) -> None:
        check_problem(await full.client.get("/sitemaps/2024-01.xml"), 404, "not-found")

    async def test_is_read_by_a_crawlers_parser(self, full: Api) -> None:
        answer = await full.client.get("/sitemap.xml")
        reader = SitemapObject(BASE_URL, "unspun.test", [])
        reader.current_url, reader.content = f"{BASE_URL}/sitemap.xml", answer.text
        reader.process()
        assert set(reader.sitemap_urls) == set(places(answer.content))
        reader.current_url = f"{BASE_URL}/sitemaps/2024-01-02.xml"
        reader.content = (await full.client.get(reader.current_url)).text
        reader.process()
        assert len(reader.urls) > 1_000

    async def test_gives_each_page_the_date_that_the_page_gives_itself(self, api: Api) -> None:
        story_id = await api.publish_story()
        page = await api.client.get(f"/v1/stories/{story_id}.html")
        (month,) = [at for at in places((await api.client.get("/sitemap.xml")).content) if "/20" in at]
        held = places((await api.client.get(month)).content)
        (changed,) = held.values()
        assert changed is not None
        stamp = datetime.fromisoformat(changed)
        assert f"{stamp:%a, %d %b %Y %H:%M:%S GMT}" == page.headers["last-modified"]
        assert [*held] == [f"{BASE_URL}/v1/stories/{story_id}.html"]

    async def test_lists_nothing_that_is_gone_or_was_not_judged(self, api: Api) -> None:
        gone, kept = await api.publish_story(), await api.publish_story(url="http://other.example/1")
        article = make_article(url="http://site3.example/poem")
        poem = (await publish(api.runtime, make_edition(article, make_refusal(article)))).story_id
        paths = ["/news-sitemap.xml", "/llms.txt", "/llms-full.txt"]
        index = places((await api.client.get("/sitemap.xml")).content)
        paths += [address for address in index if "/20" in address]
        for path in paths:
            text = (await api.client.get(path)).text
            assert gone in text, path
            assert kept in text, path
            assert poem not in text, path
        body = {"reason": "error", "statement": "It was a test page."}
        await api.holder.post(f"/v1/stories/{gone}/retract", json=body, headers=JSON)

        async def forgotten() -> bool:
            texts = [(await api.client.get(path)).text for path in paths]
            return all(gone not in text and kept in text for text in texts)

        await until(forgotten, 5)

    async def test_is_answered_304_while_nothing_changes(self, api: Api) -> None:
        await api.publish_story()
        for path in (
            "/sitemap.xml",
            "/sitemaps/pages.xml",
            "/sitemaps/sources.xml",
            "/news-sitemap.xml",
            "/llms.txt",
        ):
            first = await api.client.get(path)
            again = await api.client.get(path, headers={"If-None-Match": first.headers["etag"]})
            assert (first.status_code, again.status_code) == (200, 304), path

    async def test_is_built_once_for_concurrent_requests(self, full: Api) -> None:
        shard = [*places((await full.client.get("/sitemap.xml")).content)][-1]
        first = await full.client.get(shard)
        async with full.runtime.pool.transaction() as connection:
            await connection.execute("LOCK TABLE stories IN ACCESS EXCLUSIVE MODE")
            assert (await full.client.get(shard)).content == first.content

    async def test_outlives_a_crawl_that_overflows_the_memory_for_stories(self, database_url: str) -> None:
        async with running_api(UNSPUN_DATABASE_URL=database_url, UNSPUN_MEMORY_MB="1") as api:
            stories = [await api.publish_story(url=f"http://crawl.example/{n}") for n in range(12)]
            first = await api.client.get("/sitemap.xml")
            paths = [
                f"/v1/stories/{story}.{form}"
                for story in stories
                for form in ("json", "md", "jsonld", "html")
            ]
            for path in paths:
                assert (await api.client.get(path)).status_code == 200
            assert 0 < len(api.runtime.documents) < len(paths)
            async with api.runtime.pool.transaction() as connection:
                await connection.execute("LOCK TABLE stories IN ACCESS EXCLUSIVE MODE")
                assert (await api.client.get("/sitemap.xml")).content == first.content


class TestTheNewsSitemap:
    async def test_holds_the_last_two_days_alone(self, api: Api) -> None:
        new, old = (
            await api.publish_story(title="New & bright"),
            await api.publish_story(url="http://o.example/1"),
        )
        async with api.runtime.pool.transaction() as connection:
            past = datetime.now(UTC) - timedelta(hours=49)
            await connection.execute("UPDATE stories SET created_at = $2 WHERE id = $1", old, past)
        (page,) = etree.fromstring((await api.client.get("/news-sitemap.xml")).content)
        assert page.findtext("s:loc", namespaces=NS) == f"{BASE_URL}/v1/stories/{new}.html"
        story = (await api.client.get(f"/v1/stories/{new}")).json()
        news = page.find("n:news", namespaces=NS)
        assert news.findtext("n:title", namespaces=NS) == "New & bright"
        assert news.findtext("n:publication_date", namespaces=NS) == story["created_at"]
        assert news.findtext("n:publication/n:name", namespaces=NS) == "Unspun"
        assert news.findtext("n:publication/n:language", namespaces=NS) == "en"

    async def test_may_be_empty(self, quiet_api: Api) -> None:
        assert len(etree.fromstring((await quiet_api.client.get("/news-sitemap.xml")).content)) == 0


def test_a_months_windows_meet_without_gap_or_overlap() -> None:
    month, leap = read_sitemap._window("2024-12"), read_sitemap._window("2024-02")
    assert month[1] == read_sitemap._window("2025-01")[0]
    assert leap[1] - leap[0] == timedelta(days=29)
    assert read_sitemap._window("2024-12-31T23-59-59")[1] == datetime(2025, 1, 1, tzinfo=UTC)
    assert BEGAN in {read_sitemap._window("2024-01")[0]}
