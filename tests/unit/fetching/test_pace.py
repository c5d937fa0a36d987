"""Turns at a host, by a test's clock."""

import asyncio

from api.fetching.politeness import Pace
from tests.kit.servers.fakes import StillClock


class TestPace:
    async def test_lets_the_first_of_each_host_go_at_once(self) -> None:
        pace = Pace(60, StillClock())
        async with asyncio.timeout(1):
            await pace.turn("a.example")
            await pace.turn("b.example")

    async def test_keeps_the_second_waiting_until_its_time(self) -> None:
        clock = StillClock()
        pace = Pace(60, clock)
        await pace.turn("a.example")
        waiting = asyncio.create_task(pace.turn("a.example"))
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()
        clock.advance(120)
        async with asyncio.timeout(1):
            await pace.turn("a.example")

    async def test_forgets_the_host_asked_for_longest_ago(self) -> None:
        pace = Pace(60, StillClock(), max_hosts=1)
        async with asyncio.timeout(1):
            for host in ("a.example", "b.example", "a.example"):
                await pace.turn(host)

    async def test_is_no_pace_at_all_with_a_delay_of_nothing(self) -> None:
        pace = Pace(0, StillClock())
        async with asyncio.timeout(1):
            for _ in range(100):
                await pace.turn("a.example")
