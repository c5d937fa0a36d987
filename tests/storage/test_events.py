"""The event log: numbers without gaps, in the order in which transactions became visible."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from api.clock import Clock
from api.storage.database.pool import Pool
from api.storage.keys.accounts import insert_account
from api.storage.log.events import NewEvent, append_events, list_events
from schemas.events import Event, EventType
from tests.kit.databases import connected
from tests.kit.servers.pooler import direct_setting

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WRITERS, EVENTS = 20, 1_000
ACCOUNT = "acc_" + "0" * 26


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    pool = Pool(
        database_url,
        minimum=0,
        maximum=WRITERS + 3,
        statement_timeout_ms=20_000,
        through_pooler=bool(direct_setting(database_url)),
    )
    yield pool
    await pool.close()


def _event(clock: Clock, number: int, account_id: str | None = None) -> NewEvent:
    return NewEvent(
        id=clock.new_id("evt"),
        type=EventType.STORY_PUBLISHED,
        account_id=account_id,
        story_id=None,
        data={"number": number},
    )


async def _read_on(pool: Pool, seconds: float = 60) -> list[Event]:
    """A poller: reads what follows its last number, until it has all."""
    seen: list[Event] = []
    async with asyncio.timeout(seconds):
        while len(seen) < EVENTS:
            async with pool.connection() as connection:
                seen += await list_events(
                    connection, after=seen[-1].sequence if seen else 0, account_id=None, limit=37
                )
    return seen


class TestAThousandEventsOfTwentyWriters:
    async def test_are_read_in_order_by_every_poller_without_gap_or_repetition(self, pool: Pool) -> None:
        clock = Clock()

        async def write(writer: int) -> None:
            chance = random.Random(writer)
            left = list(range(writer, EVENTS, WRITERS))
            while left:
                batch = [left.pop() for _ in range(min(len(left), chance.randrange(1, 5)))]
                async with pool.transaction() as connection:
                    # other work first, of different lengths, as in publication
                    await connection.execute("SELECT pg_sleep($1)", chance.random() / 200)
                    await append_events(connection, [_event(clock, number) for number in batch], AT)

        pollers = [asyncio.create_task(_read_on(pool)) for _ in range(3)]
        await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
        for seen in await asyncio.gather(*pollers):
            assert [event.sequence for event in seen] == list(range(1, EVENTS + 1))
            assert sorted(event.data["number"] for event in seen) == list(range(EVENTS))


class TestTheLog:
    async def test_keeps_its_numbers_without_gap_when_a_transaction_fails(self, pool: Pool) -> None:
        clock = Clock()

        async def fail() -> None:
            async with pool.transaction() as connection:
                await append_events(connection, [_event(clock, 1)], AT)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        async with pool.transaction() as connection:
            await append_events(connection, [_event(clock, 2), _event(clock, 3)], AT)
        async with pool.connection() as connection:
            events = await list_events(connection, after=0, account_id=None, limit=10)
        assert [(event.sequence, event.data["number"]) for event in events] == [(1, 2), (2, 3)]

    async def test_refuses_to_change(self, pool: Pool, owner_url: str) -> None:
        async with pool.transaction() as connection:
            await append_events(connection, [_event(Clock(), 1)], AT)
        async with connected(owner_url) as owner:
            with pytest.raises(asyncpg.RestrictViolationError):
                await owner.execute("UPDATE events SET type = 'webhook.ping'")

    async def test_shows_private_events_to_their_account_alone(self, pool: Pool) -> None:
        clock = Clock()
        async with pool.transaction() as connection:
            await insert_account(connection, ACCOUNT, "one", AT)
            await append_events(connection, [_event(clock, 1), _event(clock, 2, ACCOUNT)], AT)
        async with pool.connection() as connection:
            for account_id, numbers in ((None, [1]), (ACCOUNT, [1, 2]), ("acc_other", [1])):
                events = await list_events(connection, after=0, account_id=account_id, limit=10)
                assert [event.data["number"] for event in events] == numbers

    async def test_takes_no_number_for_nothing(self, pool: Pool) -> None:
        async with pool.transaction() as connection:
            await append_events(connection, [], AT)
            assert await connection.fetchval("SELECT n FROM event_counter") == 0
