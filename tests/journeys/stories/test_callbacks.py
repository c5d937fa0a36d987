"""Callbacks: an endpoint named in a submission gets the one event that ends its analysis."""

from typing import Any

import pytest

from api.errors import FetchTimeout
from api.operations.analyses.claim_analysis import Try, claim_analysis
from api.operations.analyses.finish_analysis import fail_try
from api.operations.analyses.publish_analysis import publish_edition
from schemas.keys import Scope
from tests.kit.clients.api_client import bearer
from tests.kit.texts.factories import make_article, make_edition
from tests.kit.texts.problems import check_invalid
from tests.kit.worlds.delivery_world import OTHER, World

URL = "http://news.brightwater.example/turbine"
QUIET = ["webhook.ping"]  # no event types, so that only callbacks arrive


async def _submit(world: World, callback: str | None, **body: Any) -> dict[str, Any]:
    answer = await world.api.holder.post("/v1/analyses", json={"url": URL, **body, "callback": callback})
    assert answer.status_code in (200, 202), answer.text
    return answer.json()


async def _claim(world: World) -> Try:
    (row,) = await world.api.rows("SELECT id FROM analysis_jobs ORDER BY id DESC LIMIT 1")
    attempt = await claim_analysis(world.api.runtime, row["id"], alone=True)
    assert attempt is not None
    return attempt


async def _publish(world: World) -> None:
    attempt = await _claim(world)
    edition = make_edition(make_article(url=URL))
    assert await publish_edition(world.api.runtime, attempt.job.id, attempt.number, edition)


def _ends(world: World, path: str = "/hook") -> list[tuple[str, str]]:
    return [(one.event.type.value, one.event.data["analysis_id"]) for one in world.receiver.of(path)]


class TestACallback:
    @pytest.mark.parametrize("callback", ["https://hooks.brightwater.example/", "whe_1", "", 4])
    async def test_is_never_an_address(self, world: World, callback: object) -> None:
        answer = await world.api.holder.post("/v1/analyses", json={"url": URL, "callback": callback})
        check_invalid(answer, pointer="#/callback")
        assert await world.api.rows("SELECT id FROM analyses") == []

    async def test_is_an_active_endpoint_of_the_account(self, world: World) -> None:
        disabled = (await world.endpoint())["id"]
        await world.api.holder.post(f"/v1/webhooks/{disabled}/disable")
        other = await world.api.make_key(Scope.MANAGE_WEBHOOKS, Scope.WRITE_ANALYSES, account_id=OTHER)
        for callback, headers in (
            (disabled, {}),
            ("whe_" + "0" * 26, {}),
            ((await world.endpoint("/other"))["id"], bearer(other)),
        ):
            body = {"url": URL, "callback": callback}
            answer = await world.api.holder.post("/v1/analyses", json=body, headers=headers)
            check_invalid(answer, pointer="#/callback", code="not_active")
        assert await world.api.rows("SELECT id FROM analyses") == []

    async def test_gets_the_end_of_an_analysis_whatever_else_the_endpoint_wants(self, world: World) -> None:
        quiet = (await world.endpoint(event_types=QUIET))["id"]
        await world.endpoint("/all")
        loud = (await world.endpoint("/both"))["id"]
        accepted = await _submit(world, quiet)
        assert accepted["callbacks"] == [quiet]
        assert (await _submit(world, loud))["callbacks"] == sorted([quiet, loud])  # the analysis is the one
        await _publish(world)
        await world.deliver()
        end = ("analysis.completed", accepted["id"])
        assert _ends(world) == [end]
        for path in ("/all", "/both"):
            assert sorted(one.event.type for one in world.receiver.of(path)) == [
                "analysis.completed",
                "story.published",
            ]

    async def test_gets_the_end_of_one_that_was_answered_at_once(self, world: World) -> None:
        quiet = (await world.endpoint(event_types=QUIET))["id"]
        await world.story()
        known = {"url": "http://news.brightwater.example/1"}
        answered = [await _submit(world, quiet, **known), await _submit(world, quiet, **known)]
        await _submit(world, None, **known)
        assert {analysis["status"] for analysis in answered} == {"succeeded"}
        await world.deliver()
        assert sorted(_ends(world)) == sorted(("analysis.completed", one["id"]) for one in answered)
        assert world.receiver.of("/hook")[0].event.data["verdict_id"] == answered[0]["result"]["verdict_id"]

    async def test_gets_failures_cancellations_and_erasures(self, world: World) -> None:
        quiet = (await world.endpoint(event_types=QUIET))["id"]
        failed = await _submit(world, quiet)
        attempt = await _claim(world)
        assert await fail_try(world.api.runtime, attempt.job.id, attempt.number, FetchTimeout("It hangs."))
        cancelled = await _submit(world, quiet)
        await world.api.holder.post(f"/v1/analyses/{cancelled['id']}/cancel")
        erased = await _submit(world, quiet, url=None, text="Forty roles are impacted.")
        for _ in range(2):
            await world.api.holder.post(f"/v1/analyses/{erased['id']}/erase")
        await world.deliver()
        assert sorted(_ends(world)) == sorted(
            [
                ("analysis.failed", failed["id"]),
                ("analysis.cancelled", cancelled["id"]),
                ("analysis.cancelled", erased["id"]),
            ]
        )

    async def test_gets_the_end_of_each_page_of_a_batch(self, world: World) -> None:
        quiet = (await world.endpoint(event_types=QUIET))["id"]
        await world.story()
        urls = ["http://news.brightwater.example/1", URL]
        answer = await world.api.holder.post("/v1/analyses/batch", json={"urls": urls, "callback": quiet})
        ids = [item["analysis"]["id"] for item in answer.json()["data"]]
        await _publish(world)
        await world.deliver()
        assert sorted(_ends(world)) == sorted(("analysis.completed", analysis) for analysis in ids)

    async def test_gets_what_ended_while_it_was_disabled_when_it_recovers(self, world: World) -> None:
        quiet = (await world.endpoint(event_types=QUIET))["id"]
        accepted = await _submit(world, quiet)
        await world.api.holder.post(f"/v1/webhooks/{quiet}/disable")
        await _publish(world)
        await world.deliver()
        await world.api.holder.post(f"/v1/webhooks/{quiet}/enable")
        await world.deliver()
        assert _ends(world) == []
        await world.api.holder.post(f"/v1/webhooks/{quiet}/recover", json={"after": "0"})
        await world.deliver()
        assert _ends(world) == [("analysis.completed", accepted["id"])]
