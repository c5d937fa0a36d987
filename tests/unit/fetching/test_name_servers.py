"""A real DNS server over UDP that rebinds, mixes, chains and times out."""

from collections.abc import AsyncIterator, Callable

import pytest

from api.errors import RedirectRefused, TargetRefused, TooManyRedirects
from api.fetching.client import GuardedClient
from api.fetching.fetch_errors import ContactRefused
from api.fetching.name_servers import NameServers
from api.fetching.page import fetch_page
from api.fetching.policy import FetchPolicy
from tests.kit.servers.name_server import NameServer, name_server
from tests.unit.fetching.conftest import WireServer, reply

FetchAs = Callable[..., GuardedClient]


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    async with name_server() as server:
        yield server


@pytest.fixture
def client(names: NameServer, wire: WireServer) -> FetchAs:
    def make(**changes: object) -> GuardedClient:
        policy = {
            "user_agent": "TestBot/1.0",
            "allow_loopback": True,
            "extra_ports": frozenset({wire.port}),
            "refusal_seconds": 0.0,
        }
        resolver = NameServers([("127.0.0.1", names.port)], seconds=0.4)
        return GuardedClient(FetchPolicy(**(policy | changes)), resolver)  # type: ignore[arg-type]  # as given

    return make


async def _reason(client: GuardedClient, url: str) -> str:
    with pytest.raises(TargetRefused) as caught:
        await fetch_page(client, url)
    assert isinstance(caught.value.__cause__, ContactRefused)
    return caught.value.__cause__.reason


class TestHostileNames:
    @pytest.mark.parametrize(
        "records",
        [
            ["A 10.0.0.1"],
            ["A 93.184.216.34", "A 10.0.0.1"],
            ["A 10.0.0.1", "A 93.184.216.34"],
            ["A 93.184.216.34", "AAAA fd00:ec2::254"],
            ["A 93.184.216.34", "AAAA ::ffff:a9fe:a9fe"],
            ["AAAA 2002:7f00:1::", "A 93.184.216.34"],
            ["A 0.0.0.0"],
            ["A 169.254.169.254"],
            ["AAAA ::"],
            ["AAAA fe80::1"],
            ["AAAA ::ffff:0:7f00:1"],
            ["AAAA 2001:4860::5efe:7f00:1"],
        ],
    )
    async def test_are_refused_for_one_denied_record(
        self, names: NameServer, client: FetchAs, records: list[str]
    ) -> None:
        names.zones["mixed.example"] = records
        assert await _reason(client(), "http://mixed.example/") == "denied"

    async def test_are_refused_behind_a_chain_of_aliases(self, names: NameServer, client: FetchAs) -> None:
        names.zones |= {
            "front.example": ["CNAME cdn.example."],
            "cdn.example": ["CNAME edge.example."],
            "edge.example": ["A 192.168.1.1"],
        }
        assert await _reason(client(), "http://front.example/") == "denied"

    @pytest.mark.parametrize("target", ["loop.example.", "nothing.example.", "localhost."])
    async def test_are_unknown_with_a_dangling_alias(
        self, names: NameServer, client: FetchAs, target: str
    ) -> None:
        names.zones["loop.example"] = [f"CNAME {target}"]
        assert await _reason(client(), "http://loop.example/") == "no_such_name"

    async def test_are_unknown_where_no_server_answers_in_time(
        self, names: NameServer, client: FetchAs
    ) -> None:
        names.zones["slow.example"] = None
        assert await _reason(client(), "http://slow.example/") == "no_such_name"

    async def test_are_resolved_once_and_pinned(
        self, names: NameServer, client: FetchAs, wire: WireServer
    ) -> None:
        names.zones["rebind.example"] = lambda before: ["A 127.0.0.1"] if before == 0 else ["A 10.0.0.1"]
        wire.answers["/"] = reply(200, b"<html>")
        assert (await fetch_page(client(), f"http://rebind.example:{wire.port}/")).status == 200
        assert names.asked.count(("rebind.example", "A")) == 1

    async def test_are_checked_again_after_a_redirect(
        self, names: NameServer, client: FetchAs, wire: WireServer
    ) -> None:
        names.zones["rebind.example"] = lambda before: ["A 127.0.0.1"] if before == 0 else ["A 10.0.0.1"]
        wire.answers["/"] = reply(302, b"", Location="/inside")
        wire.answers["/inside"] = reply(200, b"<html>")
        assert await _reason(client(), f"http://rebind.example:{wire.port}/") == "denied"
        assert [request.target for request in wire.requests] == ["/"]

    async def test_are_refused_as_the_target_of_a_redirect(
        self, names: NameServer, client: FetchAs, wire: WireServer
    ) -> None:
        names.zones |= {"site.example": ["A 127.0.0.1"], "inside.example": ["A 169.254.169.254"]}
        wire.answers["/"] = reply(302, b"", Location="http://inside.example/latest/meta-data/")
        assert await _reason(client(), f"http://site.example:{wire.port}/") == "denied"

    async def test_are_refused_for_loopback_where_that_is_not_allowed(
        self, names: NameServer, client: FetchAs
    ) -> None:
        names.zones["me.example"] = ["A 127.0.0.1"]
        assert await _reason(client(allow_loopback=False), "http://me.example/") == "denied"


