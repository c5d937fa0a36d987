"""Slow pages of one site leave a process for all others, for an hour."""

import pytest

from api.jobs.slow_lane import _MAX_REMEMBERED, MAX_SITES, REMEMBERED_S, Origin, SlowLane, SlowLaneFull
from tests.kit.servers.fakes import StillClock

ACCOUNT, APPLICATION = "acc_1", "acc_2"
SLOW = Origin("slow.example", (APPLICATION,))
PLAIN = Origin("plain.example", (APPLICATION,))
DRAFT = Origin(None, (ACCOUNT,))


def is_full_for(lane: SlowLane, origin: Origin) -> bool:
    """Whether a job from this origin would have to wait."""
    try:
        with lane.running(origin):
            return False
    except SlowLaneFull:
        return True


class TestSlowLane:
    def test_does_not_delay_fast_pages(self) -> None:
        lane = SlowLane(1, StillClock())
        lane.note_read(PLAIN)
        with lane.running(PLAIN), lane.running(PLAIN), lane.running(DRAFT), lane.running(DRAFT):
            assert not is_full_for(lane, PLAIN)
            assert not is_full_for(lane, DRAFT)

    def test_lets_no_site_take_all_before_a_page_of_it_was_read(self) -> None:
        clock = StillClock()
        lane = SlowLane(1, clock)
        with lane.running(PLAIN) as again:
            assert is_full_for(lane, PLAIN)
            assert not is_full_for(lane, SLOW)
            lane.note_read(PLAIN)
            again()
            assert not is_full_for(lane, PLAIN)
            clock.advance(REMEMBERED_S + 1)
            assert not is_full_for(lane, PLAIN), "none counts that began before"
            again()
            assert is_full_for(lane, PLAIN)
        assert not is_full_for(lane, PLAIN)

    def test_limits_a_site_but_not_its_submitter(self) -> None:
        lane = SlowLane(2, StillClock())
        lane.note_slow(SLOW)
        lane.note_read(PLAIN)
        with lane.running(SLOW), lane.running(PLAIN):
            assert not is_full_for(lane, SLOW)
            with lane.running(SLOW):
                assert is_full_for(lane, SLOW)
                assert not is_full_for(lane, PLAIN)
                assert not is_full_for(lane, Origin(None, ()))
            assert not is_full_for(lane, SLOW)

    def test_lets_who_submitted_a_draft_share_it(self) -> None:
        lane = SlowLane(1, StillClock())
        lane.note_slow(DRAFT)
        with lane.running(DRAFT):
            assert is_full_for(lane, DRAFT)
            assert is_full_for(lane, Origin("plain.example", (APPLICATION, ACCOUNT)))
            assert not is_full_for(lane, PLAIN)

    def test_lets_who_submitted_pages_of_many_slow_sites_share_it(self) -> None:
        clock = StillClock()
        lane = SlowLane(1, clock)
        lane.note_read(PLAIN)
        for number in range(MAX_SITES):
            lane.note_slow(Origin(f"slow-{number}.example", (APPLICATION,)))
            lane.note_slow(Origin(f"slow-{number}.example", (APPLICATION,)))
        with lane.running(Origin("slow-0.example", ())):
            assert not is_full_for(lane, PLAIN)
            lane.note_slow(SLOW)
            assert is_full_for(lane, PLAIN)
            assert not is_full_for(lane, Origin("plain.example", (ACCOUNT,)))
            clock.advance(REMEMBERED_S + 1)
            assert not is_full_for(lane, PLAIN)

    def test_counts_a_job_from_its_next_task_on_once_its_site_is_slow(self) -> None:
        lane = SlowLane(1, StillClock())
        lane.note_read(SLOW)
        with lane.running(SLOW) as first, lane.running(SLOW) as second:
            lane.note_slow(SLOW)
            assert not is_full_for(lane, SLOW)
            first()
            first()
            assert is_full_for(lane, SLOW)
            with pytest.raises(SlowLaneFull):
                second()
        assert not is_full_for(lane, SLOW)

    def test_forgets_after_an_hour(self) -> None:
        clock = StillClock()
        lane = SlowLane(1, clock)
        lane.note_slow(SLOW)
        clock.advance(REMEMBERED_S - 1)
        with lane.running(SLOW):
            assert is_full_for(lane, SLOW)
            clock.advance(2)
            assert not is_full_for(lane, SLOW)

    def test_remembers_so_many_and_no_more(self) -> None:
        lane = SlowLane(1, StillClock())
        lane.note_slow(SLOW)
        for number in range(_MAX_REMEMBERED):
            lane.note_slow(Origin(str(number), ()))
        with lane.running(Origin("0", ())):
            assert not is_full_for(lane, SLOW)
            assert is_full_for(lane, Origin("1", ()))
