"""Workers killed with -9: nothing is lost or doubled, and a job that kills its worker is given up."""

import asyncio
import random
from collections.abc import Callable
from signal import SIGTERM
from typing import Any

import pytest

from api import worker
from api.operations.analyses.claim_analysis import claim_analysis, count_hung, excuse_tries
from api.pulse import AtWork
from tests.kit.databases import fetchval
from tests.kit.polling import until, until_equal
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.pages import PARAGRAPHS, article_page

HOST = "wire.lanternfield.example"
FAST = "fast"  # the remains of a worker are the same with either engine, and this one starts sooner


def make_page(number: int) -> bytes:
    """A page whose sentences all differ from other pages', so that none is a near-duplicate."""
    words = random.Random(number)
    town = "".join(words.choice("bcdfglmnprst") + words.choice("aeiou") for _ in range(4)).capitalize()
    paragraphs = tuple(
        " ".join(
            f"{word} {town}{words.randrange(99)}" if words.random() < 0.3 else word for word in text.split()
        )
        for text in PARAGRAPHS
    )
    return article_page(title=f"{town} opens turbine {number}", host=HOST, paragraphs=paragraphs)


class TestWorkersKilledAtRandomPoints:
    @pytest.mark.parametrize(
        ("jobs", "kills"),
        [
            pytest.param(24, 2, id="short", marks=pytest.mark.slow),
            pytest.param(400, 20, id="long", marks=pytest.mark.chaos),
        ],
    )
    async def test_leave_every_job_ended_exactly_once(
        self, service: Callable[..., Any], site: Site, database_url: str, jobs: int, kills: int
    ) -> None:
        for number in range(jobs):
            site.put(HOST, f"/{number}", Reply(make_page(number)))
        chance = random.Random(20)
        async with service(hosts=[HOST], with_worker=False, UNSPUN_ENGINE_PROFILE=FAST) as running:
            submitted = [(await running.submit(f"http://{HOST}/{n}"))["id"] for n in range(jobs)]
            # the next one starts beside the one about to die, as a supervisor's replicas would
            workers = [running.start_worker(), running.start_worker()]
            try:
                for _ in range(kills):
                    before = await _finished(database_url)

                    async def went_on(before: int = before) -> bool:
                        return await _finished(database_url) > before

                    await until(went_on, 60)
                    await asyncio.sleep(chance.uniform(0, 0.6))  # kill within its next few jobs
                    victim = workers.pop(0)
                    victim.kill()
                    victim.wait()
                    workers.append(running.start_worker())
                ends = [await running.finished(analysis_id, 240) for analysis_id in submitted]
            finally:
                for process in workers:
                    process.terminate()
                codes = [process.wait(240) for process in workers]
            assert set(codes) <= {0, -SIGTERM}, "one that was still starting has nothing to end"
            await _ended_once(ends, database_url)


async def _finished(database_url: str) -> int:
    return await fetchval(database_url, "SELECT count(*) FROM analysis_jobs WHERE finished_at IS NOT NULL")


async def _ended_once(ends: list[dict[str, Any]], database_url: str) -> None:
    assert {end["status"] for end in ends} == {"succeeded"}
    assert len({end["result"]["story_id"] for end in ends}) == len(ends)
    assert await fetchval(database_url, "SELECT count(*) FROM verdicts") == len(ends)
    completed = "SELECT count(*) FROM events WHERE type = 'analysis.completed'"
    assert await fetchval(database_url, completed) == len(ends)
    published = "SELECT count(*) FROM events WHERE type = 'story.published'"
    scored = "SELECT count(*) FROM stories WHERE status = 'scored'"
    assert await fetchval(database_url, published) == await fetchval(database_url, scored)
    assert await fetchval(database_url, "SELECT max(sequence) - count(*) FROM events") == 0


