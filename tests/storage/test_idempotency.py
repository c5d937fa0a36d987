"""Idempotency records: locked by one transaction at a time, and deleted after retention."""

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from api.jobs.housekeeping import sweep
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.runtime.runtime import Runtime
from api.settings import Settings
from api.storage.keys.accounts import insert_account
from api.storage.keys.idempotency import (
    RequestIdentity,
    StoredAnswer,
    find_record,
    insert_record,
    try_lock_request,
    update_record,
)
from tests.kit.servers.runtimes import running_runtime

ANSWER = StoredAnswer(status=202, headers=[("location", "/v1/x"), ("vary", "caf\u00e9")], body=b"\x00{}")
DAY = 86_400


def _request(number: int) -> RequestIdentity:
    digest = bytes([200 + number]) * 32  # above 127, so that its lock number is negative
    return RequestIdentity(account_id=DEFAULT_ACCOUNT, digest=digest, fingerprint=b"f" * 32)


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    async with running_runtime(UNSPUN_DATABASE_URL=database_url) as runtime:
        async with runtime.pool.transaction() as connection:
            await insert_account(connection, DEFAULT_ACCOUNT, "default", runtime.clock.now())
        yield runtime


class TestARequest:
    async def test_is_held_by_one_transaction_until_its_end(self, runtime: Runtime) -> None:
        async with runtime.pool.transaction() as first:
            assert await try_lock_request(first, _request(1).digest)
            async with runtime.pool.transaction() as second:
                assert not await try_lock_request(second, _request(1).digest)
                assert await try_lock_request(second, _request(2).digest)
        async with runtime.pool.transaction() as third:
            assert await try_lock_request(third, _request(1).digest)

    async def test_is_free_again_when_its_connection_breaks(
        self, runtime: Runtime, database_url: str
    ) -> None:
        broken = await asyncpg.connect(database_url)
        await broken.execute("BEGIN")
        assert await try_lock_request(broken, _request(1).digest)
        broken.terminate()
        async with runtime.pool.connection() as connection:
            ended = "SELECT pg_advisory_lock($1)"  # waits for the server to notice
            await connection.execute(ended, int.from_bytes(_request(1).digest[:8], "big", signed=True))


class TestAnAnswer:
    async def test_comes_back_as_it_was(self, runtime: Runtime) -> None:
        async with runtime.pool.transaction() as connection:
            assert await find_record(connection, _request(1).digest) is None
            await insert_record(connection, _request(1), ANSWER, runtime.clock.now())
            found = await find_record(connection, _request(1).digest)
            assert found is not None
            assert (found.fingerprint, found.answer) == (b"f" * 32, ANSWER)
            later = StoredAnswer(status=200, headers=[], body=b"{}")
            await update_record(connection, _request(1).digest, later)
            found = await find_record(connection, _request(1).digest)
            assert found is not None
            assert found.answer == later

    async def test_is_forgotten_after_the_time_that_is_set_and_not_before(self, runtime: Runtime) -> None:
        now = runtime.clock.now()
        async with runtime.pool.transaction() as connection:
            for number, age in enumerate((DAY - 600, DAY - 30, DAY + 1)):
                await insert_record(connection, _request(number), ANSWER, now - timedelta(seconds=age))
        await sweep(runtime)
        async with runtime.pool.connection() as connection:
            left = [await find_record(connection, _request(number).digest) for number in range(3)]
        assert [record is not None for record in left] == [True, True, False]

    def test_may_be_kept_longer_than_a_day_but_not_less(self) -> None:
        assert (
            Settings.from_environment({"UNSPUN_IDEMPOTENCY_KEPT_S": "172800"}).idempotency_kept_s == 172_800
        )
        with pytest.raises(Exception, match="from 86400 to"):
            Settings.from_environment({"UNSPUN_IDEMPOTENCY_KEPT_S": "3600"})
