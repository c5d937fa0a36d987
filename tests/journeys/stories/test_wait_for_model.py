"""Pages that wait for the model before they are published: in time, too late, and never at the cost of others."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from tests.kit.polling import until
from tests.kit.servers.scripted_model import Reply, ScriptedModel, completion
from tests.kit.servers.web_server import Site
from tests.kit.texts.answers import BODY, TITLE
from tests.kit.texts.pages import article_page
from tests.kit.worlds.second_opinions import (
    BUSY,
    HOST,
    JOBS,
    SPEND,
    become,
    held,
    is_prose,
    put_page,
    says,
    second,
    settings,
)

OTHER = "news.brightwater.example"
LONG = {"LLM_WAIT": "300", "LLM_TIMEOUT_S": "600"}  # seconds: no test takes as long
SHORT = {"LLM_WAIT": "8", "LLM_TIMEOUT_S": "600"}  # long enough for the first call to begin


async def types_of(running: Any) -> list[str]:
    """The events' types, without those about analyses."""
    types = [event["type"] for event in (await running.client.get("/v1/events")).json()["data"]]
    return [type_ for type_ in types if not type_.startswith("analysis.")]


class TestAPageThatNeedNotWait:
    async def test_is_one_whose_text_is_withheld(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        async with service(hosts=[HOST], **settings(model, LLM_IS_LOCAL="false", **LONG)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            assert (await running.story(story_id))["second_opinion"] == "withheld"
            assert model.asked == []

    async def test_is_one_about_which_only_clients_ask(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        async with service(hosts=[HOST], **settings(model, LLM_WHEN="on_request", **LONG)) as running:
            assert (await running.analyze(url))["status"] == "succeeded"
            assert model.asked == []

    async def test_is_a_draft(self, service: Callable[..., Any], model: ScriptedModel) -> None:
        async with service(hosts=[HOST], **settings(model, **LONG)) as running:
            draft = await running.client.post("/v1/analyses", json={"text": BODY, "title": TITLE})
            assert (await running.finished(draft.json()["id"]))["status"] == "succeeded"
            assert model.asked == []

    async def test_is_a_copy_or_an_unchanged_text(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, site: Site
    ) -> None:
        async with service(hosts=[HOST, OTHER], **settings(model, **LONG)) as running:
            first = (await running.analyze(url))["result"]
            assert len(model.asked) == 2
            model.script = Reply(hang=True)
            assert (await running.analyze(put_page(site, OTHER)))["result"] == first
            assert (await running.analyze(url, max_age=0))["result"] == first
            assert len(model.asked) == 2

    async def test_is_one_for_which_the_budget_is_spent(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        await owner.execute(SPEND)
        async with service(hosts=[HOST], **settings(model, LLM_DAILY_TOKENS="200000", **LONG)) as running:
            story = await running.story((await running.analyze(url))["result"]["story_id"])
            assert (story["second_opinion"], story["verdict"]["version"]) == ("budget_spent", 1)
            assert await owner.fetch(JOBS) == []
            assert model.asked == []

    async def test_is_one_whose_answer_cannot_be_used_and_is_not_paid_for_twice(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        model.script = completion(None, message={"refusal": "I would rather not."})
        async with service(hosts=[HOST], **settings(model, **LONG)) as running:
            story = await running.story((await running.analyze(url))["result"]["story_id"])
            assert (story["second_opinion"], story["verdict"]["agreement"]) == ("rejected", None)
            assert await owner.fetch(JOBS) == []
            assert len(model.asked) == 1

    async def test_is_one_whose_model_is_down(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        away = settings(model, **LONG) | {"UNSPUN_LLM_URL": "http://127.0.0.1:9/v1"}
        async with service(hosts=[HOST], **away) as running:
            story = await running.story((await running.analyze(url))["result"]["story_id"])
            assert (story["second_opinion"], story["verdict"]["version"]) == ("pending", 1)
            assert len(await owner.fetch(JOBS)) == 1

    @pytest.mark.slow
    async def test_is_one_whose_model_is_busy_and_recovers_after_its_publication(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        model.script = lambda asked: BUSY if len(model.asked) < 4 else says()(asked)
        async with service(hosts=[HOST], **settings(model, **LONG)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            assert (await second(running, story_id))["version"] == 2
            assert (await running.story(story_id))["second_opinion"] is None


class TestAModelInTime:
    async def test_judges_the_first_version_with_the_rules(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        async with service(hosts=[HOST], **settings(model, **LONG)) as running:
            analysis = await running.analyze(url)
            story = await running.story(analysis["result"]["story_id"])
            verdict = story["verdict"]
            assert (verdict["version"], verdict["reason"]) == (1, "initial")
            assert (verdict["engine"]["name"], verdict["agreement"]["other"]["engine"]["name"]) == (
                "llm",
                "rules",
            )
            assert verdict["id"] == analysis["result"]["verdict_id"]
            assert story["second_opinion"] is None
            assert await owner.fetch(JOBS) == []
            assert await types_of(running) == ["story.published"]
            kept = "SELECT count(*) FROM model_answers WHERE story_id = $1"
            assert await owner.fetchval(kept, story["id"]) == len(model.asked) == 2
            reproduced = await running.client.post(
                f"/v1/verdicts/{verdict['id']}/reproduce", headers={"Prefer": "wait=60"}
            )
            assert reproduced.json()["result"]["reproduction"]["outcome"] == "identical", reproduced.text


class TestAModelThatIsLate:
    async def test_is_paid_once_for_the_next_version(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        release = asyncio.Event()
        model.script = held(says(), release)
        async with service(hosts=[HOST], **settings(model, **SHORT)) as running:
            analysis = await running.analyze(url)
            story = await running.story(analysis["result"]["story_id"])
            assert (story["second_opinion"], story["verdict"]["version"]) == ("pending", 1)
            release.set()
            verdict = await second(running, story["id"])  # at once, long before the time limit of a call
            assert (verdict["version"], verdict["reason"]) == (2, "second_opinion")
            assert [is_prose(asked) for asked in model.asked] == [False, True]
            assert (await running.story(story["id"]))["second_opinion"] is None
            assert await owner.fetchval("SELECT count(*) FROM model_calls WHERE NOT has_ended") == 0

    async def test_holds_up_no_other_page(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, site: Site
    ) -> None:
        release = asyncio.Event()
        model.script = held(completion(None, message={"refusal": "No."}), release)
        more = LONG | {"LLM_CONCURRENCY": "1", "WORKER_CONCURRENCY": "1"}
        async with service(hosts=[HOST, OTHER], **settings(model, **more)) as running:
            waiting = await running.submit(url)
            await until(lambda: bool(model.asked), 60)
            for number in range(4):  # one on the same site, which nobody has read before
                page = article_page(title=f"Harrow Bay opens bridge number {number} to traffic")
                other = site.put(OTHER if number else HOST, f"/bridge-{number}", page)
                assert (await running.analyze(other))["status"] == "succeeded"
            found = await running.client.get(f"/v1/analyses/{waiting['id']}")
            assert found.json()["status"] == "running"
            assert len(model.asked) == model.most_at_once == 1
            release.set()
            story_id = (await running.finished(waiting["id"]))["result"]["story_id"]
            await become(running, story_id, "rejected")


class TestAWorkerThatIsKilled:
    @pytest.mark.slow
    async def test_while_a_page_waits_neither_pays_twice_nor_loses_the_answer(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        never = asyncio.Event()
        model.script = lambda asked: Reply(after=never) if is_prose(asked) else says()(asked)
        async with service(hosts=[HOST], with_worker=False, **settings(model, **LONG)) as running:
            first = running.start_worker()
            waiting = await running.submit(url)
            await until(lambda: any(map(is_prose, model.asked)), 120)
            assert await owner.fetchval("SELECT count(*) FROM stories") == 0
            first.kill()
            first.wait()
            model.script = says()
            second_worker = running.start_worker()
            story_id = (await running.finished(waiting["id"]))["result"]["story_id"]
            verdict = await second(running, story_id)
            second_worker.terminate()
            second_worker.wait()
        assert verdict["engine"]["name"] == "llm"
        assert [is_prose(asked) for asked in model.asked].count(False) == 1

    @pytest.mark.slow
    async def test_after_a_late_publication_leaves_the_second_opinion_in_the_queue(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        never = asyncio.Event()
        model.script = lambda asked: Reply(after=never) if is_prose(asked) else says()(asked)
        short = {"LLM_WAIT": "1", "LLM_TIMEOUT_S": "10"}
        async with service(hosts=[HOST], with_worker=False, **settings(model, **short)) as running:
            first = running.start_worker()
            story_id = (await running.analyze(url))["result"]["story_id"]
            await become(running, story_id, "pending")
            first.kill()
            first.wait()
            model.script = says()
            second_worker = running.start_worker()
            assert (await second(running, story_id))["version"] == 2
            second_worker.terminate()
            second_worker.wait()
        assert [is_prose(asked) for asked in model.asked].count(False) == 1
