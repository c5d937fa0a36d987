"""Appeals, rescoring and corrected sources with engine and worker."""

from collections.abc import Callable
from typing import Any

import pytest

from api.runtime.runtime import Runtime
from tests.kit.polling import until
from tests.kit.servers.runtimes import running_runtime
from tests.kit.servers.service import Service
from tests.kit.servers.web_server import Site
from tests.kit.texts.factories import make_article, make_edition, publish
from tests.kit.texts.framed_texts import HYPE
from tests.kit.texts.pages import PARAGRAPHS, article_page
from tests.kit.texts.trap_texts import story as trap

HOST = "news.brightwater.example"


async def _post(service: Service, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = await service.client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def _rows(runtime: Runtime, query: str) -> list[tuple[Any, ...]]:
    async with runtime.pool.connection() as connection:
        return [tuple(row) for row in await connection.fetch(query)]


async def _version(service: Service, story_id: str, version: int) -> dict[str, Any]:
    """The story once it has this version of its verdict."""
    story: dict[str, Any] = {}

    async def reached() -> bool:
        nonlocal story
        story = await service.story(story_id)
        return bool(story["verdict"]["version"] == version)

    await until(reached, 60)
    return story


async def _rescored(service: Service, story_id: str) -> dict[str, Any]:
    analysis = await _post(service, f"/v1/stories/{story_id}/rescore")
    assert (analysis["kind"], analysis["status"]) == ("stored", "queued")
    finished = await service.finished(analysis["id"])
    assert finished["status"] == "succeeded", finished
    assert finished["result"]["story_id"] == story_id
    return finished["result"]


class TestAnAppeal:
    async def test_that_is_upheld_changes_the_score_as_the_ablation_said_and_for_good(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        title, body = HYPE
        url = site.put(
            HOST, "/engine", article_page(title=title, paragraphs=(*body.split("\n\n"), *PARAGRAPHS))
        )
        async with service(hosts=[HOST]) as running:
            story = await running.story((await running.analyze(url))["result"]["story_id"])
            before = story["verdict"]
            (ablation,) = [a for a in before["ablations"] if (a["kind"], a["type"]) == ("type", "hype")]
            assert ablation["score"] < before["spin"]["score"] - 5, "else this test shows little"
            cited = [f for f in before["findings"] if f["id"] in ablation["finding_ids"]]
            appeal = await _post(
                running,
                f"/v1/verdicts/{before['id']}/appeals",
                {
                    "spans": [{name: cited[0]["spans"][0][name] for name in ("start", "end", "quote")}],
                    "findings": ablation["finding_ids"],
                    "statement": "It is all true.",
                    "reply": "It is all true.",
                },
            )
            decided = await _post(
                running, f"/v1/appeals/{appeal['id']}/decide", {"outcome": "upheld", "explanation": "It is."}
            )
            assert {place["rule"] for place in decided["dismissed"]} == {
                rule for f in cited for rule in f["rules"]
            }

            after = await _version(running, story["id"], 2)
            verdict = after["verdict"]
            assert verdict["reason"] == "appeal_upheld"
            assert verdict["provenance"]["human_reviewed"]
            assert verdict["spin"]["score"] == ablation["score"]
            assert verdict["spin"]["primary"] == ablation["primary"]
            assert sum(row["points"] for row in verdict["ledger"]) == 100 * ablation["score"]
            assert [reply["text"] for reply in after["replies"]] == ["It is all true."]
            assert (await running.client.get(f"/v1/verdicts/{before['id']}")).json() == before

            # the same text again, from its page and from the store: the ruling applies
            assert (await running.analyze(url, max_age=0))["result"]["verdict_id"] == verdict["id"]
            assert (await _rescored(running, story["id"]))["verdict_id"] == verdict["id"]

    async def test_against_satire_that_is_upheld_gives_the_text_its_type(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        title, body = trap("satire-2")
        url = site.put(HOST, "/landlord", article_page(title=title, paragraphs=body.split("\n\n")))
        async with service(hosts=[HOST]) as running:
            before = await running.story((await running.analyze(url))["result"]["story_id"])
            verdict = before["verdict"]
            assert (verdict["spin"]["satire"], verdict["spin"]["primary"]) == (True, "none")
            assert verdict["integrity"]["ai_repetition_risk"] == "high"
            assert verdict["left_out"] is None
            page = await running.client.get(f"/v1/stories/{before['id']}.md")
            assert "Reads as satire" in page.text
            assert "\nsatire: true\n" in page.text
            assert [row["satire"] for row in (await running.client.get("/v1/stories")).json()["data"]] == [
                True
            ]
            (ablation,) = [a for a in verdict["ablations"] if a["kind"] == "flip"]
            appeal = await _post(
                running,
                f"/v1/verdicts/{verdict['id']}/appeals",
                {"findings": ablation["finding_ids"], "statement": "We mean every word."},
            )
            await _post(
                running,
                f"/v1/appeals/{appeal['id']}/decide",
                {"outcome": "upheld", "explanation": "They do."},
            )
            after = (await _version(running, before["id"], 2))["verdict"]
            assert (after["spin"]["satire"], after["spin"]["primary"]) == (False, ablation["primary"])
            assert after["spin"]["score"] == verdict["spin"]["score"]
            assert after["left_out"] is not None
            assert [row["satire"] for row in (await running.client.get("/v1/stories")).json()["data"]] == [
                False
            ]

    @pytest.mark.slow
    async def test_that_is_rejected_changes_no_verdict(self, service: Callable[..., Any], site: Site) -> None:
        url = site.put(HOST, "/turbine", article_page())
        async with service(hosts=[HOST]) as running:
            story = await running.story((await running.analyze(url))["result"]["story_id"])
            appeal = await _post(
                running,
                f"/v1/verdicts/{story['verdict']['id']}/appeals",
                {"findings": ["f1"], "statement": "It is a name."},
            )
            await _post(
                running,
                f"/v1/appeals/{appeal['id']}/decide",
                {"outcome": "rejected", "explanation": "It is not."},
            )
            assert (await _rescored(running, story["id"]))["verdict_id"] == story["verdict"]["id"]
            assert await running.story(story["id"]) == story


class TestRescoring:
    async def test_by_a_newer_engine_makes_a_version_once(self, service: Callable[..., Any]) -> None:
        async with service() as running, running_runtime(**running.environment) as runtime:
            article = make_article()
            published = await publish(runtime, make_edition(article))  # by an old engine
            first = await running.story(published.story_id)
            result = await _rescored(running, published.story_id)
            story = await _version(running, published.story_id, 2)
            verdict = story["verdict"]
            assert verdict["id"] == result["verdict_id"] != published.verdict_id
            assert (verdict["version"], verdict["reason"]) == (2, "engine_upgraded")
            assert verdict["engine"]["version"] != first["verdict"]["engine"]["version"]
            assert verdict["text_sha256"] == first["verdict"]["text_sha256"]
            # without fetching its page
            assert story["input"] == first["input"]
            assert {name: story[name] for name in ("url", "aliases", "slug", "source")} == {
                name: first[name] for name in ("url", "aliases", "slug", "source")
            }
            (before,) = await _rows(runtime, "SELECT checked_at, fetched_at FROM stories, inputs")
            assert (await _rescored(running, published.story_id))["verdict_id"] == verdict["id"]
            (after,) = await _rows(runtime, "SELECT checked_at, fetched_at FROM stories, inputs")
            assert after == before

    @pytest.mark.slow
    async def test_knows_of_a_corrected_source(self, service: Callable[..., Any], site: Site) -> None:
        url = site.put(HOST, "/turbine", article_page())
        async with service(hosts=[HOST]) as running:
            story = await running.story((await running.analyze(url))["result"]["story_id"])
            assert story["verdict"]["source_role"]["publisher_type"] == "media"  # inferred from the page
            await _post(
                running,
                f"/v1/sources/{story['source']['id']}/correct",
                {"type": "press_release", "name": "Brightwater Ferries"},
            )
            await _rescored(running, story["id"])
            verdict = (await _version(running, story["id"], 2))["verdict"]
            assert verdict["source_role"]["publisher_type"] == "press_release"
            assert verdict["text_sha256"] == story["verdict"]["text_sha256"]
            assert (await running.analyze(url, max_age=0))["result"]["verdict_id"] == verdict["id"]

    @pytest.mark.slow
    async def test_of_a_story_that_is_retracted_meanwhile_publishes_nothing(
        self, service: Callable[..., Any]
    ) -> None:
        async with service(with_worker=False) as running, running_runtime(**running.environment) as runtime:
            published = await publish(runtime, make_edition(make_article()))
            analysis = await _post(running, f"/v1/stories/{published.story_id}/rescore")
            await _post(
                running,
                f"/v1/stories/{published.story_id}/retract",
                {"reason": "error", "statement": "It was a test page."},
            )
            async with service() as working:
                finished = await working.finished(analysis["id"])
            assert finished["result"]["verdict_id"] == published.verdict_id
            assert len(await _rows(runtime, "SELECT id FROM verdicts")) == 1
            assert (await running.client.get(f"/v1/stories/{published.story_id}")).status_code == 410
