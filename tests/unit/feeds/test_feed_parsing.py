"""Feeds as sites write them, and malformed ones."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import NotAFeed
from api.feeds.feed import MAX_ENTRIES, FeedDocument
from api.feeds.feed_dates import read_date
from api.feeds.feed_parsing import parse_feed
from schemas.source_feeds import FeedKind

AT = "https://news.brightwater.example/feeds/all.xml"
ONE, TWO = "https://news.brightwater.example/one", "https://news.brightwater.example/two"


def parse(text: str | bytes, charset: str | None = None) -> FeedDocument:
    return parse_feed(text.encode() if isinstance(text, str) else text, charset, AT)


def urls(document: FeedDocument) -> list[str]:
    return [entry.url for entry in document.entries]


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def item(link: str) -> str:
    return f"<item><link>{link}</link></item>"


class TestParse:
    @pytest.mark.parametrize(
        "body",
        [
            "",
            "nothing",
            "<!doctype html><html><body><rss></rss></body></html>",
            "<!---->" * 580 + "<x",
            '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>',
            "<note/>",
            "<sitemapindex><sitemap><loc>https://a.example/</loc></sitemap></sitemapindex>",
            f"<urlset><url><loc>{ONE}</loc></url></urlset>",
            '{"version": "1"}',
            '{"version": "https://jsonfeed.org/version/1", "items": {}}',
            '{"version": "https://jsonfeed.org/version/1", "x": ' + "[" * 200_000,
            "<rss>" + "<a>" * 1_000_000,
            "<rss><channel><item><link>" + "x" * 1_000_000,
            bytes(range(256)) * 1_000,
        ],
    )
    def test_refuses_what_is_no_feed(self, body: str | bytes) -> None:
        with pytest.raises(NotAFeed):
            parse(body)

    @pytest.mark.parametrize(
        "subset",
        [
            '<!ENTITY a "b">',
            '<!ENTITY a SYSTEM "file:///etc/passwd">',
            '<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;',
            '<!ENTITY a "<x>"><!ENTITY b "&a;&a;&a;">',
            '<!-- <a --><!ENTITY a "b">',
        ],
    )
    def test_refuses_entities_of_its_own(self, subset: str) -> None:
        text = f"<!DOCTYPE rss [{subset}]>" + rss(item(f"{ONE}?&a;"))
        for body in (text.encode(), text.encode("utf-16")):
            with pytest.raises(NotAFeed, match="entities"):
                parse(body)

    def test_refuses_entities_behind_a_comment_that_looks_like_an_element(self) -> None:
        text = '<!-- <a --><!DOCTYPE rss [<!ENTITY a "b">]>' + rss(item(f"{ONE}?&a;"))
        with pytest.raises(NotAFeed, match="entities"):
            parse(text.encode())

    def test_reads_rss(self) -> None:
        document = parse(
            rss(
                "<title>All &amp; sundry</title><link>https://news.brightwater.example/</link>",
                "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='/feeds/all.xml'/>",
                "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='https://hub.example/'/>",
                "<item><title>One</title><link>/one?utm_source=rss</link>"
                "<pubDate>Tue, 03 Mar 2026 09:00:00 +0100</pubDate></item>",
                f"<item><guid>{TWO}</guid><pubDate>last Tuesday</pubDate></item>",
                "<item><guid isPermaLink='false'>17</guid></item>",
            )
        )
        assert (document.kind, document.title) == (FeedKind.RSS, "All & sundry")
        assert urls(document) == [ONE, TWO]
        assert [entry.published_at for entry in document.entries] == [
            datetime(2026, 3, 3, 8, tzinfo=UTC),
            None,
        ]
        assert [entry.misdated for entry in document.entries] == [False, True]
        assert (document.unlinked, document.cut) == (1, False)

    def test_prefers_the_publishers_link_to_an_aggregators(self) -> None:
        original = f'<o:origLink xmlns:o="http://rssnamespace.org/feedburner/ext/1.0">{ONE}</o:origLink>'
        wrapped = "https://www.google.com/url?q=" + TWO
        document = parse(
            rss(f"<item><link>https://feeds.example/~r/1</link>{original}</item>", item(wrapped))
        )
        assert urls(document) == [ONE, TWO]

    def test_reads_atom(self) -> None:
        document = parse(
            """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.brightwater.example/">
            <title>All</title><link rel="self" href="feeds/all.xml"/><link rel="hub" href="https://hub.example/"/>
            <entry><title>x</title><link rel="edit" href="edit"/><link href="one"/>
            <published>2026-03-03T08:00:00Z</published><updated>2026-03-09T08:00:00Z</updated></entry>
            <entry xml:base="/a/"><link href="../two" type="text/html" rel="alternate"/>
            <updated>2026-03-03</updated></entry></feed>"""
        )
        assert (document.kind, document.title) == (FeedKind.ATOM, "All")
        assert urls(document) == [ONE, TWO]
        assert document.entries[0].published_at == datetime(2026, 3, 3, 8, tzinfo=UTC)
        assert document.entries[1].published_at == datetime(2026, 3, 3, tzinfo=UTC)

    def test_reads_news_of_a_sitemap_and_leaves_the_rest(self) -> None:
        document = parse(
            f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
            xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{ONE}</loc><n:news>
            <n:publication_date>2026-03-03T08:00:00Z</n:publication_date></n:news></url>
            <url><loc>{TWO}</loc></url></urlset>"""
        )
        assert document.kind is FeedKind.NEWS_SITEMAP
        assert urls(document) == [ONE]
        assert document.entries[0].published_at == datetime(2026, 3, 3, 8, tzinfo=UTC)

    def test_reads_json_feed(self) -> None:
        document = parse(
            """{"version": "https://jsonfeed.org/version/1.1", "title": "All", "feed_url": "/feeds/all.xml",
            "hubs": [{"type": "WebSub", "url": "https://hub.example/"}, {"type": "rssCloud", "url": "x"}],
            "items": [{"id": 1, "url": "/one", "date_published": "2026-03-03T08:00:00Z"},
                      {"id": "https://news.brightwater.example/two", "date_published": 7}, {"url": 3}]}"""
        )
        assert (document.kind, document.title) == (FeedKind.JSON_FEED, "All")
        assert urls(document) == [ONE, TWO]
        assert document.unlinked == 1

    def test_stops_after_the_bound(self) -> None:
        document = parse(rss(*(item(f"{ONE}/{number}") for number in range(20_000))))
        assert (len(document.entries), document.cut) == (MAX_ENTRIES, True)
        assert urls(document)[-1] == f"{ONE}/{MAX_ENTRIES - 1}"

    @pytest.mark.parametrize("oldest_first", [False, True])
    def test_reads_the_newest_of_many(self, *, oldest_first: bool) -> None:
        many = MAX_ENTRIES * 2
        numbers = range(many) if oldest_first else reversed(range(many))
        first = datetime(2026, 3, 3, tzinfo=UTC)
        dates = {number: format_datetime(first + timedelta(minutes=number)) for number in numbers}
        document = parse(
            rss(*(f"<item><link>{ONE}/{n}</link><pubDate>{d}</pubDate></item>" for n, d in dates.items()))
        )
        newest = {f"{ONE}/{number}" for number in range(many - MAX_ENTRIES, many)}
        assert (set(urls(document)), document.cut) == (newest, True)

    def test_ends_where_entries_lead_nowhere(self) -> None:
        with pytest.raises(NotAFeed):
            parse(rss(*(["<item><title>none</title></item>"] * 20_000), item(ONE)))

    @pytest.mark.parametrize(
        "broken",
        [
            f"<rss><channel><item><title>a&nbsp;b & c</title><link>{ONE}</link></item></channel></rss>",
            f"<rss><channel><item><link>{ONE}</link></item><item><link>",
            f"\ufeff\n <rss><channel><item><title>\x08</title><link>{ONE}</link></item></channel></rss>",
            f"<rss><channel><unclosed><item><link>{ONE}</link></item></channel></rss>",
        ],
    )
    def test_reads_what_is_merely_broken(self, broken: str) -> None:
        assert urls(parse(broken))[:1] == [ONE]

    @pytest.mark.parametrize("codec", ["iso-8859-1", "utf-16", "windows-1251", "utf-8"])
    def test_knows_the_encoding(self, codec: str) -> None:
        word = "Жук" if codec == "windows-1251" else "Möwe"
        text = f'<?xml version="1.0" encoding="{codec}"?><rss><channel><title>{word}</title></channel></rss>'
        assert parse(text.encode(codec)).title == word

    @pytest.mark.parametrize(
        "link", ["javascript:alert(1)", "file:///etc/passwd", "http://[::1", "http://u:p@a.example/"]
    )
    def test_takes_no_address_that_is_none(self, link: str) -> None:
        document = parse(rss(item(link)))
        assert (document.entries, document.unlinked) == ([], 1)

    @given(st.binary(max_size=300))
    def test_reads_or_refuses_whatever_comes(self, tail: bytes) -> None:
        for head in (b"<rss><channel><item>", b"<feed>", b'{"version": ', b""):
            try:
                document = parse(head + tail)
            except NotAFeed:
                continue
            assert len(document.entries) <= MAX_ENTRIES


class TestReadDate:
    @pytest.mark.parametrize(
        "text",
        [
            "Tue, 03 Mar 2026 08:00:00 GMT",
            "3 Mar 2026 08:00 +0000",
            "Tue, 03 Mar 2026 03:00:00 EST",
            "2026-03-03T08:00:00Z",
            "2026-03-03 08:00:00",
            "2026-03-03T09:00+01:00",
            " 2026-03-03T08:00:00.000Z\n",
        ],
    )
    def test_reads_the_usual_forms(self, text: str) -> None:
        assert read_date(text) == datetime(2026, 3, 3, 8, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text",
        [
            None,
            "",
            "yesterday",
            "32 Mar 2026 08:00 GMT",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "1" * 1_000,
        ],
    )
    def test_is_none_for_what_is_no_date(self, text: str | None) -> None:
        assert read_date(text) is None

    @given(st.text(max_size=60))
    def test_never_fails(self, text: str) -> None:
        moment = read_date(text)
        assert moment is None or moment.utcoffset() is not None
