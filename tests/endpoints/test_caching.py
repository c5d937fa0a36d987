"""Validators, 304 and codings: what a cache or a polling client relies on."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import brotli
import pytest

from api.rendering.html.environment import stylesheet_path
from api.routes.headers import accepted_codings, is_unmodified, names_etag
from tests.api_client import Api
from tests.factories import make_article, make_edition, publish

OBJECT = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
PLAIN = {"Accept-Encoding": "identity"}


async def _paths(api: Api) -> dict[str, str]:
    """Every public GET and its Cache-Control."""
    story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
    source = story["source"]["id"]
    return {
        f"/v1/stories/{story['id']}": OBJECT,
        f"/v1/stories/{story['slug']}": OBJECT,
        f"/v1/verdicts/{story['verdict']['id']}": OBJECT,
        f"/v1/verdicts/{story['verdict']['id']}/explanation": OBJECT,
        f"/v1/claims/{story['verdict']['claims'][0]['id']}": OBJECT,
        f"/v1/sources/{source}": OBJECT,
        f"/v1/lookup?url={story['url']}": OBJECT,
        "/v1/stories": "public, max-age=15",
        f"/v1/stories/{story['id']}/verdicts": "public, max-age=15",
        f"/v1/stories/{story['id']}/claims": "public, max-age=15",
        "/v1/claims": "public, max-age=15",
        "/v1/sources": "public, max-age=15",
        "/v1/entities": "public, max-age=15",
        "/v1/stories?q=turbine": "public, max-age=15",
        "/v1/stats": "public, max-age=60",
        "/v1/stats?by=source,month": "public, max-age=60",
        f"/v1/sources/{source}/profile": "public, max-age=60",
        "/v1/taxonomy": "public, max-age=3600",
        "/v1/taxonomy/fog": "public, max-age=3600",
        "/v1/taxonomy/fog/jargon_saturation": "public, max-age=3600",
        "/problems": "public, max-age=3600",
        "/problems/gone": "public, max-age=3600",
        f"/v1/stories/{story['id']}.jsonld": OBJECT,
        f"/v1/stories/{story['id']}.md": OBJECT,
        f"/v1/stories/{story['id']}.md?budget=400": OBJECT,
        f"/v1/verdicts/{story['verdict']['id']}.md": OBJECT,
        f"/v1/claims/{story['verdict']['claims'][0]['id']}.jsonld": OBJECT,
        f"/v1/sources/{source}.md": OBJECT,
        f"/v1/stories/{story['id']}.html": OBJECT,
        f"/v1/stories/{story['id']}/cite": OBJECT,
        f"/v1/verdicts/{story['verdict']['id']}/passages": OBJECT,
        f"/v1/sources/{source}.html": "public, max-age=15",
        "/v1/taxonomy.md": "public, max-age=3600",
        "/v1/taxonomy/fog.html": "public, max-age=3600",
        "/v1/taxonomy/fog/jargon_saturation.md": "public, max-age=3600",
        "/ns.html": "public, max-age=3600",
        stylesheet_path(): "public, max-age=31536000, immutable",
        "/ns": "public, max-age=3600",
        "/ns.md": "public, max-age=3600",
        "/ns/context.jsonld": "public, max-age=3600",
        "/openapi.json": "public, max-age=3600",
        "/openapi.yaml": "public, max-age=3600",
        "/robots.txt": "public, max-age=3600",
        "/llms.txt": "public, max-age=15",
        "/llms-full.txt": "public, max-age=15",
        "/sitemap.xml": "public, max-age=15",
        "/sitemaps/pages.xml": "public, max-age=15",
        f"/sitemaps/{story['created_at'][:7]}.xml": "public, max-age=15",
        "/news-sitemap.xml": "public, max-age=15",
        "/feed.atom": "public, max-age=15",
        "/feed.rss?spin_type=hype": "public, max-age=15",
        "/feed.json": "public, max-age=15",
        "/feed.jsonld": "public, max-age=15",
        "/.well-known/api-catalog": "public, max-age=3600",
        "/.well-known/ai-catalog.json": "public, max-age=3600",
        "/.well-known/mcp/server-card.json": "public, max-age=3600",
        "/mcp/server-card": "public, max-age=3600",
        "/docs": "public, max-age=3600",
        "/docs/assets/swagger-ui.css": "public, max-age=3600",
        "/": "public, max-age=3600",
    }


class TestAPublicRead:
    async def test_has_validators_and_a_policy_and_gives_304_for_them(self, api: Api) -> None:
        for path, policy in (await _paths(api)).items():
            answer = await api.client.get(path, headers=PLAIN)
            assert answer.status_code == 200, path
            assert answer.headers["cache-control"] == policy, path
            assert "Accept-Encoding" in answer.headers["vary"], path
            assert parsedate_to_datetime(answer.headers["last-modified"]), path
            again = await api.client.get(path, headers=PLAIN | {"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b""), path
            for name in ("etag", "cache-control", "vary", "last-modified", "content-location"):
                assert again.headers.get(name) == answer.headers.get(name), (path, name)
            assert "link" not in again.headers, path  # who asks holds it
            assert "date" in again.headers
            assert "content-length" not in again.headers
            other = await api.client.get(path, headers=PLAIN | {"If-None-Match": '"other"'})
            assert other.status_code == 200, path

    async def test_is_the_same_in_each_coding_under_a_tag_of_its_own(self, api: Api) -> None:
        for path in await _paths(api):
            plain = await api.client.get(path, headers=PLAIN)
            for coding in ("gzip", "br"):
                coded = await api.client.get(path, headers={"Accept-Encoding": coding})
                assert coded.content == plain.content, path
                assert coded.headers["vary"] == plain.headers["vary"], path
                if "content-encoding" in coded.headers:
                    assert coded.headers["content-encoding"] == coding, path
                    assert coded.headers["etag"] == plain.headers["etag"][:-1] + f'-{coding}"', path
                    assert int(coded.headers["content-length"]) < int(plain.headers["content-length"]), path
                    named = {"Accept-Encoding": coding, "If-None-Match": coded.headers["etag"]}
                    assert (await api.client.get(path, headers=named)).status_code == 304, path
                else:
                    assert len(plain.content) < 500, path

    async def test_is_not_sent_again_since_its_date(self, api: Api) -> None:
        story_id = await api.publish_story()
        path = f"/v1/stories/{story_id}"
        date = (await api.client.get(path)).headers["last-modified"]
        earlier = format_datetime(parsedate_to_datetime(date) - timedelta(seconds=1), usegmt=True)
        for since, status in ((date, 304), (earlier, 200), ("nonsense", 200)):
            answer = await api.client.get(path, headers={"If-Modified-Since": since})
            assert answer.status_code == status, since
        both = await api.client.get(path, headers={"If-Modified-Since": date, "If-None-Match": '"x"'})
        assert both.status_code == 200

    async def test_of_a_list_never_relies_on_dates(self, api: Api) -> None:
        await api.publish_story()
        date = (await api.client.get("/v1/stories")).headers["last-modified"]
        answer = await api.client.get("/v1/stories", headers={"If-Modified-Since": date})
        assert answer.status_code == 200

    async def test_changes_its_tag_with_its_content(self, api: Api) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article))).story_id
        path = f"/v1/stories/{story_id}"
        tag = (await api.client.get(path)).headers["etag"]
        edition = make_edition(article, submitted_url="http://news.brightwater.example/2026/turbine")
        await publish(api.runtime, edition)
        answer = await api.client.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert len(answer.json()["aliases"]) == 2

    async def test_needs_no_key_and_stays_public_with_one(self, api: Api) -> None:
        story_id = await api.publish_story()
        answer = await api.holder.get(f"/v1/stories/{story_id}")
        assert answer.headers["cache-control"] == OBJECT


class TestCodings:
    @pytest.mark.parametrize(
        ("accepted", "codings"),
        [
            (None, []),
            ("", []),
            ("identity", []),
            ("gzip", ["gzip"]),
            ("GZIP", ["gzip"]),
            ("x-gzip", ["gzip"]),
            ("br", ["br"]),
            ("deflate, zstd", []),
            ("gzip;q=0", []),
            ("gzip; q=0.000", []),
            ("gzip;q=0, br", ["br"]),
            ("br;q=0, gzip", ["gzip"]),
            ("gzip, deflate, br", ["br", "gzip"]),
            ("gzip, br;q=0.9", ["gzip", "br"]),
            ("gzip;q=0.5, br;q=0.5", ["br", "gzip"]),
            ("gzip;q=0.5, identity;q=0.9", []),
            ("gzip;q=0.5, identity;q=0.5", ["gzip"]),
            ("br;q=0.9, gzip;q=0.3, identity;q=0.5", ["br"]),
            ("gzip;q=0.1", ["gzip"]),
            ("*", ["br", "gzip"]),
            ("*;q=0", []),
            ("*;q=0, gzip", ["gzip"]),
            ("br;q=0, *", ["gzip"]),
            ("gzip, *;q=0.5", ["gzip", "br"]),
            ("gzip;q=high, br;q=2", []),
            ("gzip;level=9;q=1", ["gzip"]),
        ],
    )
    def test_are_sent_as_weighted(self, accepted: str | None, codings: list[str]) -> None:
        assert list(accepted_codings(accepted)) == codings

    @pytest.mark.parametrize(
        ("accepted", "column", "unpack"),
        [("gzip", "body_gzip", gzip.decompress), ("gzip, br", "body_br", brotli.decompress)],
    )
    async def test_of_a_document_are_what_was_stored(
        self, api: Api, accepted: str, column: str, unpack: Callable[[bytes], bytes]
    ) -> None:
        story_id = await api.publish_story()
        async with api.client.stream(
            "GET", f"/v1/stories/{story_id}", headers={"Accept-Encoding": accepted}
        ) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        (row,) = await api.rows("SELECT * FROM documents WHERE object_id = $1 AND form = 'json'", story_id)
        assert raw == row[column]
        assert unpack(raw) == row["body"]


class TestAPrivateAnswer:
    async def test_is_packed_where_it_is_long_and_varies_by_what_is_accepted(self, api: Api) -> None:
        await api.publish_story()
        url = "/v1/events?after=0"
        for accepted, coding in (("gzip", "gzip"), ("gzip, br", "br"), ("identity", None)):
            answer = await api.holder.get(url, headers={"Accept-Encoding": accepted})
            assert answer.headers.get("content-encoding") == coding
            assert answer.headers["vary"] == "Accept, Accept-Encoding"
            assert answer.json()["data"]
        made = await api.holder.post("/v1/keys", json={"name": "n" * 100, "scopes": ["admin"]})
        key = await api.holder.get(f"/v1/keys/{made.json()['id']}", headers={"Accept-Encoding": "gzip"})
        assert (key.headers["etag"], key.headers.get("content-encoding")) == ('"1"', None)
        short = await api.holder.get("/v1/usage", headers={"Accept-Encoding": "gzip"})
        assert ("content-encoding" in short.headers) is (len(short.content) >= 500)


class TestAProblem:
    async def test_is_packed_where_it_is_long(self, api: Api) -> None:
        for accepted, coding in (("gzip", "gzip"), ("br", "br"), ("identity", None)):
            answer = await api.client.get("/v1/stats?by=mood", headers={"Accept-Encoding": accepted})
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers.get("content-encoding") == coding
            assert answer.headers["vary"] == "Accept-Encoding"
            assert answer.json()["status"] == answer.status_code == 400
            assert len(answer.content) >= 500


class TestTags:
    @pytest.mark.parametrize(
        ("header", "named"),
        [
            ('"abc"', True),
            ('W/"abc"', True),
            ('"x", W/"abc" , "y"', True),
            ("*", True),
            (" * ", True),
            ('"abcd"', False),
            ("abc", False),
            ("", False),
            ('"*"', False),
        ],
    )
    def test_are_compared_weakly_one_by_one(self, header: str, named: bool) -> None:
        assert names_etag(header, "abc") is named

    @pytest.mark.parametrize(
        ("since", "unmodified"),
        [
            ("Thu, 01 Jan 1970 00:16:40 GMT", True),
            ("Thu, 01 Jan 1970 00:16:39 GMT", False),
            ("Thursday, 01-Jan-70 00:16:40 GMT", True),
            ("1970-01-01", False),
            ("", False),
            ("Thu, 99 Jan 1970 00:00:00 GMT", False),
        ],
    )
    def test_give_way_to_dates_that_can_be_read(self, since: str, unmodified: bool) -> None:
        assert is_unmodified(since, 1000.999) is unmodified
