"""Drafts are judged like stories, and private."""

from collections.abc import Callable
from typing import Any

from tests.kit.databases import connected
from tests.kit.texts.pages import PARAGRAPHS, article_page


class TestADraft:
    async def test_is_judged_and_becomes_no_story(
        self, service: Callable[..., Any], database_url: str
    ) -> None:
        async with service() as running:
            body = {"text": "\n\n".join(PARAGRAPHS), "title": "Brightwater opens", "source": "Brightwater"}
            answer = await running.client.post("/v1/analyses", json=body, headers={"Prefer": "wait=30"})
            assert answer.status_code == 200
            draft = answer.json()["result"]["draft"]
            assert draft["status"] == "scored"
            assert draft["story_id"] is None
            assert draft["claims"]
            assert (await running.client.get("/v1/stories")).json()["data"] == []
            async with connected(database_url) as connection:
                assert await connection.fetchval("SELECT count(*) FROM events WHERE account_id IS NULL") == 0
                for table in ("stories", "documents", "inputs", "claims"):
                    assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0

    async def test_may_be_a_page(self, service: Callable[..., Any]) -> None:
        async with service() as running:
            body = {"html": article_page().decode(), "source": "Brightwater", "source_type": "press_release"}
            answer = await running.client.post("/v1/analyses", json=body, headers={"Prefer": "wait=30"})
            draft = answer.json()["result"]["draft"]
            assert draft["source_role"]["publisher"] == "Brightwater"
            assert draft["source_role"]["publisher_type"] == "press_release"
            assert draft["spin"] is not None