class TestNameServers:
    async def test_ask_for_the_name_as_it_is_and_for_no_other(self, names: NameServer) -> None:
        resolver = NameServers([("127.0.0.1", names.port)], seconds=0.4)
        with pytest.raises(OSError):
            await resolver.resolve("a.b")
        assert set(names.asked) == {("a.b", "A"), ("a.b", "AAAA")}

    @pytest.mark.parametrize("host", ["a..b", ".", "a" * 64 + ".example"])
    async def test_refuse_what_is_no_name(self, names: NameServer, host: str) -> None:
        with pytest.raises(OSError):
            await NameServers([("127.0.0.1", names.port)], seconds=0.4).resolve(host)
        assert names.asked == []

    async def test_give_the_addresses_of_both_kinds(self, names: NameServer) -> None:
        names.zones["both.example"] = ["A 93.184.216.34", "AAAA 2606:4700::1", "A 1.1.1.1"]
        found = await NameServers([("127.0.0.1", names.port)], seconds=0.4).resolve("both.example")
        assert sorted(found) == ["1.1.1.1", "2606:4700::1", "93.184.216.34"]

    async def test_ask_the_next_server_where_one_is_silent(self, names: NameServer) -> None:
        names.zones["site.example"] = ["A 1.1.1.1"]
        async with name_server() as silent:
            silent.zones["site.example"] = None
            resolver = NameServers([("127.0.0.1", silent.port), ("127.0.0.1", names.port)], seconds=1)
            resolver._resolver.timeout = 0.1
            assert await resolver.resolve("site.example") == ["1.1.1.1"]


class TestRedirects:
    async def test_are_refused_in_a_circle(
        self, names: NameServer, client: FetchAs, wire: WireServer
    ) -> None:
        names.zones["site.example"] = ["A 127.0.0.1"]
        wire.answers["/a"] = reply(302, b"", Location="/b")
        wire.answers["/b"] = reply(302, b"", Location="/a")
        with pytest.raises(TooManyRedirects, match="circle"):
            await fetch_page(client(), f"http://site.example:{wire.port}/a")
        assert len(wire.requests) == 2

    @pytest.mark.parametrize(
        "location",
        [
            b"http://site.example/\tx",
            b"\x01http://site.example/",
            b"http://site.example/\xc2\x85x",
            b"http://site.example/" + b"a" * 3_000,
            b"http://site.example\\@127.0.0.1/",
            b"http://127.0.0.1%2f@site.example/",
        ],
    )
    async def test_are_refused_for_an_address_that_two_parsers_read_differently(
        self, names: NameServer, client: FetchAs, wire: WireServer, location: bytes
    ) -> None:
        names.zones["site.example"] = ["A 127.0.0.1"]
        wire.answers["/"] = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
        with pytest.raises(RedirectRefused):
            await fetch_page(client(), f"http://site.example:{wire.port}/")

    async def test_take_the_callers_headers_to_the_first_origin_only(
        self, names: NameServer, client: FetchAs, wire: WireServer
    ) -> None:
        names.zones |= {"site.example": ["A 127.0.0.1"], "other.example": ["A 127.0.0.1"]}
        wire.answers |= {
            "/": reply(302, b"", Location="/same"),
            "/same": reply(302, b"", Location=f"http://other.example:{wire.port}/away"),
            "/away": reply(302, b"", Location=f"http://site.example:{wire.port}/back"),
            "/back": reply(200, b"<html>"),
        }
        url = f"http://site.example:{wire.port}/"
        await fetch_page(client(), url, headers={"If-None-Match": '"one"', "Authorization": "Bearer one"})
        sent = [(r.target, "authorization" in r.headers, "if-none-match" in r.headers) for r in wire.requests]
        assert sent == [
            ("/", True, True), ("/same", True, True), ("/away", False, False), ("/back", False, False)
        ]  # fmt: skip
