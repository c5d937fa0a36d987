"""Retries of deliveries, paused endpoints, and giving up."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks.webhooks import Webhook

from api.settings import Settings
from api.webhooks.breaker import OPEN_S, Breaker
from api.webhooks.encryption import new_secret
from api.webhooks.health import Health
from api.webhooks.pacing import beginnings
from api.webhooks.schedule import delay_after, read_retry_after
from api.webhooks.signing import signed_headers

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DELAYS = Settings.from_environment({}).delivery_delays_s


def delay(attempts: int, chance: float = 0.5, **more: object) -> float | None:
    values = {"delays": DELAYS, "overloaded": False, "retry_after_s": None} | more
    return delay_after(attempts, chance, **values)  # type: ignore[arg-type]


class TestTheSchedule:
    def test_has_ten_attempts_over_75_hours(self) -> None:
        assert timedelta(seconds=sum(DELAYS)) == timedelta(hours=75, minutes=35, seconds=5)
        assert [delay(n) for n in range(1, 10)] == [
            5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
        ]  # fmt: skip
        assert delay(10) is None

    def test_is_that_of_the_settings(self) -> None:
        delays = Settings.from_environment({"UNSPUN_DELIVERY_DELAYS_S": "1, 2"}).delivery_delays_s
        assert [delay(n, delays=delays) for n in (1, 2, 3)] == [1, 2, None]

    def test_strays_by_a_fifth_at_most(self) -> None:
        assert (delay(2, 0.0), delay(2, 1.0)) == (240, 360)

    def test_leaves_an_overloaded_receiver_alone_for_a_minute(self) -> None:
        assert delay(1, overloaded=True) == 60
        assert delay(3, overloaded=True) == 1_800

    @pytest.mark.parametrize(("asked", "waits"), [(0, 300), (400, 400), (9_999, 600)])
    def test_heeds_what_the_receiver_asks_for_within_twice_its_delay(
        self, asked: float, waits: float
    ) -> None:
        assert delay(2, retry_after_s=asked) == waits
        assert delay(2, retry_after_s=asked, overloaded=True) == waits

    @pytest.mark.parametrize(("asked", "waits"), [(0, 5), (7, 7), (60, 10)])
    def test_heeds_it_also_of_an_overloaded_receiver(self, asked: float, waits: float) -> None:
        assert delay(1, retry_after_s=asked, overloaded=True) == waits

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            (None, None),
            ("soon", None),
            ("-1", None),
            ("1e9", None),
            ("", None),
            ("0", 0),
            ("1 Dec 99999999999 00:00:00 GMT", None),
            ("120", 120),
            ("Mon, 02 Mar 2026 09:01:00 GMT", 60),
            ("Mon, 02 Mar 2026 08:00:00 GMT", 0),
        ],
    )
    def test_reads_seconds_and_dates(self, value: str | None, seconds: float | None) -> None:
        assert read_retry_after(value, NOW) == seconds


class TestAPace:
    def test_spreads_what_may_begin_within_a_second(self) -> None:
        times, later = beginnings(10, 4, None, NOW)
        assert times == [NOW + timedelta(seconds=n / 4) for n in range(4)]
        assert later == NOW + timedelta(seconds=1)

    def test_begins_where_another_worker_left_off(self) -> None:
        times, later = beginnings(10, 4, NOW + timedelta(seconds=0.75), NOW)
        assert (times, later) == ([NOW + timedelta(seconds=0.75)], NOW + timedelta(seconds=1))
        assert beginnings(1, 4, NOW + timedelta(seconds=1), NOW)[0] == []

    def test_does_not_save_up_what_was_not_used(self) -> None:
        times, _ = beginnings(2, 1, NOW - timedelta(hours=1), NOW)
        assert times == [NOW]


class TestHealth:
    def test_is_over_after_five_days_of_nothing_but_failures(self) -> None:
        health, hours = Health(), 0
        while not health.is_over(NOW + timedelta(hours=hours)):
            hours += 6
            health = health.after_failure(NOW + timedelta(hours=hours))
        assert hours == 6 + 12 + 120  # the first failure, the jitter, five days

    def test_is_not_over_after_one_bad_hour(self) -> None:
        health = Health()
        for minutes in range(60):
            health = health.after_failure(NOW + timedelta(minutes=minutes))
        assert health.failing_since is None

    def test_is_not_over_for_failures_now_and_then(self) -> None:
        health = Health()
        for days in range(0, 30, 2):
            health = health.after_failure(NOW + timedelta(days=days))
            assert health.failing_since is None


class TestABreaker:
    def test_opens_after_ten_failures_in_a_row_and_closes_after_five_successes(self) -> None:
        breaker = Breaker()
        assert [breaker.failed(0, silent=False) for _ in range(10)] == [False] * 9 + [True]
        assert breaker.is_open(OPEN_S - 1)
        assert not breaker.is_open(OPEN_S)
        assert [breaker.succeeded(OPEN_S, 0.1) for _ in range(5)] == [False] * 4 + [True]

    def test_opens_again_at_the_first_failure_of_its_trial(self) -> None:
        breaker = Breaker()
        for _ in range(10):
            breaker.failed(0, silent=False)
        assert breaker.failed(OPEN_S, silent=False)
        assert breaker.is_open(2 * OPEN_S - 1)

    def test_opens_where_seven_of_ten_fail(self) -> None:
        breaker = Breaker()
        outcomes = [
            breaker.failed(0, silent=False) if n % 10 < 7 else breaker.succeeded(0, 0.1) for n in range(3, 14)
        ]
        assert any(outcomes)

    def test_opens_after_three_requests_without_an_answer(self) -> None:
        breaker = Breaker()
        assert [breaker.failed(0, silent=True) for _ in range(3)] == [False, False, True]

    def test_lets_more_requests_to_an_endpoint_with_every_success_and_one_after_a_failure(self) -> None:
        breaker = Breaker()
        widths = [breaker.width]
        for _ in range(5):
            breaker.succeeded(0, 0.1)
            widths.append(breaker.width)
        assert widths == [1, 2, 3, 4, 5, 5]
        breaker.failed(0, silent=False)
        assert breaker.width == 1

    def test_has_patience_with_an_endpoint_that_is_slow_but_answers(self) -> None:
        breaker = Breaker()
        assert breaker.patience_s == 0.5
        for _ in range(50):
            breaker.succeeded(0, 2.0)
        assert breaker.patience_s == pytest.approx(6, rel=0.01)


class TestASignature:
    def test_is_that_of_the_instant_in_whatever_zone_it_is_given(self) -> None:
        secret, now = new_secret(lambda size: b"k" * size), datetime.now(UTC)
        elsewhere = now.astimezone(timezone(timedelta(hours=5, minutes=30)))
        here = signed_headers("evt_1", now, b"{}", [secret])
        assert signed_headers("evt_1", elsewhere, b"{}", [secret]) == here
        Webhook(secret).verify(b"{}", here)

    def test_is_made_with_every_secret_that_signs(self) -> None:
        secrets = [new_secret(lambda size, n=n: bytes([n]) * size) for n in (1, 2)]
        headers = signed_headers("evt_1", datetime.now(UTC), b"{}", secrets)
        for secret in secrets:
            Webhook(secret).verify(b"{}", headers)
