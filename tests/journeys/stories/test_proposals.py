"""An engine whose proposals are late, fail, differ and are cancelled, in the worker."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from api import worker
from api.engines import FAST, ProposalDelayed
from api.pulse import Pulse
from tests.kit.engines.slow_engine import NAME, Model, fails, says, waits
from tests.kit.polling import until, until_equal
from tests.kit.servers.web_server import Site
from tests.kit.texts.pages import article_page

HOST = "news.brightwater.example"

STORED = "SELECT input_digest, engine, prompt, proposal, story_id FROM proposals ORDER BY created_at"
# other sessions of this database with an open transaction
OPEN = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


@pytest.fixture
def url(site: Site) -> str:
    return site.put(HOST, "/turbine", article_page())


class TestAnEngineThatProposes:
    async def test_has_its_answer_checked_against_the_text_and_is_asked_once(
        self, service: Callable[..., Any], url: str, owner: asyncpg.Connection
    ) -> None:
        model = Model(deque([says("turbine invented"), says("tidal")]))
        async with service(hosts=[HOST], engines=(model.spec(), FAST)) as running:
            story = await running.story((await running.analyze(url))["result"]["story_id"])
            verdict = story["verdict"]
            assert (verdict["engine"]["name"], verdict["keywords"]) == (NAME, ["turbine"])

            await running.analyze(url, max_age=0)  # the same text: its proposals remain
            assert (await running.story(story["id"]))["verdict"]["id"] == verdict["id"]
            answer = await running.client.post(
                f"/v1/verdicts/{verdict['id']}/reproduce", headers={"Prefer": "wait=60"}
            )
            assert answer.json()["result"]["reproduction"]["outcome"] == "identical"
            assert list(model.asked.values()) == [1]
            (row,) = await owner.fetch(STORED)
            assert (row["proposal"], row["story_id"], row["engine"], row["prompt"]) == (
                b"turbine invented",
                story["id"],
                NAME,
                "1",
            )

            retracted = await running.client.post(
                f"/v1/stories/{story['id']}/retract",
                json={"reason": "legal", "statement": "It is taken back."},
            )
            assert retracted.status_code == 200, retracted.text
            assert await owner.fetch(STORED) == []

    async def test_is_waited_for_without_a_transaction_and_with_a_beating_heart(
        self, service: Callable[..., Any], url: str, owner: asyncpg.Connection
    ) -> None:
        release = asyncio.Event()
        model, pulse = Model(deque([waits(release, "turbine")])), Pulse()
        async with service(hosts=[HOST], engines=(model.spec(), FAST), pulse=pulse) as running:
            analysis = await running.submit(url)
            await model.waiting.wait()
            await until_equal(0, lambda: owner.fetchval(OPEN), 30)
            beats = pulse.beats
            await until(lambda: pulse.beats > beats, 30)
            assert (await running.client.get(f"/v1/analyses/{analysis['id']}")).json()["status"] == "running"
            release.set()
            assert (await running.finished(analysis["id"]))["status"] == "succeeded"

    async def test_is_asked_again_after_it_was_late_and_not_after_it_failed(
        self, service: Callable[..., Any], url: str, site: Site, owner: asyncpg.Connection
    ) -> None:
        late = ProposalDelayed(timedelta(0), "the model is busy")
        model = Model(deque([fails(late), says("turbine"), fails(ValueError("no answer"))]))
        async with service(hosts=[HOST], engines=(model.spec(), FAST)) as running:
            assert (await running.analyze(url))["status"] == "succeeded"
            assert list(model.asked.values()) == [2]
            other = site.put(HOST, "/other", article_page(title="Brightwater closes its tidal turbine"))
            failed = await running.analyze(other)
            assert failed["status"] == "failed"
            assert failed["error"]["type"].endswith("/internal-error")
            assert len(await owner.fetch(STORED)) == 1

    async def test_that_is_cancelled_leaves_the_job_to_the_next_worker(
        self, service: Callable[..., Any], url: str
    ) -> None:
        model = Model(deque([waits(asyncio.Event(), ""), says("turbine")]))
        async with service(hosts=[HOST], with_worker=False, UNSPUN_WORKER_STOP_S="0") as running:
            analysis = await running.submit(url)
            leave = asyncio.Event()
            first = asyncio.create_task(
                worker.run(running.settings, stop=leave, engines=(model.spec(), FAST))
            )
            await model.waiting.wait()
            leave.set()
            await first
            stop = asyncio.Event()
            second = asyncio.create_task(
                worker.run(running.settings, stop=stop, engines=(model.spec(), FAST))
            )
            finished = await running.finished(analysis["id"])
            stop.set()
            await second
        assert finished["status"] == "succeeded"
        assert list(model.asked.values()) == [2]

    async def test_forgets_what_it_said_of_a_draft_that_is_erased(
        self, service: Callable[..., Any], owner: asyncpg.Connection
    ) -> None:
        model = Model(deque([says("turbine")]))
        text = "\n\n".join(
            ["Brightwater opens its tidal turbine. The firm said on Monday that it works."] * 9
        )
        async with service(hosts=[HOST], engines=(model.spec(), FAST)) as running:
            answer = await running.client.post("/v1/analyses", json={"text": text})
            analysis = await running.finished(answer.json()["id"])
            assert analysis["status"] == "succeeded", msgspec.json.encode(analysis)
            assert len(await owner.fetch(STORED)) == 1
            erased = await running.client.post(f"/v1/analyses/{analysis['id']}/erase")
            assert erased.status_code < 300, erased.text
            assert await owner.fetch(STORED) == []
