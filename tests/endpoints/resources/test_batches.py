"""Batches, cancellation and retention of analyses, as an account sees them."""

from datetime import timedelta
from typing import Any

import pytest

from api.jobs.housekeeping import sweep
from api.operations.analyses.claim_analysis import claim_analysis
from api.operations.analyses.publish_analysis import publish_edition
from api.storage.analyses.analysis_jobs import delete_ended
from schemas.ids import make_id
from schemas.keys import Scope
from tests.kit.clients.api_client import Api, bearer
from tests.kit.texts.factories import make_article, make_edition
from tests.kit.texts.problems import check_problem

URL = "http://news.brightwater.example/turbine"
OTHER = "acc_" + "2" * 26


async def _submit(api: Api, headers: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
    answer = await api.holder.post("/v1/analyses", json=body or {"url": URL}, headers=headers)
    assert answer.status_code in (200, 202), answer.text
    return answer.json()


async def _job(api: Api, analysis_id: str) -> str:
    (row,) = await api.rows("SELECT job_id FROM analyses WHERE id = $1", analysis_id)
    return row["job_id"]


class TestABatch:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"urls": []},
            {"urls": [URL] * 101},
            {"urls": [1]},
            {"urls": [URL], "text": "x"},
        ],
    )
    async def test_is_refused_as_a_whole_for_its_envelope_alone(self, quiet_api: Api, body: Any) -> None:
        check_problem(await quiet_api.holder.post("/v1/analyses/batch", json=body), 400, "invalid-request")

    async def test_accepts_and_refuses_each_by_itself(self, api: Api) -> None:
        known = await api.publish_story(url="http://known.example/a")
        urls = [URL, "ftp://a.example/", "http://127.0.0.1/", URL + "?utm_source=x", "http://known.example/a"]
        answer = await api.holder.post("/v1/analyses/batch", json={"urls": urls})
        assert answer.status_code == 202
        entries = answer.json()["data"]
        assert [entry["url"] for entry in entries] == urls
        assert [entry["problem"] and entry["problem"]["status"] for entry in entries] == [
            None, 422, 422, None, None,
        ]  # fmt: skip
        assert entries[0]["analysis"]["id"] == entries[3]["analysis"]["id"], "one job of one page"
        assert entries[4]["analysis"]["result"]["story_id"] in (
            known,
            entries[4]["analysis"]["result"]["story_id"],
        )
        (jobs,) = await api.rows("SELECT count(*) AS n FROM analysis_jobs WHERE status = 'queued'")
        assert jobs["n"] == 1
        followed = await api.holder.get(f"/v1/analyses/{entries[0]['analysis']['id']}")
        assert followed.json()["status"] == "queued"

    async def test_refuses_a_broken_url_in_its_row_also_when_the_request_is_repeated(self, api: Api) -> None:
        urls = [URL, "", "http://a.example/\x00", "http://a.example/" + "a" * 2_048]
        headers = {"Idempotency-Key": "broken-urls"}
        for _ in range(2):
            answer = await api.holder.post("/v1/analyses/batch", json={"urls": urls}, headers=headers)
            assert answer.status_code == 202, answer.text
            rows = answer.json()["data"]
            assert [row["url"] for row in rows] == urls
            assert [row["analysis"] is None for row in rows] == [False, True, True, True]
            assert [error["pointer"] for row in rows[1:] for error in row["problem"]["errors"]] == [
                "#/urls/1", "#/urls/2", "#/urls/3",
            ]  # fmt: skip

    async def test_asks_for_the_scope_of_each(self, api: Api) -> None:
        key = await api.make_key(Scope.WRITE_ANALYSES)
        answer = await api.client.post(
            "/v1/analyses/batch", json={"urls": [URL], "max_age": 0}, headers=bearer(key)
        )
        (entry,) = answer.json()["data"]
        assert entry["problem"]["status"] == 403


