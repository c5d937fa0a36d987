"""Retention uses the database's clock, and deletes nothing while clocks disagree."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from api.cli.doctor.database import _clock_findings
from api.jobs.housekeeping import sweep
from api.operations.database.check_readiness import check_readiness
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import Runtime, open_runtime
from api.settings import Settings
from api.storage.analyses import analysis_jobs
from api.storage.database.database_clock import MAX_CLOCK_SKEW_S, Times
from api.storage.keys.accounts import insert_account
from api.storage.keys.idempotency import RequestIdentity, StoredAnswer, insert_record
from api.storage.log.events import NewEvent, append_events, get_bounds
from schemas.enums import AnalysisStatus, InputKind
from schemas.events import EventType
from tests.kit.servers.fakes import ShiftedClock
from tests.kit.servers.pooler import direct_setting

MONTH = timedelta(days=31)  # longer than any retention, except for announced URLs
NO_TIME = timedelta(0)
MakeRuntime = Callable[[timedelta], Runtime]
TABLES = ("events", "analysis_jobs", "idempotency_records")


@pytest.fixture
async def make_runtime(database_url: str) -> AsyncIterator[MakeRuntime]:
    settings = Settings.from_environment({"UNSPUN_DATABASE_URL": database_url} | direct_setting(database_url))
    created: list[Runtime] = []

    def make(ahead: timedelta) -> Runtime:
        clock = ShiftedClock(ahead)
        created.append(open_runtime(settings, load_taxonomy(), clock, statement_timeout_ms=5_000))
        return created[-1]

    yield make
    for runtime in created:
        await runtime.pool.close()
        await runtime.cache.close()


@pytest.fixture
async def fill(make_runtime: MakeRuntime) -> Callable[[Sequence[timedelta]], Awaitable[None]]:
    """Events of these ages in log order, and an ended job and an idempotency record of each age."""

    async def filled(ages: Sequence[timedelta]) -> None:
        runtime = make_runtime(NO_TIME)
        async with runtime.pool.transaction() as connection:
            await insert_account(connection, DEFAULT_ACCOUNT, "default", runtime.clock.now())
        for number, age in enumerate(ages):
            at = runtime.clock.now() - age
            job_id = f"job_{number}"
            record = RequestIdentity(
                account_id=DEFAULT_ACCOUNT, digest=bytes([number]) * 32, fingerprint=b"f" * 32
            )
            event = NewEvent(
                id=runtime.clock.new_id("evt"),
                type=EventType.STORY_PUBLISHED,
                account_id=None,
                story_id=None,
                data={},
            )
            async with runtime.pool.transaction() as connection:
                await analysis_jobs.insert_job(
                    connection,
                    job_id=job_id,
                    kind=InputKind.URL,
                    account_id=None,
                    url="https://brightwater.example/a",
                    url_key=f"https://brightwater.example/{number}",
                    draft=None,
                    at=at,
                )
                await analysis_jobs.finish_job(connection, job_id, AnalysisStatus.CANCELLED, at=at)
                await insert_record(connection, record, StoredAnswer(status=200, headers=[], body=b"{}"), at)
                await append_events(connection, [event], at)

    return filled


async def _rows(runtime: Runtime) -> list[int]:
    async with runtime.pool.connection() as connection:
        return [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]


class TestForgetting:
    @pytest.mark.parametrize("ahead", [MONTH, -MONTH, timedelta(seconds=MAX_CLOCK_SKEW_S + 5)])
    async def test_waits_while_a_workers_clock_is_another_than_the_databases(
        self,
        make_runtime: MakeRuntime,
        fill: Callable[..., Awaitable[None]],
        ahead: timedelta,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        await fill([MONTH, MONTH, NO_TIME])
        runtime = make_runtime(ahead)
        await sweep(runtime)
        assert await _rows(runtime) == [3, 3, 3]
        assert "clocks_differ" in "".join(capsys.readouterr())

    async def test_deletes_expired_rows(
        self, make_runtime: MakeRuntime, fill: Callable[..., Awaitable[None]]
    ) -> None:
        await fill([MONTH, MONTH, timedelta(days=2), NO_TIME])
        runtime = make_runtime(timedelta(seconds=MAX_CLOCK_SKEW_S - 10))
        await sweep(runtime)
        assert await _rows(runtime) == [2, 2, 1]

    async def test_leaves_no_hole_behind_an_event_that_is_kept(
        self, make_runtime: MakeRuntime, fill: Callable[..., Awaitable[None]]
    ) -> None:
        """As after a clock that went back."""
        await fill([MONTH, NO_TIME, MONTH, NO_TIME])
        runtime = make_runtime(NO_TIME)
        await sweep(runtime)
        async with runtime.pool.connection() as connection:
            kept = [
                row["sequence"] for row in await connection.fetch("SELECT sequence FROM events ORDER BY 1")
            ]
            assert kept == [2, 3, 4]
            assert (await get_bounds(connection)).forgotten == 1

    async def test_goes_on_behind_an_event_from_the_future(
        self, make_runtime: MakeRuntime, fill: Callable[..., Awaitable[None]]
    ) -> None:
        """As dated by a worker whose clock was ahead."""
        await fill([MONTH, -MONTH, MONTH, NO_TIME])
        runtime = make_runtime(NO_TIME)
        await sweep(runtime)
        assert (await _rows(runtime))[0] == 1

    async def test_never_empties_the_log_by_the_time_alone(
        self, make_runtime: MakeRuntime, fill: Callable[..., Awaitable[None]]
    ) -> None:
        """As with a database clock that is a month ahead."""
        await fill([MONTH + timedelta(days=40), MONTH, MONTH])
        runtime = make_runtime(NO_TIME)
        await sweep(runtime)
        assert (await _rows(runtime))[:2] == [2, 2]


class TestAClockThatIsWrong:
    @pytest.mark.parametrize(("ahead", "degraded"), [(MONTH, ["clock"]), (-MONTH, ["clock"]), (NO_TIME, [])])
    async def test_is_reported_by_readiness(
        self, make_runtime: MakeRuntime, ahead: timedelta, degraded: list[str]
    ) -> None:
        assert (await check_readiness(make_runtime(ahead))).degraded == degraded

    def test_is_reported_by_doctor(self) -> None:
        now = datetime.now(UTC)
        reported = [
            list(_clock_findings(Times(now=now + shift, newest_event=None))) for shift in (MONTH, -MONTH)
        ]
        assert [[good for good, _ in findings] for findings in reported] == [[False], [False]]
        assert "behind the database's" in reported[0][0][1]
        assert "ahead of the database's" in reported[1][0][1]
        assert list(_clock_findings(Times(now=now, newest_event=None))) == []
