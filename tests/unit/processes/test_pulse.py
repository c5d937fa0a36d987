"""A process's heartbeat, as another process sees it."""

import asyncio
import multiprocessing
from time import monotonic

import pytest

from api.pulse import LAG_LOGGED_S, MAX_ITEMS, AtWork, Pulse
from tests.kit.polling import until


def _beat_in_child(pulse: Pulse) -> None:
    async def live() -> None:
        async with pulse.beating():
            pulse.take("GET", "/v1/stories", 12, 300)
            await asyncio.sleep(0)

    asyncio.run(live())


class TestBeating:
    async def test_is_seen_while_the_loop_turns_and_no_longer(self) -> None:
        pulse = Pulse()
        assert pulse.beats == 0
        async with pulse.beating():
            first = pulse.beats
            assert first > 0
            await until(lambda: pulse.beats > first)
        assert pulse.beats == 0

    async def test_measures_and_logs_by_how_much_the_loop_was_late(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pulse = Pulse()
        async with pulse.beating():
            await asyncio.sleep(0)
            held_until = monotonic() + LAG_LOGGED_S + 1
            while monotonic() < held_until:
                pass
            await until(lambda: pulse.lag_s > LAG_LOGGED_S)
        assert "loop_lagged" in "".join(capsys.readouterr())


class TestRunningWork:
    def test_is_seen_until_it_is_over(self) -> None:
        pulse = Pulse()
        first = pulse.take("GET", "(no route yet)", 12, 300)
        pulse.take("DELETED", "/v1/" + "x" * 200, 2**32 - 1)
        pulse.rename(first, "/v1/stories/{story}")
        with pulse.holding("job", "job_1", 3, 1):
            assert set(pulse.in_hand()) == {
                AtWork("GET", "/v1/stories/{story}", (12, 300, 0)),
                AtWork("DELETED", "/v1/" + "x" * 104, (2**32 - 1, 0, 0)),
                AtWork("job", "job_1", (3, 1, 0)),
            }
        pulse.put_down(first)
        assert [item.kind for item in pulse.in_hand()] == ["DELETED"]
        pulse.clear()
        assert pulse.in_hand() == []

    def test_may_be_more_than_there_is_room_for(self) -> None:
        pulse = Pulse()
        places = [pulse.take("GET", "/") for _ in range(MAX_ITEMS + 5)]
        assert places.count(None) == 5
        for place in places:
            pulse.rename(place, "/v1")
            pulse.put_down(place)
        assert pulse.in_hand() == []
        assert pulse.take("GET", "/") is not None

    @pytest.mark.parametrize("method", ["fork", "spawn"])
    def test_is_seen_from_another_process(self, method: str) -> None:
        pulse = Pulse()
        child = multiprocessing.get_context(method).Process(target=_beat_in_child, args=(pulse,))
        child.start()
        child.join()
        assert child.exitcode == 0
        assert pulse.in_hand() == [AtWork("GET", "/v1/stories", (12, 300, 0))]
