"""Fetching one page, against real sockets on loopback."""

import asyncio
import gzip
import zlib
from collections.abc import Callable

import pytest

from api.errors import (
    FetchFailed,
    FetchTimeout,
    InvalidRequest,
    NotHtml,
    PageTooLarge,
    RedirectRefused,
    SiteRefused,
    TooManyRedirects,
    UrlNotAllowed,
)
from api.fetching.fetch_errors import SiteAnswer
from api.fetching.page import fetch_page
from tests.unit.fetching.conftest import HOST, Exchange, MakeClient, WireServer, reply

PAGE = b"<!doctype html><title>A page</title><p>Some words.</p>"
URL = f"http://{HOST}/"


class TestFetchPage:
    @pytest.mark.parametrize("url", ["", "nothing", "http://", "http://a b/", "//site.example/"])
    async def test_refuses_what_is_not_a_url(self, make_client: MakeClient, url: str) -> None:
        with pytest.raises(InvalidRequest):
            await fetch_page(make_client(), url)

    @pytest.mark.parametrize(
        "url",
        ["ftp://site.example/", "http://a:b@site.example/", "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/",
         "http://site.example:22/", "http://0xa9fea9fe/", "http://printer/"],
    )  # fmt: skip
    async def test_refuses_a_url_that_is_not_allowed(self, make_client: MakeClient, url: str) -> None:
        with pytest.raises(UrlNotAllowed):
            await fetch_page(make_client(), url)

    @pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503, 204, 304])
    async def test_refuses_any_status_but_a_pages(
        self, make_client: MakeClient, wire: WireServer, status: int
    ) -> None:
        wire.answers["/"] = reply(status, b"", Retry_After="120")
        with pytest.raises(SiteRefused) as caught:
            await fetch_page(make_client(), URL)
        assert isinstance(caught.value.__cause__, SiteAnswer)
        assert caught.value.__cause__.status == status
        assert caught.value.retry_after == 120

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("application/pdf", b"%PDF-1.7"),
            ("image/png", b"\x89PNG\r\n"),
            ("application/json", b"{}"),
            ("text/html", b"%PDF-1.7 disguised"),
            ("text/html", b"\x89PNG\r\n\x1a\n"),
            ("text/html", b"\xff\xd8\xff\xe0"),
            ("text/html", b"PK\x03\x04"),
        ],
    )
    async def test_refuses_what_is_not_a_page(
        self, make_client: MakeClient, wire: WireServer, content_type: str | None, body: bytes
    ) -> None:
        wire.answers["/"] = reply(200, body, content_type)
        with pytest.raises(NotHtml):
            await fetch_page(make_client(), URL)

    async def test_refuses_a_body_that_declares_to_be_too_large(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50000000\r\n\r\n"
        with pytest.raises(PageTooLarge):
            await fetch_page(make_client(), URL)

    async def test_refuses_an_endless_body_after_the_limit(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        sent = 0

        async def endless(exchange: Exchange) -> None:
            nonlocal sent
            await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            while sent < 50_000_000:
                await exchange.send(b"<p>more</p>" * 6_000)
                sent += 66_000

        wire.answers["/"] = endless
        with pytest.raises(PageTooLarge):
            await fetch_page(make_client(max_body_bytes=1_000_000), URL)
        assert sent < 20_000_000

    async def test_refuses_a_gzip_bomb(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/"] = reply(200, gzip.compress(b"<p>" + b"a" * 50_000_000), Content_Encoding="gzip")
        with pytest.raises(PageTooLarge, match="unpacks"):
            await fetch_page(make_client(), URL)

    async def test_refuses_a_ratio_that_no_page_has(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/"] = reply(200, gzip.compress(b"a" * 900_000), Content_Encoding="gzip")
        with pytest.raises(PageTooLarge, match="100 times"):
            await fetch_page(make_client(max_body_bytes=1_000_000), URL)

    @pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip", "x"])
    async def test_refuses_a_coding_that_was_not_asked_for(
        self, make_client: MakeClient, wire: WireServer, coding: str
    ) -> None:
        wire.answers["/"] = reply(200, zlib.compress(PAGE), Content_Encoding=coding)
        with pytest.raises(FetchFailed, match="coding"):
            await fetch_page(make_client(), URL)

    @pytest.mark.parametrize(
        "damage", [lambda z: z[:-5], lambda z: b"not gzip at all", lambda z: z[:12] + b"\xff" * 9]
    )
    async def test_refuses_a_damaged_gzip_stream(
        self, make_client: MakeClient, wire: WireServer, damage: Callable[[bytes], bytes]
    ) -> None:
        wire.answers["/"] = reply(200, damage(gzip.compress(PAGE)), Content_Encoding="gzip")
        with pytest.raises(FetchFailed, match="compressed"):
            await fetch_page(make_client(), URL)

    async def test_refuses_headers_past_the_limit(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/"] = reply(200, PAGE, X_Long="a" * 70_000)
        with pytest.raises(FetchFailed, match="headers"):
            await fetch_page(make_client(), URL)

    async def test_refuses_a_flood_of_headers(self, make_client: MakeClient, wire: WireServer) -> None:
        sent = 0

        async def flood(exchange: Exchange) -> None:
            nonlocal sent
            await exchange.send(b"HTTP/1.1 200 OK\r\n")
            while sent < 20_000_000:
                await exchange.send(b"X-More: and more\r\n" * 1_000)
                sent += 18_000

        wire.answers["/"] = flood
        with pytest.raises(FetchFailed):
            await fetch_page(make_client(), URL)
        assert sent < 15_000_000

    async def test_refuses_what_is_not_http(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/"] = b"SSH-2.0-server\r\n"
        with pytest.raises(FetchFailed):
            await fetch_page(make_client(), URL)

    async def test_refuses_a_site_that_hangs_up(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/"] = b""
        with pytest.raises(FetchFailed):
            await fetch_page(make_client(), URL)

    async def test_refuses_a_body_that_is_cut_short(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/"] = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n<p>short"
        )
        with pytest.raises(FetchFailed):
            await fetch_page(make_client(), URL)

    @pytest.mark.parametrize("part", [b"H", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"])
    async def test_gives_up_on_a_silent_site(
        self, make_client: MakeClient, wire: WireServer, part: bytes
    ) -> None:
        async def silent(exchange: Exchange) -> None:
            await exchange.send(part)
            await wire.closing.wait()

        wire.answers["/"] = silent
        with pytest.raises(FetchTimeout):
            await fetch_page(make_client(total_seconds=0.2), URL)

    async def test_gives_up_on_a_slow_drip(self, make_client: MakeClient, wire: WireServer) -> None:
        async def drip(exchange: Exchange) -> None:
            await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            while not wire.closing.is_set():
                await exchange.send(b"a")
                await asyncio.wait([asyncio.ensure_future(wire.closing.wait())], timeout=0.02)

        wire.answers["/"] = drip
        with pytest.raises(FetchTimeout):
            await fetch_page(make_client(total_seconds=0.3), URL)

    @pytest.mark.parametrize(
        "location",
        [
            "http://127.0.0.1:9/",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]:8080/",
            "http://2130706433:9/",
            "http://localhost/",
            "http://site.example:22/",
            "http://user:secret@other.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ftp://other.example/",
            "http://a\\@other.example/",
            "http://[bad/",
            "//10.0.0.1/",
        ],
    )
    async def test_refuses_a_redirect_to_what_is_not_allowed(
        self, make_client: MakeClient, wire: WireServer, location: str
    ) -> None:
        wire.answers["/"] = reply(302, b"", Location=location)
        with pytest.raises(RedirectRefused):
            await fetch_page(make_client(), URL)
        assert len(wire.requests) == 1

    async def test_refuses_the_sixth_redirect(self, make_client: MakeClient, wire: WireServer) -> None:
        for number in range(7):
            wire.answers[f"/{number}"] = reply(301, b"", Location=f"/{number + 1}")
        with pytest.raises(TooManyRedirects):
            await fetch_page(make_client(), f"http://{HOST}/0")
        assert len(wire.requests) == 6

    async def test_refuses_a_redirect_to_nowhere(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/"] = reply(302, b"")
        with pytest.raises(SiteRefused):
            await fetch_page(make_client(), URL)

    async def test_follows_five_redirects_across_hosts_and_remembers_them(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        for number, status in enumerate((301, 302, 303, 307, 308)):
            wire.answers[f"/{number}"] = reply(
                status, b"", Location=f"http://other.example/{number + 1}#part"
            )
        wire.answers["/5"] = reply(200, PAGE)
        page = await fetch_page(make_client(), f"http://{HOST}/0")
        assert page.final_url == "http://other.example/5"
        assert page.redirects == (f"http://{HOST}/0", *(f"http://other.example/{n}" for n in range(1, 5)))
        assert page.body == PAGE
        assert [request.headers["host"] for request in wire.requests] == [HOST] + ["other.example"] * 5

    async def test_reads_a_page_with_its_headers(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/a"] = reply(200, PAGE, 'text/HTML; charset="Shift_JIS"', X_One="1", x_one="2")
        page = await fetch_page(make_client(), f"http://{HOST.upper()}/a?x=1#top")
        assert (page.final_url, page.status, page.redirects) == (f"http://{HOST}/a?x=1", 200, ())
        assert (page.content_type, page.charset, page.body) == ("text/html", "Shift_JIS", PAGE)
        assert page.headers["x-one"] == "1, 2"
        request = wire.requests[0].headers
        assert request["user-agent"] == "TestBot/1.0 (+https://bot.example/about)"
        assert request["accept-encoding"] == "gzip"
        assert not {"cookie", "authorization", "referer"} & request.keys()

    async def test_unpacks_gzip_of_several_members(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/"] = reply(
            200, gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]), Content_Encoding="gzip"
        )
        assert (await fetch_page(make_client(), URL)).body == PAGE

    async def test_accepts_a_small_page_of_high_ratio(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/"] = reply(200, gzip.compress(b"<p>" + b"row " * 12_000), Content_Encoding="gzip")
        assert len((await fetch_page(make_client(), URL)).body) == 48_003

    async def test_recognises_html_without_a_content_type(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/"] = reply(200, b"\n<!-- saved -->\n" + PAGE, None)
        assert (await fetch_page(make_client(), URL)).content_type is None

    async def test_asks_the_gatekeeper_before_every_hop(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        asked: list[str] = []

        class Gate:
            async def check(self, target: object) -> None:
                asked.append(target.url)  # type: ignore[attr-defined]  # a Target

        wire.answers["/"] = reply(302, b"", Location="/next")
        wire.answers["/next"] = reply(200, PAGE)
        await fetch_page(make_client(), URL, Gate())
        assert asked == [URL, f"http://{HOST}/next"]
