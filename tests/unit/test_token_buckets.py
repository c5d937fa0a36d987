"""Token buckets in memory: refusals, refills, and their number."""

from hypothesis import given
from hypothesis import strategies as st

from api.cache.token_buckets import STEPS, Buckets
from api.settings.quotas import QuotaPolicy
from tests.kit.servers.fakes import StillClock

BURST, DAILY = QuotaPolicy("burst", 50, 60), QuotaPolicy("daily", 70, 86_400)


class TestABucket:
    def test_refuses_when_empty_with_the_time_of_the_refill(self) -> None:
        buckets = Buckets([BURST], StillClock().monotonic)
        assert [buckets.take("a", 1).allowed for _ in range(51)] == [True] * 50 + [False]
        assert buckets.take("a", 1) == (False, (0, 6), (6,))
        assert buckets.take("a", 12).wait_s == (18,)  # three steps of five units

    def test_takes_from_all_policies_or_from_none(self) -> None:
        clock = StillClock()
        buckets = Buckets([BURST, DAILY], clock.monotonic)
        assert buckets.take("a", 50).allowed
        refused = buckets.take("a", 10)
        assert refused.wait_s == (12, 0)
        clock.advance(60)
        refused = buckets.take("a", 21)
        assert (refused.state[::2], refused.wait_s) == ((50, 20), (0, 8_580))
        assert buckets.take("a", 20).allowed

    def test_is_refilled_in_steps_from_the_first_unit_taken(self) -> None:
        clock = StillClock()
        buckets = Buckets([BURST], clock.monotonic)
        buckets.take("a", 50)
        clock.advance(5.9)
        assert not buckets.take("a", 1).allowed
        clock.advance(0.2)
        assert buckets.take("a", 5).allowed
        assert not buckets.take("a", 1).allowed

    def test_gives_all_that_it_can_hold_to_a_call_that_costs_more(self) -> None:
        buckets = Buckets([QuotaPolicy("small", 5, 60)], StillClock().monotonic)
        assert buckets.take("a", 10).state == (0, 60 // STEPS)
        assert buckets.take("a", 10).wait_s == (60,)
        buckets.give_back("a", 10)
        assert buckets.take("a", 10).allowed

    def test_is_not_touched_by_a_look_or_a_free_call(self) -> None:
        buckets = Buckets([BURST], StillClock().monotonic)
        assert buckets.take("a", 50, only_look=True).allowed
        assert buckets.take("a", 50).allowed
        assert buckets.take("a", 0).allowed
        assert not buckets.take("a", 1, only_look=True).allowed

    def test_belongs_to_one_name(self) -> None:
        buckets = Buckets([BURST], StillClock().monotonic)
        buckets.take("a", 50)
        assert buckets.take("b", 50).allowed

    def test_is_evicted_least_recently_used(self) -> None:
        buckets = Buckets([BURST], StillClock().monotonic, max_names=3)
        for name in "abc":
            buckets.take(name, 50)
        buckets.take("a", 1)
        buckets.take("d", 1)
        assert len(buckets) == 3
        assert "b" not in buckets
        assert not buckets.take("a", 1).allowed

    @given(
        quota=st.integers(1, 40),
        calls=st.lists(st.tuples(st.integers(0, 12), st.floats(0, 9)), max_size=60),
    )
    def test_lets_through_what_was_in_it_and_what_was_refilled_since(
        self, quota: int, calls: list[tuple[int, float]]
    ) -> None:
        clock = StillClock()
        buckets = Buckets([QuotaPolicy("any", quota, 10)], clock.monotonic)
        taken = elapsed = 0.0
        for cost, pause in calls:
            clock.advance(pause)
            elapsed += pause
            answer = buckets.take("a", cost)
            taken += min(cost, quota) if answer.allowed else 0
            assert 0 <= answer.state[0] <= quota
            assert 0 <= answer.state[1] <= 1
            assert taken <= quota + int(elapsed) * quota / STEPS + 1e-6
            assert answer.allowed is (not any(answer.wait_s))

    @given(
        policies=st.sampled_from([(BURST,), (BURST, DAILY), ()]),
        calls=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.floats(0, 9)), max_size=40),
    )
    def test_gives_a_unit_on_the_short_way_as_on_the_long_one(
        self, policies: tuple[QuotaPolicy, ...], calls: list[tuple[str, int, float]]
    ) -> None:
        clock = StillClock()
        short, long = (Buckets(policies, clock.monotonic, max_names=1) for _ in range(2))
        for name, other_cost, pause in calls:
            clock.advance(pause)
            wanted = long.take(name, 1)
            assert short.take_unit(name, clock.monotonic()) == (wanted.state if wanted.allowed else None)
            assert short.take(name, other_cost) == long.take(name, other_cost)