class TestCancelling:
    async def test_refuses_what_has_ended_otherwise(self, api: Api) -> None:
        await api.publish_story(url=URL)
        analysis = await _submit(api)
        assert analysis["status"] == "succeeded"
        check_problem(await api.holder.post(f"/v1/analyses/{analysis['id']}/cancel"), 409, "conflict")

    async def test_ends_the_job_and_nothing_comes_of_a_run_under_way(self, api: Api) -> None:
        analysis = await _submit(api)
        job_id = await _job(api, analysis["id"])
        attempt = await claim_analysis(api.runtime, job_id, alone=False)
        assert attempt is not None
        for _ in range(2):
            answer = await api.holder.post(f"/v1/analyses/{analysis['id']}/cancel")
            assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        assert not await publish_edition(
            api.runtime, job_id, attempt.number, make_edition(make_article(url=URL))
        )
        assert await claim_analysis(api.runtime, job_id, alone=False) is None
        events = await api.rows("SELECT type, data FROM events")
        assert [row["type"] for row in events] == ["analysis.cancelled"]
        assert analysis["id"] in events[0]["data"]
        assert (await _submit(api))["id"] != analysis["id"], "the page can be asked for again"

    async def test_leaves_a_job_that_others_wait_for(self, api: Api) -> None:
        key = await api.make_key(Scope.WRITE_ANALYSES, account_id=OTHER)
        mine, theirs = await _submit(api), await _submit(api, bearer(key))
        assert (await api.holder.post(f"/v1/analyses/{mine['id']}/cancel")).json()["status"] == "cancelled"
        still = await api.client.get(f"/v1/analyses/{theirs['id']}", headers=bearer(key))
        assert still.json()["status"] == "queued"
        job_id = await _job(api, theirs["id"])
        attempt = await claim_analysis(api.runtime, job_id, alone=False)
        assert attempt is not None
        assert await publish_edition(api.runtime, job_id, attempt.number, make_edition(make_article(url=URL)))
        ended = await api.client.get(f"/v1/analyses/{theirs['id']}", headers=bearer(key))
        assert ended.json()["status"] == "succeeded"
        assert (await api.holder.get(f"/v1/analyses/{mine['id']}")).json()["status"] == "cancelled"
        events = await api.rows("SELECT type FROM events WHERE account_id = $1", OTHER)
        assert [row["type"] for row in events] == ["analysis.completed"]

    async def test_joins_the_open_job_again(self, api: Api) -> None:
        key = await api.make_key(Scope.WRITE_ANALYSES, account_id=OTHER)
        mine, _ = await _submit(api), await _submit(api, bearer(key))
        await api.holder.post(f"/v1/analyses/{mine['id']}/cancel")
        again = await _submit(api)
        assert (again["status"], again["id"] == mine["id"]) == ("queued", False)


class TestRetention:
    async def test_ends_thirty_days_after_the_end_for_good(self, api: Api) -> None:
        analysis = await _submit(api, text="Forty roles are impacted.")
        await api.holder.post(f"/v1/analyses/{analysis['id']}/cancel")
        path = f"/v1/analyses/{analysis['id']}"
        for days, status in ((29, 200), (31, 410)):
            await api.rows(
                "UPDATE analysis_jobs SET finished_at = $1", api.runtime.clock.now() - timedelta(days=days)
            )
            assert (await api.holder.get(path)).status_code == status
            await sweep(api.runtime)
            for table in ("analysis_jobs", "analyses"):
                assert bool(await api.rows(f"SELECT FROM {table}")) is (status == 200)
        # only its time remains, in the id
        check_problem(await api.holder.get(path), 404, "not-found")

    async def test_recognises_deleted_analyses_by_their_id(self, api: Api) -> None:
        now = api.runtime.clock.now()
        stranger = await api.make_key(Scope.WRITE_ANALYSES, account_id=OTHER)
        for days, slug in ((29, "not-found"), (31, "gone")):
            analysis_id = make_id("ana", now - timedelta(days=days), bytes(10))
            for headers in ({}, bearer(stranger)):
                answer = await api.holder.get(f"/v1/analyses/{analysis_id}", headers=headers)
                check_problem(answer, 404 if slug == "not-found" else 410, slug)

    async def test_leaves_open_analyses_and_those_of_a_feed(self, api: Api) -> None:
        old = api.runtime.clock.now() - timedelta(days=31)
        jobs = [await _job(api, (await _submit(api, url=f"{URL}/{number}"))["id"]) for number in range(4)]
        for job_id, look_at in zip(jobs, (None, old, None), strict=False):
            await api.rows(
                "UPDATE analysis_jobs SET status = 'failed', finished_at = $2 WHERE id = $1", job_id, old
            )
            await api.rows(
                "INSERT INTO feed_entries (digest, job_id, look_at, seen_at) VALUES ($1, $2, $3, now())",
                job_id.encode(),
                job_id,
                look_at,
            )
        async with api.runtime.pool.transaction() as connection:
            assert await delete_ended(connection, old, 10) == 0, "it ended at that moment, not before"
            since = old + timedelta(seconds=1)
            assert await delete_ended(connection, since, 1) == 1, "no more at once than asked for"
            assert await delete_ended(connection, since, 10) == 1
        assert {row["id"] for row in await api.rows("SELECT id FROM analysis_jobs")} == {jobs[1], jobs[3]}
        entries = await api.rows("SELECT job_id FROM feed_entries WHERE job_id IS NOT NULL")
        assert [row["job_id"] for row in entries] == [jobs[1]]
