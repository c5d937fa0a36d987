"""Second opinions: queued after publication, asked for by clients, held to the text, paid within the budget."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec
import pytest

from tests.kit.polling import until
from tests.kit.servers.scripted_model import Asked, Reply, ScriptedModel, completion, failure
from tests.kit.servers.web_server import Site
from tests.kit.texts.answers import ANSWER
from tests.kit.texts.pages import article_page
from tests.kit.texts.problems import check_problem
from tests.kit.worlds.second_opinions import (
    DECK,
    HOST,
    PROSE,
    held,
    is_prose,
    is_review,
    says,
    second,
    settings,
)

ANSWERS = "SELECT call, part, answer, model, recorded FROM model_answers ORDER BY call"
PLAIN = ANSWER | {"band": "plain", "primary": "none", "tactic": "", "findings": [], "loaded_terms": []}


class TestAfterPublication:
    async def test_the_rules_publish_first_and_the_model_makes_the_next_version(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        async with service(hosts=[HOST], **settings(model)) as running:
            analysis = await running.analyze(url)
            first = analysis["result"]["verdict_id"]
            verdict = await second(running, analysis["result"]["story_id"])
            assert (verdict["version"], verdict["reason"]) == (2, "second_opinion")
            assert (verdict["engine"]["name"], verdict["spin"]["primary"]) == ("llm", "hype")
            assert (verdict["deck"], verdict["model"]["written_by"]["deck"]) == (DECK, "llm")
            assert verdict["spin"]["confidence"] is None
            agreement = verdict["agreement"]
            assert agreement["other"]["engine"]["name"] == "rules"
            before = (await running.client.get(f"/v1/verdicts/{first}")).json()
            other = await running.client.get(f"/v1/verdicts/{verdict['id']}/second-opinion")
            assert other.json()["engine"] == before["engine"] == agreement["other"]["engine"]
            assert other.json()["spin"] == before["spin"]
            assert (await running.client.get(f"/v1/verdicts/{first}/second-opinion")).status_code == 404
            assert [r["call"] for r in await owner.fetch(ANSWERS)] == ["judgement", "prose"]

            reproduced = await running.client.post(
                f"/v1/verdicts/{verdict['id']}/reproduce", headers={"Prefer": "wait=60"}
            )
            assert reproduced.json()["result"]["reproduction"]["outcome"] == "identical", reproduced.text
            await running.analyze(url, max_age=0)  # an unchanged text costs nothing and changes nothing
            assert (await running.story(verdict["story_id"]))["verdict"]["id"] == verdict["id"]
            assert len(model.asked) == 2

            await owner.execute("DELETE FROM proposals")
            lost = await running.client.post(
                f"/v1/verdicts/{verdict['id']}/reproduce", headers={"Prefer": "wait=60"}
            )
            assert lost.json()["result"]["reproduction"]["obstacle"] == "proposal_not_held"

    async def test_disagreement_is_contested_and_the_rules_stay_published(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        model.script = says(PLAIN)
        async with service(hosts=[HOST], **settings(model, LLM_PUBLISHES="agreed")) as running:
            analysis = await running.analyze(url)
            verdict = await second(running, analysis["result"]["story_id"])
            assert (verdict["engine"]["name"], verdict["agreement"]["contested"]) == ("rules", True)
            assert verdict["agreement"]["other"]["primary"] == "none"
            found = await running.client.get("/v1/verdicts", params={"contested": "true", "current": "true"})
            assert [v["id"] for v in found.json()["data"]] == [verdict["id"]]
            types = [e["type"] for e in (await running.client.get("/v1/events")).json()["data"]]
            assert types.count("story.published") == 1
            assert "verdict.revised" not in types

    async def test_prose_that_fails_leaves_the_judgement_with_the_words_of_the_rules(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        model.script = says(prose=completion(None, message={"refusal": "I would rather not."}))
        async with service(hosts=[HOST], **settings(model)) as running:
            verdict = await second(running, (await running.analyze(url))["result"]["story_id"])
            assert (verdict["engine"]["name"], verdict["model"]["written_by"]["deck"]) == ("llm", "rules")


REVIEWS = {"LLM_REVIEWS_RULES": "true"}


class TestAReviewOfTheRulesFindings:
    async def test_stands_beside_both_judges_and_changes_neither(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        async with service(hosts=[HOST], **settings(model, **REVIEWS)) as running:
            verdict = await second(running, (await running.analyze(url))["result"]["story_id"])
            assert [asked.body["response_format"]["json_schema"]["name"] for asked in model.asked] == [
                "judgement",
                "prose",
                "review",
            ]
            assert 900 in model.asked[2].body.values()  # under either name of the limit
            assert [r["call"] for r in await owner.fetch(ANSWERS)] == ["judgement", "prose", "review"]

            other = (await running.client.get(f"/v1/verdicts/{verdict['id']}/second-opinion")).json()
            assert other["engine"]["name"] == "rules"
            reviewed = verdict["agreement"]["reviewed"]
            assert [one["kept"] for one in reviewed] == [False, *[True] * (len(reviewed) - 1)]
            assert reviewed[0]["why"] == "The words tell what the platform is."
            places = [(f["rule"], f["spans"][0]["start"]) for f in other["findings"] if f["type"]]
            assert [(one["rule"], one["ranges"][0]["start"]) for one in reviewed] == places
            line = f"the model keeps {len(reviewed) - 1} and rejects 1."
            for ending in ("md", "html"):
                page = await running.client.get(f"/v1/verdicts/{verdict['id']}.{ending}")
                assert line in page.text, page.text

            reproduced = await running.client.post(
                f"/v1/verdicts/{verdict['id']}/reproduce", headers={"Prefer": "wait=60"}
            )
            assert reproduced.json()["result"]["reproduction"]["outcome"] == "identical", reproduced.text
            await running.analyze(url, max_age=0)
            assert (await running.story(verdict["story_id"]))["verdict"]["id"] == verdict["id"]
            assert len(model.asked) == 3

    @pytest.mark.parametrize(
        "review",
        [
            completion(None, message={"refusal": "I would rather not."}),
            completion("not JSON"),
            {"findings": [{"finding": "invented 1-2", "verdict": "reject", "why": "It is nothing."}]},
        ],
        ids=["refusal", "no JSON", "invented"],
    )
    async def test_that_fails_leaves_judgement_and_prose_as_they_are(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, review: Any
    ) -> None:
        model.script = says(review=review)
        async with service(hosts=[HOST], **settings(model, **REVIEWS)) as running:
            verdict = await second(running, (await running.analyze(url))["result"]["story_id"])
            assert (verdict["engine"]["name"], verdict["deck"]) == ("llm", DECK)
            assert verdict["agreement"]["reviewed"] == []

    async def test_is_tried_again_by_itself(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        def away_at_first(asked: Asked) -> Reply:
            is_first = sum(map(is_review, model.asked)) == 1
            return failure(503, Retry_After="0") if is_review(asked) and is_first else says()(asked)

        model.script = away_at_first
        async with service(hosts=[HOST], **settings(model, **REVIEWS)) as running:
            verdict = await second(running, (await running.analyze(url))["result"]["story_id"])
            assert verdict["agreement"]["reviewed"]
            names = [asked.body["response_format"]["json_schema"]["name"] for asked in model.asked]
            assert names == ["judgement", "prose", "review", "review"]

    async def test_is_left_out_once_the_budget_is_spent(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        def costly(asked: Asked) -> Reply:
            if is_prose(asked):
                return completion(msgspec.json.encode(PROSE).decode(), prompt_tokens=1_000_000)
            return says()(asked)

        model.script = costly
        async with service(hosts=[HOST], **settings(model, **REVIEWS)) as running:
            verdict = await second(running, (await running.analyze(url))["result"]["story_id"])
            assert (verdict["deck"], verdict["agreement"]["reviewed"]) == (DECK, [])
            assert not any(map(is_review, model.asked))


class TestWhatTheModelCannotDo:
    @pytest.mark.parametrize(
        "judgement",
        [
            failure(401, {"error": {"message": "no"}}),
            completion(None, message={"refusal": "I would rather not."}),
            completion("{" + " " * 3000, finish="length"),
            completion("not JSON"),
            ANSWER | {"findings": [], "anchor": None},
        ],
        ids=["key refused", "refusal", "whitespace", "no JSON", "unsupported"],
    )
    async def test_ends_the_job_and_leaves_the_rules_verdict(
        self,
        service: Callable[..., Any],
        url: str,
        model: ScriptedModel,
        owner: asyncpg.Connection,
        judgement: Any,
    ) -> None:
        model.script = says(judgement)
        async with service(hosts=[HOST], **settings(model)) as running:
            analysis = await running.analyze(url)
            assert analysis["status"] == "succeeded"
            query = "SELECT status, error ->> 'type' AS type FROM analysis_jobs WHERE kind = 'second_opinion'"

            async def ended() -> bool:
                return (await owner.fetchrow(query))["status"] == "failed"

            await until(ended, 120)
            assert (await owner.fetchrow(query))["type"].endswith("/model-failed")
            verdict = (await running.story(analysis["result"]["story_id"]))["verdict"]
            assert (verdict["version"], verdict["agreement"]) == (1, None)

    async def test_a_server_that_is_away_delays_only_the_second_opinion(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, site: Site
    ) -> None:
        release = asyncio.Event()
        model.script = Reply(after=release)
        async with service(hosts=[HOST], **settings(model, LLM_CONCURRENCY="1")) as running:
            assert (await running.analyze(url))["status"] == "succeeded"
            await until(lambda: bool(model.asked), 60)
            for number in range(4):
                page = article_page(title=f"Harrow Bay opens bridge number {number} to traffic")
                other = site.put(HOST, f"/bridge-{number}", page)
                assert (await running.analyze(other))["status"] == "succeeded"
            assert model.most_at_once == 1
            release.set()

    async def test_a_spent_budget_asks_nothing_and_says_when_it_will(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        budget = {"LLM_DAILY_TOKENS": "200000", "LLM_WHEN": "on_request"}
        async with service(hosts=[HOST], **settings(model, **budget)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            await owner.execute(
                "INSERT INTO model_budgets (day, tokens_spent) VALUES ((now() AT TIME ZONE 'UTC')::date, 199000)"
            )
            refused = await running.client.post(f"/v1/stories/{story_id}/second-opinion")
            check_problem(refused, 503, "model-budget-spent")
            assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600
            assert model.asked == []


class TestOnRequest:
    async def test_two_who_ask_share_one_call(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        release = asyncio.Event()
        model.script = held(says(), release)
        async with service(hosts=[HOST], **settings(model, LLM_WHEN="on_request")) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            path = f"/v1/stories/{story_id}/second-opinion"
            asked = [await running.client.post(path), await running.client.post(path)]
            assert [answer.status_code for answer in asked] == [202, 202], asked[1].text
            release.set()
            ended = [await running.finished(answer.json()["id"]) for answer in asked]
            assert [analysis["status"] for analysis in ended] == ["succeeded", "succeeded"]
            assert len({analysis["result"]["verdict_id"] for analysis in ended}) == 1
            assert len(model.asked) == 2  # a judgement and its prose
            again = await running.client.post(path)
            assert (again.status_code, again.json()["status"]) == (200, "succeeded")
            assert len(model.asked) == 2

    async def test_is_refused_where_the_text_must_stay(
        self, service: Callable[..., Any], url: str, model: ScriptedModel
    ) -> None:
        away = {"LLM_WHEN": "on_request", "LLM_IS_LOCAL": "false"}
        async with service(hosts=[HOST], **settings(model, **away)) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            answer = await running.client.post(f"/v1/stories/{story_id}/second-opinion")
            check_problem(answer, 409, "text-must-stay")
            assert model.asked == []

    async def test_is_refused_without_a_model(self, service: Callable[..., Any], url: str) -> None:
        async with service(hosts=[HOST]) as running:
            story_id = (await running.analyze(url))["result"]["story_id"]
            answer = await running.client.post(f"/v1/stories/{story_id}/second-opinion")
            check_problem(answer, 409, "model-not-configured")


class TestAWorkerThatIsKilled:
    @pytest.mark.slow
    async def test_neither_pays_twice_nor_loses_the_answer(
        self, service: Callable[..., Any], url: str, model: ScriptedModel, owner: asyncpg.Connection
    ) -> None:
        never = asyncio.Event()
        model.script = lambda asked: Reply(after=never) if is_prose(asked) else says()(asked)
        async with service(hosts=[HOST], with_worker=False, **settings(model)) as running:
            first = running.start_worker()
            story_id = (await running.analyze(url))["result"]["story_id"]
            await until(lambda: any(map(is_prose, model.asked)), 120)
            first.kill()
            first.wait()
            model.script = says()
            second_worker = running.start_worker()
            verdict = await second(running, story_id)
            second_worker.terminate()
            second_worker.wait()
        assert verdict["engine"]["name"] == "llm"
        assert [is_prose(asked) for asked in model.asked].count(False) == 1
        # the killed call counts in full once its time is over
        assert await owner.fetchval("SELECT count(*) FROM model_calls WHERE NOT has_ended") == 1
