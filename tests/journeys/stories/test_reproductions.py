"""Verdicts reproduced by a worker: equal, different, and impossible."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from api.analysis.engines.rules import RulesEngine
from api.analysis.text.article import Article
from schemas.assessments import EngineRef
from tests.kit.servers.runtimes import running_runtime
from tests.kit.servers.service import Service
from tests.kit.servers.web_server import Site
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.framed_texts import HYPE
from tests.kit.texts.pages import PARAGRAPHS, article_page

HOST = "news.brightwater.example"


async def _reproduction(service: Service, verdict_id: str) -> dict[str, Any]:
    answer = await service.client.post(f"/v1/verdicts/{verdict_id}/reproduce", headers={"Prefer": "wait=30"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["preference-applied"] == "wait=30"
    analysis = answer.json()
    assert analysis["status"] == "succeeded", analysis
    return analysis["result"]["reproduction"]


class TestReproducing:
    async def test_says_identical_or_what_differs_or_why_it_cannot_and_asks_no_site(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        title, body = HYPE
        url = site.put(
            HOST, "/engine", article_page(title=title, paragraphs=(*body.split("\n\n"), *PARAGRAPHS))
        )
        async with service(hosts=[HOST]) as running:
            first = (await running.story((await running.analyze(url))["result"]["story_id"]))["verdict"]
            asked = sum(site.hits.values())

            same = await _reproduction(running, first["id"])
            assert (same["outcome"], same["obstacle"], same["differences"]) == ("identical", None, [])
            assert same["recorded"] == same["installed"] == first["engine"]

            # a later ruling does not affect the reproduction
            appeal = await running.client.post(
                f"/v1/verdicts/{first['id']}/appeals",
                json={"findings": [first["findings"][0]["id"]], "statement": "It is a name."},
            )
            path = f"/v1/appeals/{appeal.json()['id']}/decide"
            decided = await running.client.post(path, json={"outcome": "upheld", "explanation": "It is."})
            assert decided.status_code == 200, decided.text
            assert (await _reproduction(running, first["id"]))["outcome"] == "identical"

            # a text that this engine would never write
            async with running_runtime(**running.environment) as runtime:
                engine = EngineRef(**first["engine"])
                article = make_article(url=f"http://{HOST}/by-hand")
                said = replace(
                    make_assessment(article), engine=engine, taxonomy_version=runtime.taxonomy.version
                )
                by_hand = (await publish(runtime, make_edition(article, said))).verdict_id
                article = make_article(url=f"http://{HOST}/of-old", title="Another title")
                of_old = (await publish(runtime, make_edition(article))).verdict_id
            different = await _reproduction(running, by_hand)
            assert different["outcome"] == "differences"
            assert "/deck" in different["differences"]
            assert different["differing"] >= len(different["differences"]) > 1
            assert "/text_sha256" not in different["differences"]

            unavailable = await _reproduction(running, of_old)
            assert (unavailable["outcome"], unavailable["obstacle"]) == (
                "unavailable",
                "engine_not_installed",
            )
            assert unavailable["recorded"]["version"] == "0.0"
            assert unavailable["installed"] == first["engine"]
            assert sum(site.hits.values()) == asked

    @pytest.mark.slow
    async def test_reads_the_text_again_as_the_engine_reads_it_without_the_sentences(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        title, body = HYPE
        url = site.put(
            HOST, "/again", article_page(title=title, paragraphs=(*body.split("\n\n"), *PARAGRAPHS))
        )
        async with service(hosts=[HOST]) as running:
            verdict = (await running.story((await running.analyze(url))["result"]["story_id"]))["verdict"]
            path = f"/v1/verdicts/{verdict['id']}/explanation"
            assert (await running.client.get(path)).json()["read_again"] is None
            done = await running.client.post(path, headers={"Prefer": "wait=60"})
            assert (done.status_code, done.json()["status"]) == (200, "succeeded"), done.text
            explained = (await running.client.get(path)).json()
            async with running_runtime(**running.environment) as runtime:
                async with runtime.pool.connection() as connection:
                    record = await connection.fetchval("SELECT article FROM inputs")
                article = msgspec.json.decode(record, type=Article)
                engine = RulesEngine()
                said = engine.assess(article, runtime.taxonomy)
                expected = engine.read_again(article, said, runtime.taxonomy)
            figures = [
                (r["kind"], r["score"], r["primary"], r["confidence"]) for r in explained["read_again"]
            ]
            assert figures == [(r.kind, r.score, r.primary, r.confidence) for r in expected]
            assert len(figures) == 7
            async with running_runtime(**running.environment) as runtime:
                old = make_article(url=f"http://{HOST}/of-old", title="Another title")
                of_old = (await publish(runtime, make_edition(old))).verdict_id
            refused = await running.client.post(f"/v1/verdicts/{of_old}/explanation")
            assert (refused.status_code, refused.json()["code"]) == (409, "engine-not-installed")

    @pytest.mark.slow
    async def test_asks_the_engine_that_judged_also_where_the_worker_judges_by_another(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        title, body = HYPE
        url = site.put(
            HOST, "/engine", article_page(title=title, paragraphs=(*body.split("\n\n"), *PARAGRAPHS))
        )
        async with service(hosts=[HOST], UNSPUN_ENGINE_PROFILE="fast") as running:
            story = await running.story((await running.analyze(url))["result"]["story_id"])
        async with service(hosts=[HOST]) as running:
            again = await _reproduction(running, story["verdict"]["id"])
        assert again["recorded"]["name"] == "rules-fast"
        assert (again["outcome"], again["installed"]) == ("identical", again["recorded"])
