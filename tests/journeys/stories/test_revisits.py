"""Revisits of a story's page: edits are judged, typography is ignored, and a missing page is recorded."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest

from api.jobs.housekeeping import sweep
from api.operations.stories.revisit_stories import revisit_stories
from tests.kit.polling import until
from tests.kit.servers.service import Service
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.factories import make_article, make_edition, publish
from tests.kit.texts.pages import PARAGRAPHS, article_page

pytestmark = pytest.mark.slow

Start = Callable[..., AbstractAsyncContextManager[Service]]
HOST = "news.brightwater.example"
URL = f"http://{HOST}/turbine"


async def _rows(service: Service, query: str) -> list[Any]:
    async with service.app.state.runtime.pool.connection() as connection:
        return await connection.fetch(query)


async def _look_again(service: Service) -> None:
    """Make the next visit due; returns when the page was read."""
    await _rows(service, "UPDATE revisits SET due_at = now() - interval '1 s'")
    await sweep(service.app.state.runtime)
    await _settled(service)


async def _shown(service: Service, story_id: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The story once the condition is met: a process may cache for two seconds."""
    story: dict[str, Any] = {}

    async def done() -> bool:
        nonlocal story
        story = await service.story(story_id)
        return holds(story)

    await until(done)
    return story


async def _settled(service: Service) -> None:
    async def done() -> bool:
        query = "SELECT count(*) AS n FROM analysis_jobs WHERE status IN ('queued', 'running')"
        return bool((await _rows(service, query))[0]["n"] == 0)

    await until(done, 60)


class TestAStorysPage:
    async def test_is_looked_at_again_and_judged_where_its_words_have_changed(
        self, service: Start, site: Site
    ) -> None:
        site.put(HOST, "/turbine", article_page(host=HOST))
        async with service(hosts=[HOST]) as running:
            story_id = (await running.analyze(URL))["result"]["story_id"]
            first = await running.story(story_id)

            curled = tuple(line.replace("“", '"').replace("”", '"').replace(" ", "  ") for line in PARAGRAPHS)
            site.put(HOST, "/turbine", article_page(host=HOST, paragraphs=curled))
            await _look_again(running)
            assert site.hits[HOST, "/turbine"] == 2
            assert (await running.story(story_id))["verdict"]["id"] == first["verdict"]["id"]

            edited = (
                *PARAGRAPHS[:2],
                "“It is a start,” said Ada Quillfeather, the cooperative's chair.",
                *PARAGRAPHS[3:],
            )
            site.put(HOST, "/turbine", article_page(host=HOST, paragraphs=edited))
            await _look_again(running)
            second = await _shown(running, story_id, lambda story: story["verdict"]["version"] == 2)
            assert second["verdict"]["reason"] == "source_edited"

            site.put(HOST, "/turbine", Reply(status=410))
            await _look_again(running)
            missing = await _shown(running, story_id, lambda story: story["page_gone_at"] is not None)
            assert missing["verdict"]["id"] == second["verdict"]["id"], "what was judged was there"
            assert await _rows(running, "SELECT FROM revisits") == [], "an hour, a day, a week"

            site.put(HOST, "/turbine", article_page(host=HOST, paragraphs=edited))
            await running.analyze(URL, max_age=0)
            await _shown(running, story_id, lambda story: story["page_gone_at"] is None)
            events = (await running.client.get("/v1/events?after=0&limit=100")).json()["data"]
            public = [event["type"] for event in events if event["account_id"] is None]
            assert public == ["story.published", "verdict.revised"]


class TestRevisits:
    async def test_come_after_an_hour_a_day_and_a_week(self, service: Start, site: Site) -> None:
        async with service(with_worker=False) as running:
            runtime = running.app.state.runtime
            await publish(runtime, make_edition(make_article(url=URL)))
            query = "SELECT s.created_at, r.due_at FROM revisits r JOIN stories s ON s.id = r.story_id"
            (row,) = await _rows(running, query)
            assert row["due_at"] - row["created_at"] == timedelta(hours=1)
            assert await revisit_stories(runtime) == 0
            for wait in (timedelta(days=1), timedelta(days=7), None):
                await _rows(running, "UPDATE revisits SET due_at = now() - interval '1 s'")
                assert await revisit_stories(runtime) == 1
                await _rows(running, "UPDATE analysis_jobs SET status = 'cancelled'")
                rows = await _rows(running, "SELECT due_at FROM revisits")
                assert [found["due_at"] - row["created_at"] for found in rows] == ([wait] if wait else [])

    async def test_are_not_made_at_what_was_retracted(self, service: Start, site: Site) -> None:
        async with service(with_worker=False) as running:
            runtime = running.app.state.runtime
            published = await publish(runtime, make_edition(make_article(url=URL)))
            body = {"reason": "error", "statement": "A test page."}
            await running.client.post(f"/v1/stories/{published.story_id}/retract", json=body)
            await _rows(running, "UPDATE revisits SET due_at = now() - interval '1 s'")
            assert await revisit_stories(runtime) == 0
            assert await _rows(running, "SELECT FROM revisits") == []
