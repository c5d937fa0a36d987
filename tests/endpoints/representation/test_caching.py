"""Validators, 304 and content codings, as caches and polling clients use them."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import brotli
import pytest
from httplink import parse_link_header

from api.routes.http.request.headers import accepted_codings, is_unmodified, names_etag
from tests.kit.clients.api_client import Api
from tests.kit.clients.public_reads import OBJECT, public_reads
from tests.kit.texts.factories import make_article, make_edition, publish

MARKDOWN = "text/markdown; charset=utf-8"
PLAIN = {"Accept-Encoding": "identity"}
# On all public responses: links to the API description and the terms.
SERVICE = {"service-desc", "service-doc", "api-catalog", "license"}
# Public too, but without those links: for the operator's probes.
OTHERS = {"/livez", "/readyz"}


class TestAPublicRead:
    async def test_has_validators_and_a_policy_and_gives_304_for_them(self, full_api: Api) -> None:
        api = full_api
        for path, policy in (await public_reads(api)).items():
            answer = await api.client.get(path, headers=PLAIN)
            assert answer.status_code == 200, path
            assert answer.headers["cache-control"] == policy, path
            assert "Accept-Encoding" in answer.headers["vary"], path
            assert parsedate_to_datetime(answer.headers["last-modified"]), path
            again = await api.client.get(path, headers=PLAIN | {"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b""), path
            for name in ("etag", "cache-control", "vary", "content-location"):
                assert again.headers.get(name) == answer.headers.get(name), (path, name)
            # clients store these with the content
            for name in (
                "last-modified",
                "link",
                "content-signal",
                "content-security-policy",
                "cross-origin-resource-policy",
                "x-content-type-options",
            ):
                assert name in answer.headers, (path, name)
                assert name not in again.headers, (path, name)
            assert again.headers["access-control-allow-origin"] == "*", path
            assert "content-length" not in again.headers
            other = await api.client.get(path, headers=PLAIN | {"If-None-Match": '"other"'})
            assert other.status_code == 200, path

    async def test_is_one_of_these(self, full_api: Api) -> None:
        contract = (await full_api.client.get("/openapi.json")).json()["paths"]
        public = {path for path, methods in contract.items() if methods.get("get", {}).get("security") == []}
        tried = [path.partition("?")[0] for path in await public_reads(full_api)]
        untried = {
            path
            for path in public - OTHERS
            if not any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), one) for one in tried)
        }
        assert not untried

    async def test_links_to_its_description_and_terms(self, full_api: Api) -> None:
        api = full_api
        for path in await public_reads(api):
            for _ in range(2):  # the second time some are served before routing
                answer = await api.client.get(path)
                found = parse_link_header(answer.headers["link"])
                assert {rel for one in found.links for rel in one.rel} >= SERVICE, path
                assert answer.headers["content-signal"] == "search=yes, ai-input=yes, ai-train=yes", path
                assert answer.headers.get_list("link", split_commas=False) == [answer.headers["link"]], path
            size = -(-len(answer.text) // 4) if answer.headers["content-type"] == MARKDOWN else None
            assert answer.headers.get("x-markdown-tokens") == (size and str(size)), path
            for target in [one.target for one in found.links if "describedby" in one.rel]:
                assert (await api.client.get(target)).status_code == 200, (path, target)

    async def test_is_the_same_in_each_coding_under_a_tag_of_its_own(self, full_api: Api) -> None:
        api = full_api
        for path in await public_reads(api):
            if path.endswith(".gz"):
                continue
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
        assert (await api.client.get("/v1/stories", headers={"If-Modified-Since": date})).status_code == 200

    async def test_changes_its_tag_with_its_content(self, api: Api) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article))).story_id
        path = f"/v1/stories/{story_id}"
        tag = (await api.client.get(path)).headers["etag"]
        await publish(
            api.runtime, make_edition(article, submitted_url="http://news.brightwater.example/2026/turbine")
        )
        answer = await api.client.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert len(answer.json()["aliases"]) == 2

    async def test_needs_no_key_and_stays_public_with_one(self, api: Api) -> None:
        story_id = await api.publish_story()
        assert (await api.holder.get(f"/v1/stories/{story_id}")).headers["cache-control"] == OBJECT


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
        created = await api.holder.post("/v1/keys", json={"name": "n" * 100, "scopes": ["admin"]})
        key = await api.holder.get(f"/v1/keys/{created.json()['id']}", headers={"Accept-Encoding": "gzip"})
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
