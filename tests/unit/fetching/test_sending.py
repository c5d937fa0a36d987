"""Request headers and policies: pages, feeds, deliveries."""

import asyncio
import gzip

import pytest

from api.errors import FetchFailed, FetchTimeout, NotHtml, PublisherOptedOut, UrlNotAllowed
from api.fetching.body import MAX_MEMBERS, read_body
from api.fetching.client import GuardedClient
from api.fetching.page import fetch_page
from api.web.urls import Target, parse_target
from tests.kit.servers.fixed_resolver import FixedResolver
from tests.unit.fetching.conftest import HOST, Exchange, MakeClient, WireServer, reply

URL = f"http://{HOST}/hook"


class TestSending:
    @pytest.mark.parametrize("method", ["CONNECT", "TRACE", "PUT", "get", "GET / HTTP/1.1\r\nX: y", ""])
    async def test_refuses_a_method(self, make_client: MakeClient, method: str) -> None:
        with pytest.raises(ValueError, match="method"):
            async with make_client().send(parse_target(URL), method=method):
                pass

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("X-A", "one\r\nX-B: two"),
            ("X-A", "one\ntwo"),
            ("X-A", "nul\x00"),
            ("X-A", "caf\u00e9"),
            ("X-A", " padded "),
            ("X A", "one"),
            ("X-A:", "one"),
            ("", "one"),
            ("X-A\r\nX-B", "one"),
            ("Host", "inside.example"),
            ("content-length", "5"),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "keep-alive"),
            ("Proxy-Authorization", "Basic eA=="),
            ("Cookie", "a=b"),
            ("Accept-Encoding", "br"),
            ("Expect", "100-continue"),
        ],
    )
    async def test_refuses_a_header_that_splits_or_overrules(
        self, make_client: MakeClient, wire: WireServer, name: str, value: str
    ) -> None:
        with pytest.raises(ValueError, match="header"):
            async with make_client().send(parse_target(URL), headers={name: value}):
                pass
        assert wire.requests == []

    @pytest.mark.parametrize(
        "target",
        [
            Target("http", HOST, 80, "/a\r\nX: y", ""),
            Target("http", HOST, 80, "/a b", ""),
            Target("http", HOST, 80, "/" + "a" * 2_048, ""),
            Target("http", HOST, 80, "/", "q=\n"),
            Target("ftp", HOST, 80, "/", ""),
        ],
    )
    async def test_refuses_a_target_that_no_parser_made(
        self, make_client: MakeClient, wire: WireServer, target: Target
    ) -> None:
        with pytest.raises((UrlNotAllowed, KeyError)):
            async with make_client().send(target):
                pass
        assert wire.requests == []

    async def test_ends_with_the_block_that_reads_it(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/hook"] = reply(200, b"ok")
        with pytest.raises(FetchTimeout):
            async with make_client(total_seconds=0.1).send(parse_target(URL)):
                await asyncio.Event().wait()

    async def test_posts_a_body_with_headers_of_the_callers(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        bodies: list[bytes] = []

        async def take(exchange: Exchange) -> None:
            bodies.append(await exchange.body())
            await exchange.send(reply(204, b"", None))

        wire.answers["/hook"] = take
        client = GuardedClient(make_client().policy.for_deliveries(), FixedResolver({}))
        headers = {"Content-Type": "application/json", "webhook-id": "evt_1"}
        body = '{"name":"caf\u00e9"}'.encode()
        async with client.send(parse_target(URL), method="POST", headers=headers, body=body) as response:
            assert response.status == 204
        assert bodies == [body]
        sent = wire.requests[0].headers
        assert wire.requests[0].head.startswith("POST /hook HTTP/1.1\r\n")
        assert (sent["content-type"], sent["webhook-id"]) == ("application/json", "evt_1")
        assert sent["content-length"] == str(len(body))
        assert not {"cookie", "authorization", "transfer-encoding"} & sent.keys()

    async def test_follows_no_redirect_of_a_delivery(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/hook"] = reply(307, b"", Location="/elsewhere")
        client = GuardedClient(make_client().policy.for_deliveries(), FixedResolver({}))
        async with client.send(parse_target(URL), method="POST", body=b"{}") as response:
            assert response.status == 307
        assert [request.target for request in wire.requests] == ["/hook"]

    async def test_reads_no_more_of_a_receivers_answer_than_it_may(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/hook"] = reply(200, b"a" * 1_000_000)
        client = GuardedClient(make_client().policy.for_deliveries(), FixedResolver({}))
        async with client.send(parse_target(URL), method="POST", body=b"{}") as response:
            assert len(await read_body(response, client.policy, max_bytes=1_024, cut=True)) == 1_024


class TestPolicies:
    def test_refuse_plain_http_for_deliveries(self, make_client: MakeClient) -> None:
        policy = make_client(allow_loopback=False).policy.for_deliveries()
        with pytest.raises(UrlNotAllowed, match="https"):
            policy.refuse(parse_target(URL))
        policy.refuse(parse_target(f"https://{HOST}/hook"))

    @pytest.mark.parametrize("host", ["gazette.example", "www.gazette.example", "a.b.gazette.example"])
    def test_refuse_a_publisher_who_opted_out(self, make_client: MakeClient, host: str) -> None:
        policy = make_client(opted_out=frozenset({"gazette.example"})).policy
        with pytest.raises(PublisherOptedOut):
            policy.refuse(parse_target(f"http://{host}/"))
        policy.refuse(parse_target("http://mygazette.example/"))
        policy.for_deliveries().refuse(parse_target(f"http://{host}/"))

    async def test_take_feeds_for_feeds_and_pages_for_pages(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        page, feed = make_client(), make_client()
        feed.policy = feed.policy.for_feeds()
        wire.answers["/hook"] = reply(200, b"<rss/>", "application/rss+xml; charset=utf-8")
        assert (await fetch_page(feed, URL)).content_type == "application/rss+xml"
        with pytest.raises(NotHtml):
            await fetch_page(page, URL)
        wire.answers["/hook"] = reply(200, b"GIF", "image/gif")
        with pytest.raises(NotHtml):
            await fetch_page(feed, URL)


class TestBodies:
    @pytest.mark.parametrize("second", ["gzip", "identity", "br"])
    async def test_are_refused_in_two_codings(
        self, make_client: MakeClient, wire: WireServer, second: str
    ) -> None:
        packed = gzip.compress(gzip.compress(b"<p>nested"))
        wire.answers["/hook"] = reply(200, packed, Content_Encoding="gzip", content_encoding=second)
        with pytest.raises(FetchFailed, match="coding"):
            await fetch_page(make_client(), URL)

    async def test_that_unpack_to_another_archive_are_no_page(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/hook"] = reply(
            200, gzip.compress(gzip.compress(b"a" * 10_000_000)), Content_Encoding="gzip"
        )
        with pytest.raises(NotHtml):
            await fetch_page(make_client(), URL)

    async def test_are_refused_in_many_empty_parts(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/hook"] = reply(200, gzip.compress(b"") * (MAX_MEMBERS + 1), Content_Encoding="gzip")
        with pytest.raises(FetchFailed, match="parts"):
            await fetch_page(make_client(), URL)
