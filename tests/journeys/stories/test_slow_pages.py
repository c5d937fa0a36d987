"""Pages of one site that burn CPU leave a process for other sites."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import fields
from time import monotonic
from typing import Any

import pytest

from api.jobs.run_analysis import analyze_story
from api.jobs.slow_lane import SlowLane
from api.jobs.worker_context import WorkerContext
from tests.journeys.processes.test_killed_worker import make_page
from tests.kit.databases import fetchval
from tests.kit.servers.service import Service
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.page_bombs import TIME

SLOW, PLAIN = "slow.tarnbrook.example", "wire.lanternfield.example"
ASKED_S = 0.2


# memory for other work, which a waiting job does not need
OTHERS = {field.name for field in fields(WorkerContext)} - {"runtime", "slow_lane"}


async def _submit(running: Service, urls: Iterable[str]) -> list[str]:
    return [(await running.submit(url))["id"] for url in urls]


async def _ended(running: Service, ids: Iterable[str], seconds: float) -> list[str]:
    return [end["status"] for end in await asyncio.gather(*(running.finished(i, seconds) for i in ids))]


class TestPagesThatBurnCpu:
    @pytest.mark.slow
    async def test_do_not_hold_up_those_of_other_sites(self, service: Callable[..., Any], site: Site) -> None:
        slow = [site.put(SLOW, f"/{n}", TIME) for n in range(8)]
        plain = [site.put(PLAIN, f"/{n}", Reply(make_page(n))) for n in range(20)]
        limits = {"UNSPUN_ENGINE_PROFILE": "fast", "UNSPUN_ANALYSIS_TIMEOUT_S": "2"}
        async with service(hosts=[SLOW, PLAIN], **limits) as running:
            burning = await _submit(running, slow)
            assert set(await _ended(running, await _submit(running, plain), 120)) == {"succeeded"}
            states = [(await running.client.get(f"/v1/analyses/{i}")).json() for i in burning]
            assert "queued" in {state["status"] for state in states}, "the plain ones came later, and went by"
            assert (await running.finished(burning[0], 120))["error"]["type"].endswith("/analysis-timeout")

    @pytest.mark.slow
    async def test_all_end_where_there_is_one_process(self, service: Callable[..., Any], site: Site) -> None:
        slow = [site.put(SLOW, f"/{n}", TIME) for n in range(3)]
        limits = {
            "UNSPUN_ENGINE_PROFILE": "fast",
            "UNSPUN_ANALYSIS_TIMEOUT_S": "1",
            "UNSPUN_WORKER_CONCURRENCY": "1",
        }
        async with service(hosts=[SLOW], **limits) as running:
            assert await _ended(running, await _submit(running, slow), 120) == ["failed"] * 3

    async def test_wait_no_longer_than_half_of_what_blocks_the_queue(
        self, service: Callable[..., Any], site: Site, database_url: str
    ) -> None:
        """Otherwise the pages of one site would block all submissions."""
        async with service(hosts=[SLOW], with_worker=False) as running:
            (analysis,) = await _submit(running, [site.put(SLOW, "/a", TIME)])
            job_id = await fetchval(database_url, "SELECT id FROM analysis_jobs")
            lane = SlowLane(0, running.app.state.runtime.clock)
            context = WorkerContext(
                runtime=running.app.state.runtime, slow_lane=lane, **dict.fromkeys(OTHERS)
            )
            assert (await analyze_story(context, job_id)) is not None, "it waits"
            half = running.settings.max_queue_age_s / 2
            await fetchval(
                database_url,
                f"UPDATE analysis_jobs SET created_at = created_at - interval '{half:.0f} seconds' RETURNING id",
            )
            assert await analyze_story(context, job_id) is None
            end = await running.finished(analysis)
        assert end["error"]["type"].rpartition("/")[2] == "analysis-timeout"
        assert end["tries"] == 0

    @pytest.mark.chaos  # the settings of production, for some minutes
    async def test_take_at_most_three_times_as_long_beside_twenty_of_them(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        slow = [site.put(SLOW, f"/{n}", TIME) for n in range(20)]
        plain = [site.put(PLAIN, f"/{n}", Reply(make_page(n))) for n in range(200)]
        async with service(hosts=[SLOW, PLAIN], with_worker=False, UNSPUN_FETCH_TIMEOUT_S="20") as running:
            worker = running.start_worker()
            try:
                await _ended(running, await _submit(running, [site.put(PLAIN, "/w", make_page(999))]), 120)
                began = monotonic()
                await _ended(running, await _submit(running, plain[:100]), 300)
                usual_s = monotonic() - began
                asking = asyncio.create_task(_slowest_answer(running))
                began = monotonic()
                await _submit(running, slow)
                assert set(await _ended(running, await _submit(running, plain[100:]), 600)) == {"succeeded"}
                beside_s = monotonic() - began
                asking.cancel()
                slowest_s = await asking
            finally:
                worker.terminate()
                worker.wait(60)
        print(
            f"100 pages alone {usual_s:.1f} s, beside 20 slow ones {beside_s:.1f} s; /livez {slowest_s:.2f} s"
        )
        assert beside_s < 3 * usual_s
        assert slowest_s < 1


async def _slowest_answer(running: Service) -> float:
    slowest = 0.0
    with suppress(asyncio.CancelledError):
        while True:
            began = monotonic()
            assert (await running.client.get("/livez")).status_code == 200
            slowest = max(slowest, monotonic() - began)
            await asyncio.sleep(ASKED_S)
    return slowest
