"""Fetches through the operator's proxy: requests to it, and the meaning of its responses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from api.errors import FetchFailed, TargetRefused, UrlNotAllowed
from api.fetching.client import GuardedClient
from api.fetching.egress import EgressProxy, egress_proxy
from api.fetching.fetch_errors import ContactRefused
from api.fetching.page import fetch_page
from tests.kit.servers.fixed_resolver import FixedResolver
from tests.unit.fetching.conftest import HOST, MakeClient, WireServer, reply

OPEN = b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n"


class Proxy:
    """Responds to CONNECT with `answer`, then forwards to the server."""

    def __init__(self, wire: WireServer, answer: bytes) -> None:
        self.heads: list[str] = []
        self.carried = bytearray()  # from the client
        self.port = 0
        self._wire, self._answer = wire, answer

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(self._answer)
            if self._answer == OPEN:
                there, back = await asyncio.open_connection("127.0.0.1", self._wire.port)
                await asyncio.gather(_carry(reader, back, self.carried), _carry(there, writer, bytearray()))
        writer.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: bytearray) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            seen += data
            writer.write(data)
        writer.close()


@asynccontextmanager
async def proxying(wire: WireServer, answer: bytes = OPEN) -> AsyncIterator[Proxy]:
    proxy = Proxy(wire, answer)
    server = await asyncio.start_server(proxy.handle, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await server.wait_closed()


NAMES = FixedResolver({HOST: ["93.184.216.34"], "six.example": ["2606:4700::1"], "sly.example": ["10.0.0.1"]})


def _through(make_client: MakeClient, proxy: Proxy, user: str = "") -> GuardedClient:
    way = egress_proxy(f"http://{user}127.0.0.1:{proxy.port}")
    return make_client(NAMES, host_map={}, allow_loopback=False, egress_proxy=way)


class TestAnEgressProxy:
    async def test_is_never_asked_for_what_is_denied(self, make_client: MakeClient, wire: WireServer) -> None:
        async with proxying(wire) as proxy:
            client = _through(make_client, proxy)
            for url in ("http://sly.example/", "http://unknown.example/"):
                with pytest.raises(TargetRefused):
                    await fetch_page(client, url)
            for url in ("http://10.0.0.1/", f"http://127.0.0.1:{proxy.port}/", "http://localhost/"):
                with pytest.raises(UrlNotAllowed):
                    await fetch_page(client, url)
            assert proxy.heads == []

    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 403 Forbidden\r\n\r\n",
            b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n",
            b"SSH-2.0-server\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n\r\nand more that nobody asked for",
            b"HTTP/1.1 200 OK\r\n" + b"X-Long: more\r\n" * 2_000,
            b"HTTP/1.1 200 OK\r\n",
            b"",
        ],
    )
    async def test_that_opens_no_tunnel_counts_as_a_closed_port(
        self, make_client: MakeClient, wire: WireServer, answer: bytes
    ) -> None:
        async with proxying(wire, answer) as proxy:
            with pytest.raises(TargetRefused) as caught:
                await fetch_page(_through(make_client, proxy), f"http://{HOST}/")
            assert isinstance(caught.value.__cause__, ContactRefused)
            assert caught.value.__cause__.reason == "closed"
            assert "proxy" in caught.value.__cause__.note
        assert wire.requests == []

    async def test_that_is_away_counts_as_a_closed_port(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        async with proxying(wire) as gone:
            client = _through(make_client, gone)
        with pytest.raises(TargetRefused):
            await fetch_page(client, f"http://{HOST}/")

    async def test_is_asked_for_the_checked_address_and_not_for_the_name(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/"] = reply(200, b"<html>")
        async with proxying(wire) as proxy:
            for host in (HOST, "six.example"):
                assert (await fetch_page(_through(make_client, proxy), f"http://{host}/")).status == 200
            assert [head.split(" ")[1] for head in proxy.heads] == ["93.184.216.34:80", "[2606:4700::1]:80"]
        assert [request.headers["host"] for request in wire.requests] == [HOST, "six.example"]

    async def test_gets_its_password_and_the_site_does_not(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/"] = reply(200, b"<html>")
        async with proxying(wire) as proxy:
            await fetch_page(_through(make_client, proxy, "ada:p%40ss@"), f"http://{HOST}/")
            assert "Proxy-Authorization: Basic YWRhOnBAc3M=\r\n" in proxy.heads[0]
        assert "proxy-authorization" not in wire.requests[0].headers

    async def test_sees_tls_for_the_name_and_not_what_is_in_it(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        async with proxying(wire) as proxy:
            with pytest.raises(FetchFailed):  # the other end does not speak TLS
                await fetch_page(_through(make_client, proxy), f"https://{HOST}/secret-path")
            assert [head.split(" ")[1] for head in proxy.heads] == ["93.184.216.34:443"]
            assert proxy.carried[:1] == b"\x16", "a TLS handshake"
            assert HOST.encode() in proxy.carried
            assert b"secret-path" not in proxy.carried


class TestEgressProxyUrl:
    @pytest.mark.parametrize(
        "url",
        ["", "proxy:3128", "https://proxy:3128", "socks5://proxy", "http://", "http://proxy/path", "http://proxy:x"],
    )  # fmt: skip
    def test_refuses_what_names_no_proxy(self, url: str) -> None:
        with pytest.raises(ValueError):
            egress_proxy(url)

    def test_reads_host_port_and_password(self) -> None:
        assert egress_proxy("http://proxy.internal") == EgressProxy("proxy.internal", 3128)
        given = egress_proxy("http://ada:secret@[::1]:4750/")
        assert (given.host, given.port) == ("::1", 4750)
        assert "secret" not in repr(given)
        assert given.authorization is not None
        assert given.authorization not in repr(given)
