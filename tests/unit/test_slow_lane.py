"""Whoever's pages take too long leaves a process free for all others, for an hour."""

from api.jobs.slow_lane import _MAX_REMEMBERED, MAX_SITES, REMEMBERED_S, Origin, SlowLane
from tests.fakes import StillClock

ACCOUNT, APPLICATION = "acc_1", "acc_2"
SLOW = Origin("slow.example", (APPLICATION,))
PLAIN = Origin("plain.example", (APPLICATION,))
DRAFT = Origin(None, (ACCOUNT,))


class TestSlowLane:
    def test_holds_nobody_up_whose_pages_end(self) -> None:
        lane = SlowLane(1, StillClock())
        with lane.running(SLOW), lane.running(SLOW), lane.running(DRAFT):
            assert not lane.is_full_for(SLOW)

    def test_lets_a_site_share_a_width_and_leaves_who_submitted_it_alone(self) -> None:
        lane = SlowLane(2, StillClock())
        lane.remember(SLOW)
        with lane.running(SLOW), lane.running(PLAIN):
            assert not lane.is_full_for(SLOW)
            with lane.running(SLOW):
                assert lane.is_full_for(SLOW)
                assert not lane.is_full_for(PLAIN)
                assert not lane.is_full_for(Origin(None, ()))
            assert not lane.is_full_for(SLOW)

    def test_lets_who_submitted_a_draft_share_it(self) -> None:
        lane = SlowLane(1, StillClock())
        lane.remember(DRAFT)
        with lane.running(DRAFT):
            assert lane.is_full_for(DRAFT)
            assert lane.is_full_for(Origin("plain.example", (APPLICATION, ACCOUNT)))
            assert not lane.is_full_for(PLAIN)

    def test_lets_who_submitted_pages_of_many_slow_sites_share_it(self) -> None:
        clock = StillClock()
        lane = SlowLane(1, clock)
        for number in range(MAX_SITES):
            lane.remember(Origin(f"slow-{number}.example", (APPLICATION,)))
            lane.remember(Origin(f"slow-{number}.example", (APPLICATION,)))
        with lane.running(Origin("slow-0.example", ())):
            assert not lane.is_full_for(PLAIN)
            lane.remember(SLOW)
            assert lane.is_full_for(PLAIN)
            assert not lane.is_full_for(Origin("plain.example", (ACCOUNT,)))
            clock.advance(REMEMBERED_S + 1)
            assert not lane.is_full_for(PLAIN)

    def test_counts_for_its_end_whoever_it_counted_at_its_beginning(self) -> None:
        lane = SlowLane(1, StillClock())
        with lane.running(SLOW):
            lane.remember(SLOW)
            assert not lane.is_full_for(SLOW)
        with lane.running(SLOW):
            assert lane.is_full_for(SLOW)

    def test_forgets_after_an_hour(self) -> None:
        clock = StillClock()
        lane = SlowLane(1, clock)
        lane.remember(SLOW)
        clock.advance(REMEMBERED_S - 1)
        with lane.running(SLOW):
            assert lane.is_full_for(SLOW)
            clock.advance(2)
            assert not lane.is_full_for(SLOW)

    def test_remembers_so_many_and_no_more(self) -> None:
        lane = SlowLane(1, StillClock())
        lane.remember(SLOW)
        for number in range(_MAX_REMEMBERED):
            lane.remember(Origin(str(number), ()))
        with lane.running(Origin("0", ())):
            assert not lane.is_full_for(SLOW)
            assert lane.is_full_for(Origin("1", ()))
