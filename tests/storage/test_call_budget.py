"""The daily budget of calls to language models is never exceeded, and no lost call makes room."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from api.cli.doctor.database import _budget_findings
from api.errors import ModelBudgetSpent
from api.jobs.housekeeping import CALLS_RETENTION, sweep
from api.operations.language_models.model_calls import SETTLED_AFTER, reserve_call
from api.runtime.runtime import Runtime
from api.settings import Settings
from api.storage.language_models.call_budget import (
    Cost,
    DailyLimits,
    DailyUse,
    delete_old_calls,
    read_day,
    reserve,
    settle,
    settle_expired,
)
from tests.kit.databases import connected
from tests.kit.polling import until_equal
from tests.kit.servers.fakes import StillClock
from tests.kit.servers.runtimes import running_runtime

TODAY, YESTERDAY = date(2026, 3, 2), date(2026, 3, 1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOON, LATER = NOON + timedelta(minutes=1), NOON + timedelta(hours=1)
UNLIMITED = DailyLimits(tokens=None, micros=None)
# Sessions of this database that wait for a lock.
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
WORKERS, CALLS = 8, 60  # CALLS of each worker
LIMITS = DailyLimits(tokens=2_000, micros=9_000)


def _cost(tokens: int, micros: int = 0) -> Cost:
    return Cost(tokens=tokens, micros=micros)


def _limits(tokens: int | None = None, micros: int | None = None) -> DailyLimits:
    return DailyLimits(tokens=tokens, micros=micros)


async def _reserve(
    connection: asyncpg.Connection,
    call_id: str,
    most: Cost,
    limits: DailyLimits = UNLIMITED,
    *,
    day: date = TODAY,
    expires_at: datetime = SOON,
) -> bool:
    async with connection.transaction():
        return await reserve(connection, call_id, day=day, most=most, limits=limits, expires_at=expires_at)


class TestReserving:
    @pytest.mark.parametrize(
        ("most", "limits", "fits"),
        [
            (_cost(11), _limits(10), False),
            (_cost(10), _limits(10), True),
            (_cost(1, 11), _limits(None, 10), False),
            (_cost(1, 10), _limits(None, 10), True),
            (_cost(11, 1), _limits(10, 10), False),
            (_cost(1, 11), _limits(10, 10), False),
            (_cost(10**12, 10**12), UNLIMITED, True),
            (_cost(0), _limits(0, 0), True),
        ],
    )
    async def test_needs_room_under_both_limits(
        self, connection: asyncpg.Connection, most: Cost, limits: DailyLimits, fits: bool
    ) -> None:
        assert await _reserve(connection, "a", most, limits) is fits
        expected = DailyUse(spent=_cost(0), reserved=most if fits else _cost(0))
        assert await read_day(connection, TODAY) == expected

    async def test_counts_what_is_spent_and_what_others_have_reserved(
        self, connection: asyncpg.Connection
    ) -> None:
        limits = _limits(100, 1_000)
        assert await _reserve(connection, "a", _cost(60, 600), limits)
        await settle(connection, "a", _cost(30, 200))
        assert await _reserve(connection, "b", _cost(50, 500), limits)
        assert not await _reserve(connection, "c", _cost(21, 1), limits)
        assert not await _reserve(connection, "c", _cost(1, 301), limits)
        assert await _reserve(connection, "c", _cost(20, 300), limits)
        assert await read_day(connection, TODAY) == DailyUse(spent=_cost(30, 200), reserved=_cost(70, 800))

    async def test_twice_the_same_call_reserves_once(self, connection: asyncpg.Connection) -> None:
        assert await _reserve(connection, "a", _cost(60), _limits(100))
        assert await _reserve(connection, "a", _cost(60), _limits(100))
        assert (await read_day(connection, TODAY)).reserved == _cost(60)

    async def test_refuses_a_call_that_has_ended(self, connection: asyncpg.Connection) -> None:
        await _reserve(connection, "a", _cost(60))
        await settle(connection, "a", _cost(60))
        with pytest.raises(ValueError, match="an id of its own"):
            await _reserve(connection, "a", _cost(60))
        assert (await read_day(connection, TODAY)).reserved == _cost(0)

    async def test_of_another_day_has_a_budget_of_its_own(self, connection: asyncpg.Connection) -> None:
        assert await _reserve(connection, "a", _cost(10), _limits(10), day=YESTERDAY)
        assert await _reserve(connection, "b", _cost(10), _limits(10))
        await settle(connection, "a", _cost(4))  # after midnight, of the day in which it began
        assert await read_day(connection, YESTERDAY) == DailyUse(spent=_cost(4), reserved=_cost(0))
        assert await read_day(connection, TODAY) == DailyUse(spent=_cost(0), reserved=_cost(10))

    async def test_twice_at_once_reserves_once(
        self, connection: asyncpg.Connection, database_url: str, owner: asyncpg.Connection
    ) -> None:
        await _reserve(connection, "earlier", _cost(0))  # the day's row is there already
        async with (
            connected(database_url) as third,
            connected(database_url) as other,
            asyncio.TaskGroup() as tasks,
        ):
            async with third.transaction():  # holds both until they have begun
                await third.execute("SELECT FROM model_budgets FOR UPDATE")
                both = [tasks.create_task(_reserve(one, "a", _cost(60))) for one in (connection, other)]
                await until_equal(2, lambda: owner.fetchval(WAITING), 30)
        assert [one.result() for one in both] == [True, True]
        assert (await read_day(connection, TODAY)).reserved == _cost(60)


class TestSettling:
    async def test_gives_back_what_a_call_did_not_need(self, connection: asyncpg.Connection) -> None:
        await _reserve(connection, "a", _cost(100, 1_000))
        await settle(connection, "a", _cost(0))
        assert await read_day(connection, TODAY) == DailyUse(spent=_cost(0), reserved=_cost(0))

    async def test_counts_a_call_of_unknown_cost_in_full(self, connection: asyncpg.Connection) -> None:
        await _reserve(connection, "a", _cost(100, 1_000))
        await settle(connection, "a", None)
        assert await read_day(connection, TODAY) == DailyUse(spent=_cost(100, 1_000), reserved=_cost(0))

    async def test_twice_or_of_an_unknown_call_changes_nothing(self, connection: asyncpg.Connection) -> None:
        await _reserve(connection, "a", _cost(100))
        for cost in (_cost(40), _cost(90), None):
            await settle(connection, "a", cost)
        await settle(connection, "b", _cost(5))
        assert await read_day(connection, TODAY) == DailyUse(spent=_cost(40), reserved=_cost(0))


class TestTheCallOfAKilledWorker:
    async def test_stays_reserved_and_then_counts_in_full(self, connection: asyncpg.Connection) -> None:
        limits = _limits(100)
        await _reserve(connection, "lost", _cost(60), limits)
        await _reserve(connection, "running", _cost(30), limits, expires_at=LATER)
        for before in (NOON, SOON, SOON + timedelta(seconds=1), LATER):
            async with connection.transaction():
                await settle_expired(connection, before, 10)
            assert not await _reserve(connection, "next", _cost(11), limits)
        assert await read_day(connection, TODAY) == DailyUse(spent=_cost(60), reserved=_cost(30))
        await settle(connection, "lost", _cost(1))  # its worker was only slow
        assert (await read_day(connection, TODAY)).spent == _cost(60)

    async def test_is_found_in_every_day_and_some_at_a_time(self, connection: asyncpg.Connection) -> None:
        for number in range(5):
            day = (YESTERDAY, TODAY)[number % 2]
            await _reserve(connection, f"lost-{number}", _cost(10, 7), day=day)
        spent = []
        for _ in range(3):
            async with connection.transaction():
                await settle_expired(connection, LATER, 2)
            spent.append([(await read_day(connection, day)).spent.tokens for day in (YESTERDAY, TODAY)])
        assert [sum(tokens) for tokens in spent] == [20, 40, 50]
        assert await read_day(connection, YESTERDAY) == DailyUse(spent=_cost(30, 21), reserved=_cost(0))

    async def test_is_left_to_the_worker_that_is_settling_it(
        self, connection: asyncpg.Connection, database_url: str
    ) -> None:
        await _reserve(connection, "a", _cost(60))
        await _reserve(connection, "b", _cost(60), day=YESTERDAY)
        async with connected(database_url) as worker, worker.transaction():
            await worker.execute("UPDATE model_calls SET has_ended = true WHERE id = 'a'")
            async with connection.transaction():
                await settle_expired(connection, LATER, 10)
        assert (await read_day(connection, TODAY)).spent == _cost(0)
        assert (await read_day(connection, YESTERDAY)).spent == _cost(60)


class TestEightWorkersAtOnce:
    async def test_never_exceed_the_budget_and_use_all_of_it(self, database_url: str) -> None:
        """Each on a connection of its own; some are killed between reservation and end."""
        chance = random.Random(30)
        used, held, refused = _cost(0), _cost(0), 0
        plans = [
            [(chance.randint(1, 40), chance.randint(1, 180), chance.random()) for _ in range(CALLS)]
            for _ in range(WORKERS)
        ]

        async def work(connection: asyncpg.Connection, number: int) -> None:
            nonlocal used, held, refused
            for call, (tokens, micros, share) in enumerate(plans[number]):
                most, call_id = _cost(tokens, micros), f"{number}-{call}"
                if not await _reserve(connection, call_id, most, LIMITS):
                    refused += 1
                    continue
                held = _cost(held.tokens + tokens, held.micros + micros)
                assert used.tokens + held.tokens <= LIMITS.tokens
                assert used.micros + held.micros <= LIMITS.micros
                if share > 0.9:  # killed: what it reserved is never settled
                    continue
                cost = _cost(int(tokens * share), int(micros * share))
                # before the commit, so that the sums here are never above the database's
                held = _cost(held.tokens - tokens, held.micros - micros)
                used = _cost(used.tokens + cost.tokens, used.micros + cost.micros)
                await settle(connection, call_id, cost)

        async def watch(connection: asyncpg.Connection) -> None:
            while True:
                use = await read_day(connection, TODAY)
                assert use.spent.tokens + use.reserved.tokens <= LIMITS.tokens
                assert use.spent.micros + use.reserved.micros <= LIMITS.micros

        async with AsyncExitStack() as stack:
            connections = [
                await stack.enter_async_context(connected(database_url)) for _ in range(WORKERS + 1)
            ]
            watching = asyncio.create_task(watch(connections[-1]))
            await asyncio.gather(*(work(connections[number], number) for number in range(WORKERS)))
            watching.cancel()
            with pytest.raises(asyncio.CancelledError):
                await watching
            end = await read_day(connections[0], TODAY)
            assert end == DailyUse(spent=used, reserved=held)
            assert refused > WORKERS
            assert held.tokens > 0
            rest = _cost(LIMITS.tokens - used.tokens - held.tokens, 0)
            assert not await _reserve(connections[0], "more", _cost(rest.tokens + 1), LIMITS)
            assert await _reserve(connections[0], "rest", rest, LIMITS)


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    variables = {"UNSPUN_LLM_MAX_OUTPUT_TOKENS": "64", "UNSPUN_LLM_DAILY_TOKENS": "1000"}
    async with running_runtime(StillClock(NOON), UNSPUN_DATABASE_URL=database_url, **variables) as runtime:
        yield runtime


class TestReservingByTheSettings:
    async def test_is_refused_until_the_next_day_once_the_budget_is_spent(self, runtime: Runtime) -> None:
        await reserve_call(runtime, "a", _cost(600))
        with pytest.raises(ModelBudgetSpent) as refused:
            await reserve_call(runtime, "b", _cost(401))
        assert refused.value.retry_after == 12 * 3_600
        clock = runtime.clock
        assert isinstance(clock, StillClock)
        clock.advance(12 * 3_600 - 0.5)
        with pytest.raises(ModelBudgetSpent) as refused:
            await reserve_call(runtime, "b", _cost(401))
        assert refused.value.retry_after == 1
        clock.advance(0.5)
        await reserve_call(runtime, "b", _cost(401))

    async def test_is_refused_for_ever_if_a_day_has_no_room_for_it(self, runtime: Runtime) -> None:
        with pytest.raises(ModelBudgetSpent, match="of a day") as refused:
            await reserve_call(runtime, "a", _cost(1_001))
        assert refused.value.retry_after is None

    async def test_ends_after_the_time_limit_of_a_call(
        self, runtime: Runtime, connection: asyncpg.Connection
    ) -> None:
        await reserve_call(runtime, "a", _cost(600))
        expires_at = await connection.fetchval("SELECT expires_at FROM model_calls")
        assert expires_at == NOON + timedelta(seconds=runtime.settings.llm_timeout_s) + SETTLED_AFTER


class TestHousekeeping:
    async def test_ends_lost_calls_and_deletes_old_ones_but_no_sums(
        self, database_url: str, connection: asyncpg.Connection
    ) -> None:
        async with running_runtime(UNSPUN_DATABASE_URL=database_url) as runtime:
            now = runtime.clock.now()
            old = (now - CALLS_RETENTION).date() - timedelta(days=1)
            for name, day, expires_at in (
                ("lost long ago", old, now - CALLS_RETENTION),
                ("lost", now.date(), now - timedelta(seconds=1)),
                ("open", now.date(), now + timedelta(hours=1)),
            ):
                await _reserve(connection, name, _cost(10), day=day, expires_at=expires_at)
            await sweep(runtime)
        calls = {
            row["id"]: row["has_ended"]
            for row in await connection.fetch("SELECT id, has_ended FROM model_calls")
        }
        assert calls == {"lost": True, "open": False}
        assert (await read_day(connection, old)).spent == _cost(10)
        assert await read_day(connection, now.date()) == DailyUse(spent=_cost(10), reserved=_cost(10))

    async def test_deletes_no_open_call_and_some_at_a_time(self, connection: asyncpg.Connection) -> None:
        for name in ("a", "b", "c", "open"):
            await _reserve(connection, name, _cost(10), day=YESTERDAY)
            if name != "open":
                await settle(connection, name, None)
        left = []
        for _ in range(3):
            await delete_old_calls(connection, TODAY, 2)
            left.append(await connection.fetchval("SELECT count(*) FROM model_calls"))
        assert left == [2, 1, 1]
        await delete_old_calls(connection, YESTERDAY, 2)
        assert await connection.fetchval("SELECT id FROM model_calls") == "open"


class TestDoctor:
    def test_says_what_is_spent_and_reserved_today(self) -> None:
        use = DailyUse(spent=_cost(12_345, 1_250_000), reserved=_cost(500, 60_000))
        priced = Settings(llm_price_input=0.5, llm_price_output=1.5, llm_daily_budget=2.0)
        assert list(_budget_findings(None, priced)) == []
        assert list(_budget_findings(use, Settings(llm_daily_tokens=0))) == [
            (True, "language model today (UTC): 12,345 spent, 500 reserved, no limit (tokens)")
        ]
        assert list(_budget_findings(use, priced))[1] == (
            True,
            "language model today (UTC): 1.2500 spent, 0.0600 reserved, of 2.0000 (in the currency of the "
            "prices)",
        )
        spent = DailyUse(spent=_cost(999_900), reserved=_cost(100))
        assert list(_budget_findings(spent, Settings())) == [
            (
                None,
                "language model today (UTC): 999,900 spent, 100 reserved, of 1,000,000 (tokens): no calls until "
                "tomorrow",
            )
        ]
