"""`unspun sources add` and related commands: from a site's URL to polled feeds."""

import asyncio
import os
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.feeds import HOST, feed_reply, rss

pytestmark = pytest.mark.slow

FRONT = f"http://{HOST}/"
NEWS = (
    '<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>http://news.brightwater.example/a'
    "</loc><n:news><n:publication_date>2026-03-03</n:publication_date></n:news></url></urlset>"
)


@pytest.fixture
def unspun(database_url: str, site: Site) -> Callable[..., Any]:
    """Runs a command, which has its own event loop, beside the site."""
    environment: dict[str, str | None] = {name: None for name in os.environ if name.startswith("UNSPUN_")}
    environment |= {
        "UNSPUN_DATABASE_URL": database_url,
        "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
        "UNSPUN_FETCH_HOST_MAP": f"{HOST}=127.0.0.1:{site.port}",
        "UNSPUN_FETCH_DELAY_S": "0",
    }

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(lambda: CliRunner().invoke(main, arguments, env=environment))

    return run


def front(head: str) -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>News</body></html>".encode()


class TestAdding:
    async def test_prints_the_error(self, unspun: Callable[..., Any], site: Site) -> None:
        site.put(HOST, "/", front("<title>Nothing</title>"))
        site.put(HOST, "/private", front(""))
        site.put(HOST, "/robots.txt", Reply(b"User-agent: *\nDisallow: /private", headers={}))
        for url, said in (
            (FRONT, "No feed found"),
            (f"{FRONT}missing", "The site answered 404"),
            (f"{FRONT}private", "robots.txt"),
            ("http://10.0.0.8/", "private"),
            ("brightwater", "http://"),
        ):
            refused = await unspun("sources", "add", url)
            assert (refused.exit_code, said in refused.output) == (1, True), refused.output
        assert (await unspun("sources", "list", "--json")).output == "[]\n"

    async def test_finds_what_the_page_names_and_the_news_of_its_sitemaps(
        self, unspun: Callable[..., Any], site: Site
    ) -> None:
        head = (
            '<meta property="og:site_name" content="Brightwater News">'
            '<link rel="alternate" type="application/rss+xml" href="/all.xml">'
            '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
            '<link rel="alternate" type="application/atom+xml" href="/missing.xml">'
            '<link rel="stylesheet" href="/feed">'
        )
        site.put(HOST, "/", front(head))
        site.put(HOST, "/all.xml", feed_reply(rss(f"{FRONT}a")))
        site.put(HOST, "/feed", feed_reply(rss(f"{FRONT}b")))
        site.put(
            HOST,
            "/robots.txt",
            Reply(f"User-agent: *\nAllow: /\nSitemap: {FRONT}index.xml".encode(), headers={}),
        )
        index = f"<sitemapindex><sitemap><loc>{FRONT}news.xml</loc></sitemap></sitemapindex>"
        site.put(HOST, "/index.xml", feed_reply(index))
        site.put(HOST, "/news.xml", feed_reply(NEWS))
        dry = await unspun("sources", "add", FRONT, "--dry-run", "--json")
        assert [feed["url"] for feed in msgspec.json.decode(dry.output)["feeds"]] == [
            f"{FRONT}all.xml",
            f"{FRONT}news.xml",
        ]
        added = await unspun("sources", "add", FRONT, "--type", "media")
        assert added.output.startswith("Brightwater News (brightwater-example)\nadded  fed_"), added.output
        assert (await unspun("sources", "add", FRONT)).output.count("known  fed_") == 2
        listed = msgspec.json.decode((await unspun("sources", "list", "--json")).output)
        assert [feed["url"] for feed in listed] == [f"{FRONT}all.xml", f"{FRONT}news.xml"]
        assert "polled never" in (await unspun("sources", "list")).output

    async def test_tries_common_paths_if_the_page_links_no_feed(
        self, unspun: Callable[..., Any], site: Site
    ) -> None:
        site.put(HOST, "/", front(""))
        site.put(HOST, "/feed.xml", feed_reply(rss(f"{FRONT}a")))
        (feed,) = msgspec.json.decode((await unspun("sources", "add", FRONT, "--json")).output)
        assert feed["url"] == f"{FRONT}feed.xml"
        assert (await unspun("sources", "remove", feed["url"])).output == f"{feed['id']} has been removed.\n"
        again = await unspun("sources", "poll", feed["id"])
        assert (again.exit_code, "no such feed" in again.output) == (1, True)

    async def test_adds_a_feed_url_to_the_named_source(self, unspun: Callable[..., Any], site: Site) -> None:
        site.put(HOST, "/feed.xml", feed_reply(rss(f"{FRONT}a")))
        refused = await unspun("sources", "add", f"{FRONT}feed.xml", "--source", "nobody")
        assert (refused.exit_code, "no such source" in refused.output) == (1, True)
        assert (await unspun("sources", "add", f"{FRONT}feed.xml")).exit_code == 0
        (feed,) = msgspec.json.decode((await unspun("sources", "list", "--json")).output)
        due = await unspun("sources", "poll", feed["url"], "--json")
        assert msgspec.json.decode(due.output)["id"] == feed["id"]
        listed = await unspun("sources", "list", "--source", "brightwater-example", "--failing", "--json")
        assert listed.output == "[]\n"
