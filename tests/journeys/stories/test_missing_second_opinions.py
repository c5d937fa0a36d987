"""A story that should have a second opinion and has none says why, and its analysis takes no longer."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from tests.kit.servers.scripted_model import ScriptedModel, completion, failure
from tests.kit.servers.web_server import Site
from tests.kit.texts.pages import article_page
from tests.kit.texts.problems import check_problem
from tests.kit.worlds.second_opinions import (
    BUSY,
    HOST,
    JOBS,
    PARAGRAPHS,
    SPEND,
    become,
    held,
    put_page,
    says,
    second,
    settings,
)


async def text(running: Any, path: str) -> str:
    answer = await running.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


class TestAStoryThatNeedsNone:
    async def test_says_nothing_without_a_model(self, service: Callable[..., Any], url: str) -> None:
        async with service(hosts=[HOST]) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            assert (await running.story(story_id))["second_opinion"] is None
            for form in (".md", ".html"):
                assert "Second opinion" not in await text(running, f"/v1/stories/{story_id}{form}")

    async def test_says_nothing_where_only_clients_ask(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        async with service(hosts=[HOST], **settings(model, LLM_WHEN="on_request")) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            assert (await running.story(story_id))["second_opinion"] is None


class TestAStoryWithoutItsSecondOpinion:
    async def test_says_that_its_text_is_withheld_and_not_why(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        async with service(hosts=[HOST], **settings(model, LLM_IS_LOCAL="false")) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            assert (await running.story(story_id))["second_opinion"] == "withheld"
            assert "local" not in await text(running, f"/v1/stories/{story_id}.md")
            assert await owner.fetch(JOBS) == []
            assert model.asked == []

    async def test_says_that_the_budget_was_spent_in_every_form(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        await owner.execute(SPEND)
        async with service(hosts=[HOST], **settings(model, LLM_DAILY_TOKENS="200000")) as running:
            analysis = await running.analyze(url)
            assert analysis["status"] == "succeeded"
            story = await become(running, analysis["result"]["story_id"], "budget_spent")
            verdict = story["verdict"]
            assert (verdict["id"], verdict["version"]) == (analysis["result"]["verdict_id"], 1)
            assert verdict["agreement"] is None
            said = "The day's budget for the language model was spent. This verdict is the rules' alone."
            here = f"/v1/stories/{story['id']}"
            markdown = await text(running, f"{here}.md")
            assert f"Second opinion: {said}" in markdown.replace("\\", "")
            assert 'second_opinion: "budget_spent"' in markdown
            assert said in (await text(running, f"{here}.html")).replace("&#39;", "'")
            assert '"unspun:secondOpinion":"budget_spent"' in await text(running, f"{here}.jsonld")
            other = await running.client.get(f"/v1/verdicts/{verdict['id']}/second-opinion")
            assert said in check_problem(other, 404, "not-found")["detail"]
            # the version itself says what it said
            assert "Second opinion" not in await text(running, f"/v1/verdicts/{verdict['id']}.md")
            past = await running.client.get(here, params={"as_of": verdict["created_at"]})
            assert past.json()["second_opinion"] is None
            types = [e["type"] for e in (await running.client.get("/v1/events")).json()["data"]]
            assert (types.count("story.published"), types.count("verdict.revised")) == (1, 0)
            assert model.asked == []

    async def test_says_that_the_answer_could_not_be_used(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        model.script = completion(None, message={"refusal": "I would rather not."})
        async with service(hosts=[HOST], **settings(model)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            story = await become(running, story_id, "rejected")
            assert "rather not" not in await text(running, f"/v1/stories/{story_id}.html")
            await running.analyze(url, max_age=0)  # an unchanged text is not asked about again
            assert (await running.story(story_id))["second_opinion"] == "rejected"
            assert (await running.story(story_id))["verdict"]["id"] == story["verdict"]["id"]
            assert len(model.asked) == 1

    async def test_says_that_the_key_is_refused_in_no_other_words_than_that_the_server_is_away(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        model.script = failure(401, {"error": {"message": "bad key"}})
        async with service(hosts=[HOST], **settings(model)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            await become(running, story_id, "unavailable")

    @pytest.mark.slow
    async def test_says_that_the_model_was_unavailable_after_all_tries_until_a_client_asks_again(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        model.script = BUSY
        async with service(hosts=[HOST], **settings(model)) as running:
            analysis = await running.analyze(url)
            assert analysis["status"] == "succeeded"
            story = await become(running, analysis["result"]["story_id"], "unavailable")
            assert [tuple(job) for job in await owner.fetch(JOBS)] == [("failed", 20)]
            model.script = says()
            asked = await running.client.post(
                f"/v1/stories/{story['id']}/second-opinion", headers={"Prefer": "wait=60"}
            )
            assert asked.json()["status"] == "succeeded", asked.text
            found = await become(running, story["id"], None)
            assert found["verdict"]["agreement"] is not None
            assert (await running.client.get(f"/v1/verdicts/{story['verdict']['id']}")).json() == story[
                "verdict"
            ]

    @pytest.mark.parametrize("away", ["down", "hanging"])
    async def test_waits_for_a_model_that_is_away_while_others_are_analysed(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, site: Site, away: str
    ) -> None:
        release = asyncio.Event()  # a stopping worker waits for its model for a while
        model.script = held(says(), release)
        more = settings(model, LLM_TIMEOUT_S="600")  # no test takes as long
        if away == "down":
            more["UNSPUN_LLM_URL"] = "http://127.0.0.1:9/v1"
        async with service(hosts=[HOST], **more) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            assert (await running.story(story_id))["second_opinion"] == "pending"
            for number in range(4):
                page = article_page(title=f"Harrow Bay opens bridge number {number} to traffic")
                assert (await running.analyze(site.put(HOST, f"/bridge-{number}", page)))[
                    "status"
                ] == "succeeded"
            assert (await running.story(story_id))["second_opinion"] == "pending"
            release.set()

    @pytest.mark.slow
    async def test_is_asked_about_once_the_model_has_recovered(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        model.script = lambda asked: BUSY if len(model.asked) < 4 else says()(asked)
        async with service(hosts=[HOST], **settings(model)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            verdict = await second(running, story_id)
            assert (verdict["version"], verdict["reason"]) == (2, "second_opinion")
            assert (await running.story(story_id))["second_opinion"] is None

    async def test_is_due_again_when_its_page_is_edited(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, site: Site
    ) -> None:
        model.script = failure(401, {"error": {"message": "bad key"}})
        async with service(hosts=[HOST], **settings(model)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            await become(running, story_id, "unavailable")
            release = asyncio.Event()
            model.script = held(says(), release)
            put_page(
                site, paragraphs=(*PARAGRAPHS, "Quillon added on Friday that two more depots switch in May.")
            )
            await running.analyze(url, max_age=0)
            story = await become(running, story_id, "pending")
            assert story["verdict"]["version"] == 2
            release.set()
            assert (await second(running, story_id))["version"] == 3
            assert (await running.story(story_id))["second_opinion"] is None

    async def test_gets_it_although_a_client_that_asked_too_cancels(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        release = asyncio.Event()
        model.script = held(says(), release)
        async with service(hosts=[HOST], **settings(model)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            asked = await running.client.post(f"/v1/stories/{story_id}/second-opinion")
            assert asked.status_code == 202, asked.text
            cancelled = await running.client.post(f"/v1/analyses/{asked.json()['id']}/cancel")
            assert cancelled.json()["status"] == "cancelled", cancelled.text
            release.set()
            await second(running, story_id)
