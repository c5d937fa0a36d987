"""Feeds by a feed parser, with any titles."""

import io
import json
from typing import Any

import feedparser
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from api.rendering.feeds import Feed, atom, json_feed, rss
from api.rendering.plain_text import plain
from api.rendering.sitemaps import NewsEntry, news_sitemap
from schemas.enums import Band, SpinType
from schemas.stories import StoryRow
from schemas.wire import rfc3339
from tests.kit.texts.filled import MOMENT, SITE, filled

PLACE = "http://unspun.test/feed.atom?spin_type=hype"
HOSTILE = (
    "</title><script>alert(1)</script>", "]]>", "<![CDATA[x", "<!--", "-->", "&amp;&lt;", '"><a href="x',
    "a\x00b",
    "\x1b[31m", "\u202e", "\ufffe\uffff", "<?xml version='1.0'?>", "&#0;", "%s {}", "\u2028two",
)  # fmt: skip


def row(text: Any = None, **changes: Any) -> StoryRow:
    given = {} if text is None else {"text": text}
    created = filled(
        StoryRow, **given, id="sty_1", primary=SpinType.HYPE, secondary=None, score=63, band=Band.STRONG
    )
    return msgspec.structs.replace(created, url="https://news.example/a?b=1&c=2", **changes)


def feed(*rows: StoryRow, following: str | None = None) -> Feed:
    return Feed(
        filters="",
        about="new stories",
        page="http://unspun.test/",
        self=PLACE,
        first=PLACE,
        next=following,
        stories=rows,
    )


def parsed(body: bytes) -> Any:
    found = feedparser.parse(io.BytesIO(body))
    assert not found.bozo, found.get("bozo_exception")
    return found


class TestEveryFeed:
    def test_without_stories_is_one_all_the_same(self) -> None:
        assert parsed(atom(feed(), SITE)).entries == []
        assert parsed(rss(feed(), SITE)).entries == []
        assert json.loads(json_feed(feed(), SITE))["items"] == []

    @settings(max_examples=60)
    @given(st.one_of(st.sampled_from(HOSTILE), st.text()))
    def test_is_read_without_a_complaint_whatever_a_title_spells(self, text: str) -> None:
        entry = row(lambda name: f"{name} {text}")
        for body in (atom(feed(entry), SITE), rss(feed(entry), SITE)):
            found = parsed(body)
            assert len(found.entries) == 1
            assert found.entries[0].unspun_score == "63"
            kept = plain(entry.source.name).translate({0xFFFE: None, 0xFFFF: None})  # XML allows neither
            # feedparser repairs suspected encoding errors, so words are read strictly
            (source,) = etree.fromstring(body).iter("{http://unspun.test/ns#}source")
            assert source.text.split() == kept.split()
        (item,) = json.loads(json_feed(feed(entry), SITE))["items"]
        assert item["title"] == plain(entry.title)
        assert (
            news_sitemap(
                [NewsEntry(url="http://unspun.test/", title=text, published_at=MOMENT)],
                publication="Unspun",
                language="en",
            ).count("<news:title>")
            == 1
        )

    def test_states_the_facts_of_its_stories(self) -> None:
        entry = row(title="Turbine & tide", published_at=MOMENT)
        for body in (atom(feed(entry), SITE), rss(feed(entry), SITE)):
            (read,) = parsed(body).entries
            assert read.title in ("Turbine & tide", "Turbine &amp; tide")
            assert (read.unspun_primary, read.unspun_score, read.unspun_band) == ("hype", "63", "strong")
            assert (read.unspun_id, read.unspun_verdict_id) == ("sty_1", entry.verdict_id)
            assert read.unspun_published_at == rfc3339(MOMENT)
            assert read.link == "http://unspun.test/v1/stories/sty_1.html"
            assert "63 of 100, strong spin" in read.summary
        (item,) = json.loads(json_feed(feed(entry), SITE))["items"]
        assert item["_unspun"]["score"] == 63
        assert item["_unspun"]["published_at"] == rfc3339(MOMENT)
        assert item["external_url"] == "https://news.example/a?b=1&c=2"
        assert item["date_modified"] == rfc3339(entry.updated_at)

    def test_leads_on_where_there_is_more(self) -> None:
        more = f"{PLACE}&cursor=x"
        for body in (atom(feed(row(), following=more), SITE), rss(feed(row(), following=more), SITE)):
            links = {link.rel: link.href for link in parsed(body).feed.links}
            assert links["next"] == more
            assert links["self"] == PLACE
        assert json.loads(json_feed(feed(row(), following=more), SITE))["next_url"] == more
