"""Permitted and refused destinations of the guarded client, with and without TLS."""

import asyncio
import os
import shutil
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from api.errors import FetchFailed, RedirectRefused, TargetRefused
from api.fetching.client import GuardedClient
from api.fetching.connections import split_address
from api.fetching.fetch_errors import ContactRefused
from api.fetching.page import fetch_page
from api.fetching.policy import FetchPolicy
from api.fetching.resolver import SystemResolver
from api.web.urls import parse_target
from tests.kit.servers.fixed_resolver import FixedResolver
from tests.unit.fetching.conftest import HOST, MakeClient, WireServer, reply, serving


async def _refusal(client: GuardedClient, url: str) -> tuple[str, ContactRefused]:
    with pytest.raises(TargetRefused) as caught:
        await fetch_page(client, url)
    assert isinstance(caught.value.__cause__, ContactRefused)
    return caught.value.detail, caught.value.__cause__


class TestGuardedClient:
    async def test_refuses_a_name_that_resolves_to_loopback(self, make_client: MakeClient) -> None:
        client = make_client(FixedResolver({"sly.example": ["127.0.0.1"]}), allow_loopback=False)
        _, cause = await _refusal(client, "http://sly.example/")
        assert (cause.reason, cause.host) == ("denied", "sly.example")
        assert "loopback" in cause.note

    @pytest.mark.parametrize(
        "answers",
        [
            ["93.184.216.34", "127.0.0.1"],
            ["10.0.0.1", "93.184.216.34"],
            ["93.184.216.34", "fe80::1"],
            ["2606:4700::1", "::ffff:10.0.0.1"],
            ["93.184.216.34"] * 9 + ["192.168.1.1"],
        ],
    )
    async def test_refuses_a_name_of_which_one_answer_is_denied(
        self, make_client: MakeClient, answers: list[str]
    ) -> None:
        client = make_client(FixedResolver({"mixed.example": answers}))
        if answers[1:] == ["127.0.0.1"]:
            client = make_client(FixedResolver({"mixed.example": answers}), allow_loopback=False)
        _, cause = await _refusal(client, "http://mixed.example/")
        assert cause.reason == "denied"

    async def test_resolves_a_name_once_and_pins_the_address(self, wire: WireServer) -> None:
        class Rebinding:
            asked = 0

            async def resolve(self, host: str) -> list[str]:
                self.asked += 1
                return ["127.0.0.1"] if self.asked == 1 else ["10.0.0.1"]

        names = Rebinding()
        policy = FetchPolicy(
            user_agent="TestBot/1.0",
            allow_loopback=True,
            extra_ports=frozenset({wire.port}),
            refusal_seconds=0,
        )
        wire.answers["/"] = reply(200, b"<html>")
        page = await fetch_page(GuardedClient(policy, names), f"http://rebind.example:{wire.port}/")
        assert page.status == 200
        assert names.asked == 1

    async def test_reports_denied_closed_and_unknown_alike(self, make_client: MakeClient) -> None:
        async with serving() as gone:
            closed_port = gone.port
        names = FixedResolver({"sly.example": ["10.0.0.1"]})
        client = make_client(names, host_map={"closed.example": f"127.0.0.1:{closed_port}"})
        refusals = [
            await _refusal(client, f"http://{name}.example/") for name in ("sly", "closed", "unknown")
        ]
        assert len({detail for detail, _ in refusals}) == 1
        assert [cause.reason for _, cause in refusals] == ["denied", "closed", "no_such_name"]

    async def test_answers_no_refusal_early(self, make_client: MakeClient) -> None:
        async with serving() as gone:
            hosts = {"closed.example": f"127.0.0.1:{gone.port}"}
        client = make_client(
            FixedResolver({"sly.example": ["10.0.0.1"]}), host_map=hosts, refusal_seconds=0.15
        )
        for name in ("sly", "closed", "unknown"):
            started = time.monotonic()
            await _refusal(client, f"http://{name}.example/")
            assert time.monotonic() - started >= 0.14

    async def test_refuses_a_mapped_host_whose_address_is_private(self, make_client: MakeClient) -> None:
        _, cause = await _refusal(make_client(host_map={HOST: "10.0.0.1:80"}), f"http://{HOST}/")
        assert cause.reason == "denied"

    async def test_refuses_a_mapped_loopback_unless_it_is_allowed(self, make_client: MakeClient) -> None:
        _, cause = await _refusal(make_client(allow_loopback=False), f"http://{HOST}/")
        assert cause.reason == "denied"

    async def test_gives_up_on_a_resolver_that_does_not_answer(self, make_client: MakeClient) -> None:
        class Silent:
            async def resolve(self, host: str) -> list[str]:
                await asyncio.Event().wait()
                return []

        _, cause = await _refusal(make_client(Silent(), resolve_seconds=0.05), "http://slow.example/")
        assert cause.reason == "no_such_name"

    async def test_tries_the_next_address_when_one_is_closed(self, wire: WireServer) -> None:
        policy = FetchPolicy(
            user_agent="TestBot/1.0", allow_loopback=True, extra_ports=frozenset({wire.port})
        )
        names = FixedResolver({"two.example": ["127.0.0.2", "127.0.0.1"]})
        wire.answers["/"] = reply(200, b"<html>")
        page = await fetch_page(GuardedClient(policy, names), f"http://two.example:{wire.port}/")
        assert page.status == 200

    async def test_knows_no_proxy(
        self, make_client: MakeClient, wire: WireServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")
        wire.answers["/"] = reply(200, b"<html>")
        assert (await fetch_page(make_client(), f"http://{HOST}/")).status == 200

    async def test_opens_a_connection_for_every_request(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/"] = reply(200, b"<html>")
        client = make_client()
        for _ in range(2):
            async with client.send(parse_target(f"http://{HOST}/")) as response:
                assert response.status == 200
        assert [request.headers["connection"] for request in wire.requests] == ["close", "close"]

    async def test_closes_what_it_opened(self, wire: WireServer) -> None:
        client = GuardedClient(FetchPolicy(user_agent="TestBot/1.0", refusal_seconds=0))
        await client.aclose()
        with pytest.raises(RuntimeError):
            await fetch_page(client, "http://after.example/")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for site.example with its key in the same file."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("needs the openssl command to make a certificate")
    pem = tmp_path_factory.mktemp("tls") / "site.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2",         "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
         "-addext", "keyUsage=critical,digitalSignature,keyCertSign", "-keyout", pem, "-out", f"{pem}.crt"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    pem.write_bytes(pem.read_bytes() + Path(f"{pem}.crt").read_bytes())
    return pem


class TestTls:
    @pytest.fixture
    def authority(self, certificate: Path) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(certificate))

    @pytest.fixture
    def server_side(self, certificate: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        return context

    async def test_refuses_a_certificate_of_another_name(
        self, authority: ssl.SSLContext, server_side: ssl.SSLContext
    ) -> None:
        async with serving(server_side) as wire:
            client = _tls_client(wire, authority, "other.example")
            with pytest.raises(FetchFailed, match="secure"):
                await fetch_page(client, "https://other.example/")
            assert wire.requests == []

    async def test_refuses_an_unknown_authority(self, server_side: ssl.SSLContext) -> None:
        async with serving(server_side) as wire:
            client = _tls_client(wire, None, HOST)
            with pytest.raises(FetchFailed, match="secure"):
                await fetch_page(client, f"https://{HOST}/")

    async def test_checks_the_certificate_by_name_whatever_the_address(
        self, authority: ssl.SSLContext, server_side: ssl.SSLContext
    ) -> None:
        names: list[str | None] = []
        server_side.sni_callback = lambda _socket, name, _context: names.append(name)
        async with serving(server_side) as wire:
            wire.answers["/"] = reply(200, b"<html>")
            page = await fetch_page(_tls_client(wire, authority, HOST), f"https://{HOST}/")
        assert page.final_url == f"https://{HOST}/"
        assert names == [HOST]

    async def test_refuses_a_redirect_from_https_to_http(
        self, authority: ssl.SSLContext, server_side: ssl.SSLContext
    ) -> None:
        async with serving(server_side) as wire:
            wire.answers["/"] = reply(301, b"", Location=f"http://{HOST}/plain")
            with pytest.raises(RedirectRefused, match="https to http"):
                await fetch_page(_tls_client(wire, authority, HOST), f"https://{HOST}/")
            assert len(wire.requests) == 1


class TestSystemResolver:
    async def test_resolves_what_the_machine_knows(self) -> None:
        resolver = SystemResolver()
        assert set(await resolver.resolve("localhost")) & {"127.0.0.1", "::1"}
        resolver.close()

    async def test_refuses_a_name_that_does_not_exist(self) -> None:
        resolver = SystemResolver()
        with pytest.raises(OSError):
            await resolver.resolve("no-such-name.invalid")
        resolver.close()


class TestSplitAddress:
    @pytest.mark.parametrize("text", ["", "example.com", "127.0.0.1:http", "1.2.3", "[::1", "::1:80:x"])
    def test_refuses_what_is_no_address(self, text: str) -> None:
        with pytest.raises(ValueError):
            split_address(text)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("127.0.0.1", ("127.0.0.1", None)),
            ("127.0.0.1:8080", ("127.0.0.1", 8080)),
            ("::1", ("::1", None)),
            ("[::1]", ("::1", None)),
            ("[0:0::1]:443", ("::1", 443)),
        ],
    )
    def test_parts_an_address_from_its_port(self, text: str, expected: tuple[str, int | None]) -> None:
        assert split_address(text) == expected


def _tls_client(wire: WireServer, authority: ssl.SSLContext | None, host: str) -> GuardedClient:
    policy = FetchPolicy(
        user_agent="TestBot/1.0",
        allow_loopback=True,
        host_map={host: f"127.0.0.1:{wire.port}"},
        refusal_seconds=0,
    )
    return GuardedClient(policy, FixedResolver({}), authority)
