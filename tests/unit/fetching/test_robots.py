"""robots.txt by RFC 9309."""

import asyncio
from datetime import UTC, datetime

import pytest

from api.clock import Clock
from api.errors import RobotsDisallowed, TargetRefused
from api.fetching.robots import KEPT_SECONDS, KEPT_SECONDS_AFTER_FAILURE, MAX_BYTES, Robots
from api.web.urls import parse_target
from tests.unit.fetching.conftest import HOST, Exchange, MakeClient, WireServer, reply


class Stopwatch(Clock):
    seconds = 1_000.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds


def _rules(text: str) -> bytes:
    return reply(200, text.encode(), "text/plain")


class TestRobots:
    async def test_refuses_what_the_file_forbids(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/robots.txt"] = _rules("User-agent: *\nDisallow: /private\nAllow: /private/open")
        robots = Robots(make_client(), Stopwatch())
        with pytest.raises(RobotsDisallowed, match="TestBot"):
            await robots.check(parse_target(f"http://{HOST}/private/page"))
        await robots.check(parse_target(f"http://{HOST}/private/open/page"))
        await robots.check(parse_target(f"http://{HOST}/"))

    async def test_goes_by_its_own_group_first(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/robots.txt"] = _rules(
            "User-agent: *\nDisallow:\n\nUser-agent: testbot\nDisallow: /\n\nUser-agent: bot\nAllow: /"
        )
        with pytest.raises(RobotsDisallowed):
            await Robots(make_client(), Stopwatch()).check(parse_target(f"http://{HOST}/page"))

    @pytest.mark.parametrize("status", [500, 503, 429])
    async def test_refuses_all_when_the_site_cannot_say(
        self, make_client: MakeClient, wire: WireServer, status: int
    ) -> None:
        wire.answers["/robots.txt"] = reply(status, b"")
        clock = Stopwatch()
        robots = Robots(make_client(), clock)
        with pytest.raises(RobotsDisallowed) as caught:
            await robots.check(parse_target(f"http://{HOST}/page"))
        assert caught.value.retry_after == KEPT_SECONDS_AFTER_FAILURE
        wire.answers["/robots.txt"] = _rules("User-agent: *\nAllow: /")
        clock.seconds += KEPT_SECONDS_AFTER_FAILURE
        await robots.check(parse_target(f"http://{HOST}/page"))

    async def test_tells_of_a_host_that_cannot_be_reached(self, make_client: MakeClient) -> None:
        with pytest.raises(TargetRefused):
            await Robots(make_client(), Stopwatch()).check(parse_target("http://unknown.example/page"))

    @pytest.mark.parametrize(
        "answer",
        [
            reply(404, b"none"),
            reply(403, b"none"),
            reply(200, b"\xff\xfe\x00 no rules \x00 at all", "text/plain"),
            reply(200, b"", "text/plain"),
            reply(302, b"", Location="http://10.0.0.1/robots.txt"),
            reply(302, b"", Location="/robots.txt"),
        ],
    )
    async def test_allows_all_when_there_is_no_usable_file(
        self, make_client: MakeClient, wire: WireServer, answer: bytes
    ) -> None:
        wire.answers["/robots.txt"] = answer
        await Robots(make_client(), Stopwatch()).check(parse_target(f"http://{HOST}/page"))
        assert wire.requests[0].target == "/robots.txt"

    async def test_follows_a_redirect_of_the_file(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/robots.txt"] = reply(301, b"", Location="http://other.example/rules")
        wire.answers["/rules"] = _rules("User-agent: *\nDisallow: /")
        with pytest.raises(RobotsDisallowed):
            await Robots(make_client(), Stopwatch()).check(parse_target(f"http://{HOST}/page"))

    async def test_reads_the_first_part_of_an_oversized_file(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        wire.answers["/robots.txt"] = _rules(
            "User-agent: *\nDisallow: /page\n" + "# filler\n" * (MAX_BYTES // 8)
        )
        with pytest.raises(RobotsDisallowed):
            await Robots(make_client(), Stopwatch()).check(parse_target(f"http://{HOST}/page"))

    async def test_asks_once_an_hour_and_origin(self, make_client: MakeClient, wire: WireServer) -> None:
        wire.answers["/robots.txt"] = _rules("User-agent: *\nDisallow: /no")
        clock = Stopwatch()
        robots = Robots(make_client(), clock)
        for path in ("a", "b", "c"):
            await robots.check(parse_target(f"http://{HOST}/{path}"))
        assert len(wire.requests) == 1
        await robots.check(parse_target("http://other.example/a"))
        assert len(wire.requests) == 2
        clock.seconds += KEPT_SECONDS
        await robots.check(parse_target(f"http://{HOST}/a"))
        assert len(wire.requests) == 3

    async def test_asks_once_for_many_at_the_same_time(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        asked, release = asyncio.Event(), asyncio.Event()

        async def slow(exchange: Exchange) -> None:
            asked.set()
            await release.wait()
            await exchange.send(_rules("User-agent: *\nAllow: /"))

        wire.answers["/robots.txt"] = slow
        robots = Robots(make_client(), Stopwatch())
        waiting = [asyncio.create_task(robots.check(parse_target(f"http://{HOST}/{n}"))) for n in range(20)]
        await asked.wait()
        release.set()
        await asyncio.gather(*waiting)
        assert len(wire.requests) == 1

    @pytest.mark.parametrize(
        ("text", "opts_out"),
        [
            ("", False),
            ("User-agent: *\nDisallow: /private", False),
            ("User-agent: GPTBot\nDisallow: /private", False),
            ("User-agent: otherbot\nDisallow: /", False),
            ("User-agent: GPTBot\nDisallow: /", True),
            ("User-agent: otherbot\nUser-agent: ccbot\nDisallow: /news", True),
            ("User-agent: Google-Extended\nDisallow: /\n\nUser-agent: *\nAllow: /", True),
            ("User-agent: testbot\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ],
    )
    async def test_tells_whether_the_site_shuts_out_robots_of_language_models(
        self, make_client: MakeClient, wire: WireServer, text: str, opts_out: bool
    ) -> None:
        wire.answers["/robots.txt"] = _rules(text)
        robots, target = Robots(make_client(), Stopwatch()), parse_target(f"http://{HOST}/news/a")
        assert not robots.opts_out(target), "the file is not there yet"
        await robots.check(target)
        assert robots.opts_out(target) is opts_out

    async def test_forgets_the_origin_asked_for_longest_ago(
        self, make_client: MakeClient, wire: WireServer
    ) -> None:
        robots = Robots(make_client(), Stopwatch(), max_origins=1)
        for host in (HOST, "other.example", HOST):
            await robots.check(parse_target(f"http://{host}/a"))
        assert [request.headers["host"] for request in wire.requests] == [HOST, "other.example", HOST]
