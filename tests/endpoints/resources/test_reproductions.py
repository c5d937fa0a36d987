"""Reproducing a verdict: access, cost, and a single job."""

from typing import Any

from api.operations.analyses.claim_analysis import claim_analysis
from api.operations.analyses.publish_analysis import publish_reproduction
from schemas.assessments import EngineRef
from schemas.enums import ReproductionOutcome
from schemas.keys import Scope
from schemas.reproductions import Reproduction
from tests.kit.clients.api_client import Api, bearer
from tests.kit.clients.rate_limit import left
from tests.kit.texts.problems import check_problem

ENGINE = EngineRef(name="rules", version="0.0", digest="0" * 64)


async def _verdict(api: Api) -> str:
    return (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()["verdict"]["id"]


async def _reproduce(api: Api, verdict_id: str, **options: Any) -> dict[str, Any]:
    answer = await api.holder.post(f"/v1/verdicts/{verdict_id}/reproduce", **options)
    assert answer.status_code == 202, answer.text
    analysis: dict[str, Any] = answer.json()
    assert answer.headers["location"] == analysis["links"]["self"]
    assert answer.headers["retry-after"] == "2"
    return analysis


class TestAskingForOne:
    async def test_is_refused_for_a_verdict_that_is_not_there(self, quiet_api: Api) -> None:
        for name in ("vrd_" + "0" * 26, "turbine", "sty_" + "0" * 26):
            check_problem(await quiet_api.holder.post(f"/v1/verdicts/{name}/reproduce"), 404, "not-found")

    async def test_is_refused_with_a_body_or_a_parameter(self, quiet_api: Api) -> None:
        path = f"/v1/verdicts/vrd_{'0' * 26}/reproduce"
        check_problem(await quiet_api.holder.post(path, json={"engine": "x"}), 400, "invalid-request")
        check_problem(await quiet_api.holder.post(f"{path}?fetch=true"), 400, "invalid-request")

    async def test_is_refused_for_a_story_that_was_retracted(self, api: Api) -> None:
        verdict_id = await _verdict(api)
        story_id = (await api.client.get(f"/v1/verdicts/{verdict_id}")).json()["story_id"]
        body = {"reason": "error", "statement": "A test page."}
        assert (await api.holder.post(f"/v1/stories/{story_id}/retract", json=body)).is_success
        check_problem(await api.holder.post(f"/v1/verdicts/{verdict_id}/reproduce"), 410, "gone")

    async def test_costs_what_an_analysis_does(self, api: Api) -> None:
        verdict_id = await _verdict(api)
        before = left(await api.holder.get("/v1/keys"))["burst"]["r"]
        answer = await api.holder.post(f"/v1/verdicts/{verdict_id}/reproduce")
        assert left(answer)["burst"]["r"] == before - 10
        strange = await api.holder.post(f"/v1//verdicts/{verdict_id}/reproduce/")
        assert strange.status_code == 202
        assert left(strange)["burst"]["r"] == before - 20

    async def test_is_shared_by_concurrent_requests(self, api: Api) -> None:
        verdict_id = await _verdict(api)
        other = await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26)
        mine, again = [await _reproduce(api, verdict_id) for _ in range(2)]
        assert mine["id"] == again["id"] != (await _reproduce(api, verdict_id, headers=bearer(other)))["id"]
        jobs = await api.rows("SELECT id FROM analysis_jobs WHERE kind = 'reproduction'")
        queued = await api.rows("SELECT payload FROM queue.pgqueuer")
        assert [row["payload"].decode() for row in queued] == [row["id"] for row in jobs]

    async def test_ends_with_what_came_of_it_and_is_the_accounts_own(self, api: Api) -> None:
        verdict_id = await _verdict(api)
        accepted = await _reproduce(api, verdict_id)
        assert (accepted["kind"], accepted["status"], accepted["result"]) == ("reproduction", "queued", None)
        (row,) = await api.rows("SELECT id FROM analysis_jobs WHERE kind = 'reproduction'")
        attempt = await claim_analysis(api.runtime, row["id"], alone=False)
        assert attempt is not None
        created = Reproduction(
            verdict_id=verdict_id,
            outcome=ReproductionOutcome.DIFFERENCES,
            obstacle=None,
            recorded=ENGINE,
            installed=ENGINE,
            differing=1,
            differences=["/deck"],
        )
        assert not await publish_reproduction(api.runtime, attempt.job, attempt.number + 1, created)
        assert await publish_reproduction(api.runtime, attempt.job, attempt.number, created)
        finished = (await api.holder.get(f"/v1/analyses/{accepted['id']}")).json()
        assert finished["status"] == "succeeded"
        assert finished["result"]["reproduction"]["differences"] == ["/deck"]
        assert finished["result"]["verdict_id"] == verdict_id
        other = await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26)
        check_problem(
            await api.client.get(f"/v1/analyses/{accepted['id']}", headers=bearer(other)), 404, "not-found"
        )
        assert (await _reproduce(api, verdict_id))["id"] != accepted["id"], "it may be asked again"

    async def test_can_be_cancelled_by_one_and_goes_on_for_the_others(self, api: Api) -> None:
        verdict_id = await _verdict(api)
        other = await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26)
        mine = await _reproduce(api, verdict_id)
        theirs = await _reproduce(api, verdict_id, headers=bearer(other))
        cancelled = (await api.holder.post(f"/v1/analyses/{mine['id']}/cancel")).json()
        assert cancelled["status"] == "cancelled"
        assert cancelled["links"]["verdict"].endswith(verdict_id)
        answer = await api.client.get(f"/v1/analyses/{theirs['id']}", headers=bearer(other))
        assert answer.json()["status"] == "queued"
