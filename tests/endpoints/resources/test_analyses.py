"""Submitting pages and drafts, and following their analyses."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.errors import FetchTimeout
from api.operations.analyses.claim_analysis import claim_analysis
from api.operations.analyses.finish_analysis import fail_job
from api.operations.analyses.publish_analysis import publish_edition
from api.routes.http.request.prefer import read_preference
from api.storage.analyses.analysis_jobs import finish_job
from schemas.enums import AnalysisStatus
from tests.kit.clients.api_client import BASE_URL, Api, Start
from tests.kit.polling import until_equal
from tests.kit.servers.cpu_limit import cpu_seconds
from tests.kit.servers.fakes import StillClock
from tests.kit.texts.factories import make_article, make_edition
from tests.kit.texts.problems import check_problem

URL = "http://news.brightwater.example/turbine"


async def _count(api: Api, table: str) -> int:
    async with api.runtime.pool.connection() as connection:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")


async def _job_of(api: Api, analysis_id: str) -> str:
    async with api.runtime.pool.connection() as connection:
        return await connection.fetchval("SELECT job_id FROM analyses WHERE id = $1", analysis_id)


async def _finish(api: Api, analysis_id: str) -> None:
    """Finishes the job without an engine."""
    job_id = await _job_of(api, analysis_id)
    attempt = await claim_analysis(api.runtime, job_id, alone=False)
    assert attempt is not None
    assert await publish_edition(api.runtime, job_id, attempt.number, make_edition(make_article()))


class _RunningClock(StillClock):
    """Every look at it takes a millisecond."""

    def now(self) -> datetime:
        self.advance(0.001)
        return super().now()


class TestSubmitting:
    @pytest.mark.parametrize(
        ("url", "status", "slug"),
        [
            ("not a url", 400, "invalid-request"),
            ("//news.example/a", 400, "invalid-request"),
            ("ftp://files.example/a", 422, "url-not-allowed"),
            ("http://ada:secret@news.example/", 422, "url-not-allowed"),
            ("http://10.0.0.8/", 422, "url-not-allowed"),
            ("http://127.0.0.1/", 422, "url-not-allowed"),
            ("http://[::1]/", 422, "url-not-allowed"),
            ("http://169.254.169.254/latest", 422, "url-not-allowed"),
            ("http://[::ffff:10.0.0.8]/", 422, "url-not-allowed"),
            ("http://167772168/", 422, "url-not-allowed"),
            ("http://news.example:8080/", 422, "url-not-allowed"),
            ("https://www.google.com/url?q=http://10.0.0.8/", 422, "url-not-allowed"),
        ],
    )
    async def test_refuses_addresses_and_stores_nothing(
        self, quiet_api: Api, url: str, status: int, slug: str
    ) -> None:
        check_problem(await quiet_api.holder.post("/v1/analyses", json={"url": url}), status, slug)
        assert await _count(quiet_api, "analysis_jobs") == await _count(quiet_api, "analyses") == 0

    async def test_refuses_more_than_the_account_may_have_open(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_OPEN_ANALYSES="2") as api:
            first = await api.holder.post("/v1/analyses", json={"url": URL})
            await api.holder.post("/v1/analyses", json={"text": "a draft"})
            refused = await api.holder.post("/v1/analyses", json={"text": "another"})
            check_problem(refused, 429, "quota-exceeded")
            assert int(refused.headers["retry-after"]) > 0
            assert await _count(api, "analyses") == 2
            await _finish(api, first.json()["id"])
            assert (await api.holder.post("/v1/analyses", json={"text": "another"})).status_code == 202

    async def test_refuses_parameters_in_the_address(self, quiet_api: Api) -> None:
        check_problem(
            await quiet_api.holder.post("/v1/analyses?wait=3", json={"url": URL}), 400, "invalid-request"
        )

    async def test_answers_202_with_where_and_when_to_ask(self, api: Api) -> None:
        answer = await api.holder.post("/v1/analyses", json={"url": URL})
        analysis = answer.json()
        assert answer.status_code == 202
        assert analysis["status"] == "queued"
        assert (
            answer.headers["location"]
            == analysis["links"]["self"]
            == f"{BASE_URL}/v1/analyses/{analysis['id']}"
        )
        assert answer.headers["retry-after"] == "2"
        assert answer.headers["vary"] == "Prefer, Accept-Encoding"
        assert answer.headers["cache-control"] == "private, no-store"
        assert "preference-applied" not in answer.headers
        assert await _count(api, "queue.pgqueuer") == 1

    async def test_gives_the_same_analysis_while_one_is_open(self, api: Api) -> None:
        variants = [URL, f"{URL}?utm_source=a", "https://NEWS.brightwater.example:443/turbine#top"]
        answers = await asyncio.gather(
            *(api.holder.post("/v1/analyses", json={"url": url}) for url in variants * 5)
        )
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert await _count(api, "analysis_jobs") == 1

    async def test_answers_200_where_the_page_was_read_lately(self, api: Api) -> None:
        story_id = await api.publish_story()
        answer = await api.holder.post("/v1/analyses", json={"url": URL})
        assert answer.status_code == 200
        assert answer.json()["result"]["story_id"] == story_id
        assert "retry-after" not in answer.headers
        assert answer.headers["link"] == f'<{BASE_URL}/v1/stories/{story_id}>; rel="related"'

    async def test_answers_202_anyway_without_waiting_on_request(self, api: Api) -> None:
        await api.publish_story()
        answer = await api.holder.post(
            "/v1/analyses", json={"url": URL}, headers={"Prefer": "respond-async, wait=5"}
        )
        assert answer.status_code == 202
        assert answer.headers["preference-applied"] == "respond-async"
        assert answer.json()["status"] == "succeeded"


class TestWaiting:
    async def test_ends_with_the_analysis(self, api: Api) -> None:
        waiting = asyncio.create_task(
            api.holder.post("/v1/analyses", json={"url": URL}, headers={"Prefer": "wait=20"})
        )
        await until_equal(1, lambda: _count(api, "analyses"))
        async with api.runtime.pool.connection() as connection:
            analysis_id = await connection.fetchval("SELECT id FROM analyses")
        await _finish(api, analysis_id)
        answer = await waiting
        assert answer.status_code == 200
        assert answer.headers["preference-applied"] == "wait=20"
        assert answer.json()["status"] == "succeeded"

    async def test_ends_when_the_time_is_over(self, api: Api) -> None:
        answer = await api.holder.post("/v1/analyses", json={"url": URL}, headers={"Prefer": "wait=1"})
        assert answer.status_code == 202
        assert answer.headers["preference-applied"] == "wait=1"

    @pytest.mark.parametrize(
        ("prefer", "wait_s", "applied"),
        [
            (None, 0, None),
            ("wait=10", 10, "wait=10"),
            ('Wait="10"', 10, "wait=10"),
            ("wait=31", 30, "wait=30"),
            ("wait=" + "9" * 50, 30, "wait=30"),
            ("wait=0", 0, "wait=0"),
            ("wait=-1", 0, None),
            ("wait=soon", 0, None),
            ("wait=\u0665", 0, None),
            ("wait", 0, None),
            ("wait=3, wait=9", 3, "wait=3"),
            ("return=minimal; foo=bar, wait = 4", 4, "wait=4"),
            ("respond-async", 0, "respond-async"),
            (";;,,==", 0, None),
            ("!wait=5", 0, None),
        ],
    )
    def test_is_as_long_as_asked_within_bounds(
        self, prefer: str | None, wait_s: int, applied: str | None
    ) -> None:
        preference = read_preference(prefer)
        assert (preference.wait_s, preference.applied) == (wait_s, applied)

    @pytest.mark.parametrize("long", ["a", " ", "a=", ",", "a;", '="'])
    def test_takes_no_time_to_read_however_long(self, long: str) -> None:
        setup = "from api.routes.http.request.prefer import read_preference"
        assert cpu_seconds(setup, f"read_preference({long!r} * 100_000 + '!')") < 1


class TestFollowing:
    async def test_is_for_the_account_alone(self, api: Api) -> None:
        analysis: dict[str, Any] = (await api.holder.post("/v1/analyses", json={"text": "secret"})).json()
        async with api.runtime.pool.connection() as connection:
            await connection.execute(
                "INSERT INTO accounts (id, name, created_at) VALUES ('acc_other', 'x', now())"
            )
            await connection.execute("UPDATE analyses SET account_id = 'acc_other'")
        check_problem(await api.holder.get(f"/v1/analyses/{analysis['id']}"), 404, "not-found")
        check_problem(await api.client.get(f"/v1/analyses/{analysis['id']}"), 401, "unauthorized")

    async def test_leads_to_the_story(self, api: Api) -> None:
        analysis = (await api.holder.post("/v1/analyses", json={"url": URL})).json()
        assert (await api.holder.get(f"/v1/analyses/{analysis['id']}")).headers["retry-after"] == "2"
        await _finish(api, analysis["id"])
        answer = await api.holder.get(f"/v1/analyses/{analysis['id']}")
        ended = answer.json()
        assert ended["status"] == "succeeded"
        assert "retry-after" not in answer.headers
        story = (await api.client.get(ended["links"]["story"])).json()
        assert story["verdict"]["id"] == ended["result"]["verdict_id"]

    async def test_never_ends_before_it_was_created(self, start_api: Start) -> None:
        async with start_api(clock=_RunningClock()) as api:
            submitted = (await api.holder.post("/v1/analyses", json={"url": URL})).json()
            job_id = await _job_of(api, submitted["id"])
            # by the clock of a worker on another machine
            behind = datetime.fromisoformat(submitted["created_at"]) - timedelta(seconds=1)
            async with api.runtime.pool.transaction() as connection:
                await finish_job(connection, job_id, AnalysisStatus.CANCELLED, at=behind)
            await api.publish_story()
            answered = (await api.holder.post("/v1/analyses", json={"url": URL})).json()
            assert answered["status"] == "succeeded"
            for analysis in (submitted, answered):
                ended = (await api.holder.get(f"/v1/analyses/{analysis['id']}")).json()
                assert ended["finished_at"] == ended["created_at"]

    async def test_reports_the_error(self, api: Api) -> None:
        analysis = (await api.holder.post("/v1/analyses", json={"url": URL})).json()
        job_id = await _job_of(api, analysis["id"])
        async with api.runtime.pool.transaction() as connection:
            await fail_job(connection, api.runtime, job_id, FetchTimeout("The site did not answer in 20 s."))
        ended = (await api.holder.get(f"/v1/analyses/{analysis['id']}")).json()
        assert ended["status"] == "failed"
        assert ended["error"]["type"] == f"{BASE_URL}/problems/fetch-timeout"
        assert ended["error"]["instance"] is None
