"""Whoever's page took too long leaves a process free for all others, for an hour."""

from api.jobs.slow_lane import _MAX_REMEMBERED, REMEMBERED_S, SlowLane
from tests.fakes import StillClock

SITE, OTHER, ACCOUNT = "slow.example", "other.example", "acc_1"


class TestSlowLane:
    def test_holds_nobody_up_whose_pages_end(self) -> None:
        lane = SlowLane(1, StillClock())
        with lane.running([SITE]), lane.running([SITE]), lane.running([ACCOUNT, SITE]):
            assert not lane.is_full_for([SITE])

    def test_lets_its_sites_and_submitters_share_a_width(self) -> None:
        lane = SlowLane(2, StillClock())
        lane.remember([ACCOUNT, SITE])
        with lane.running([SITE]):
            assert not lane.is_full_for([SITE])
            with lane.running([ACCOUNT, OTHER]):
                assert lane.is_full_for([SITE])
                assert lane.is_full_for([ACCOUNT])
                assert not lane.is_full_for([OTHER])
                assert not lane.is_full_for([])
            assert not lane.is_full_for([SITE])

    def test_counts_for_its_end_whoever_it_counted_at_its_beginning(self) -> None:
        lane = SlowLane(1, StillClock())
        with lane.running([SITE]):
            lane.remember([SITE])
            assert not lane.is_full_for([SITE])
        with lane.running([SITE]):
            assert lane.is_full_for([SITE])

    def test_forgets_after_an_hour(self) -> None:
        clock = StillClock()
        lane = SlowLane(1, clock)
        lane.remember([SITE])
        clock.advance(REMEMBERED_S - 1)
        with lane.running([SITE]):
            assert lane.is_full_for([SITE])
            clock.advance(2)
            assert not lane.is_full_for([SITE])

    def test_remembers_so_many_and_no_more(self) -> None:
        lane = SlowLane(1, StillClock())
        lane.remember([SITE, *(str(number) for number in range(_MAX_REMEMBERED))])
        with lane.running(["0"]):
            assert not lane.is_full_for([SITE])
            assert lane.is_full_for(["1"])