class TestAJobThatKillsItsWorker:
    @pytest.mark.slow
    async def test_is_given_up_after_three_crashes_alone(
        self, service: Callable[..., Any], site: Site, database_url: str
    ) -> None:
        # the page never ends, so the job is always running when its worker dies
        site.put(HOST, "/poison", Reply(hold=True))
        async with service(
            hosts=[HOST], with_worker=False, UNSPUN_FETCH_TIMEOUT_S="60", UNSPUN_ENGINE_PROFILE=FAST
        ) as running:
            analysis = await running.submit(f"http://{HOST}/poison")
            running_job = "SELECT tries FROM analysis_jobs WHERE status = 'running'"
            for tries in range(1, 5):  # the first beside others, then three alone
                process = running.start_worker()
                try:

                    async def is_running(tries: int = tries) -> bool:
                        return await fetchval(database_url, running_job) == tries

                    await until(is_running, 240)
                finally:
                    process.kill()
                    process.wait()
            process = running.start_worker()
            try:
                end = await running.finished(analysis["id"], 240)
            finally:
                process.terminate()
                process.wait(240)
            assert end["status"] == "failed"
            assert end["error"]["type"].endswith("/problems/analysis-crashed")
            assert end["tries"] == 4
            failed = "SELECT count(*) FROM events WHERE type = 'analysis.failed'"
            assert await fetchval(database_url, failed) == 1


@pytest.mark.slow
class TestAWorkerThatIsAskedToStop:
    async def test_and_killed_before_it_was_done_counts_against_no_job(
        self, service: Callable[..., Any], site: Site, database_url: str
    ) -> None:
        site.put(HOST, "/slow", Reply(hold=True))
        async with service(
            hosts=[HOST], with_worker=False, UNSPUN_FETCH_TIMEOUT_S="60", UNSPUN_ENGINE_PROFILE=FAST
        ) as running:
            await running.submit(f"http://{HOST}/slow")
            excused = "SELECT count(*) FROM analysis_jobs WHERE status = 'running' AND NOT alone"
            for tries in range(1, 4):  # the second and third alone
                process = running.start_worker()
                try:

                    async def is_running(tries: int = tries) -> bool:
                        query = "SELECT tries FROM analysis_jobs WHERE status = 'running'"
                        return await fetchval(database_url, query) == tries

                    await until(is_running, 240)
                    process.terminate()
                    await until_equal(1, lambda: fetchval(database_url, excused), 10)
                finally:
                    process.kill()
                    process.wait()
            assert await fetchval(database_url, "SELECT crashes FROM analysis_jobs") == 0


class TestAWorkerWhoseLoopHung:
    async def test_counts_twice_against_the_job_that_it_ran_alone(
        self, service: Callable[..., Any], site: Site, database_url: str
    ) -> None:
        site.put(HOST, "/poison", Reply(hold=True))
        async with service(hosts=[HOST], with_worker=False, UNSPUN_ENGINE_PROFILE=FAST) as running:
            analysis = await running.submit(f"http://{HOST}/poison")
            job = await fetchval(
                database_url,
                "UPDATE analysis_jobs SET status = 'running', tries = 2, crashes = 1, alone = true RETURNING id",
            )
            stop = asyncio.Event()
            lost = [AtWork("job", job, (2, 1, 0)), AtWork("GET", "/v1/stories", (12, 300, 0))]
            working = asyncio.create_task(worker.run(running.settings, stop=stop, lost=lost))
            try:
                end = await running.finished(analysis["id"], 240)
            finally:
                stop.set()
                await working
            assert end["error"]["type"].endswith("/problems/analysis-crashed")
            assert (end["tries"], site.hits) == (2, {}), "it was not begun again"

    @pytest.mark.parametrize(
        ("lost", "crashes"),
        [((1, 1, 0), 2), ((1, 0, 0), 1), (None, 1)],
        ids=["alone", "beside others", "not at all"],
    )
    async def test_counts_against_no_other(
        self,
        service: Callable[..., Any],
        site: Site,
        database_url: str,
        lost: tuple[int, int, int] | None,
        crashes: int,
    ) -> None:
        async with service(hosts=[HOST], with_worker=False) as running:
            await running.submit(f"http://{HOST}/poison")
            job = await fetchval(database_url, "SELECT id FROM analysis_jobs")
            runtime = running.app.state.runtime
            assert await claim_analysis(runtime, job, alone=True)
            await count_hung(runtime, [] if lost is None else [AtWork("job", job, lost)])
            attempt = await claim_analysis(runtime, job, alone=True)
            assert attempt is not None
            assert await fetchval(database_url, "SELECT crashes FROM analysis_jobs") == crashes
            await excuse_tries(runtime, [AtWork("job", job, (attempt.number - 1, 1, 0))])
            assert await fetchval(database_url, "SELECT alone FROM analysis_jobs"), "that try was over"
