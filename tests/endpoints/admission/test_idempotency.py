"""A repeated POST has its effect once, and gets the first response."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.routes import HTTPRoute

from api.app import create_app
from api.errors import InvalidRequest
from api.operations.analyses.claim_analysis import claim_analysis
from api.operations.analyses.publish_analysis import publish_edition
from api.routes.http.admission.idempotency import MAX_LENGTH, read_key
from api.routes.http.admission.operation import operation_of
from api.settings import Settings
from schemas.keys import Scope
from tests.kit.clients.api_client import Api, Start, bearer
from tests.kit.databases import locked
from tests.kit.polling import until, until_equal
from tests.kit.texts.factories import by_two, installed, make_article, make_assessment, make_edition, publish
from tests.kit.texts.problems import check_invalid, check_problem

URL = "http://news.brightwater.example/turbine"
DRAFT = {"text": "Forty roles are impacted."}
APPEAL = {"findings": ["f1"], "statement": "It is a name."}
RECENT = datetime.now(UTC).isoformat()
FEED = "http://news.brightwater.example/feed.xml"
HOOK = "https://hooks.brightwater.example/"
NAMED = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}

# Every POST route with a valid body; a new route fails without one.
BODIES: Final[dict[str, Any]] = {
    "/v1/analyses": DRAFT,
    "/v1/analyses/batch": {"urls": [URL]},
    "/v1/analyses/{analysis}/cancel": None,
    "/v1/analyses/{analysis}/erase": None,
    "/v1/appeals/{appeal}/decide": {"outcome": "rejected", "explanation": "No."},
    "/v1/feeds/{feed}/delete": None,
    "/v1/feeds/{feed}/poll": None,
    "/v1/keys": {"name": "n", "scopes": ["stories:read"]},
    "/v1/keys/{key}/rotate": {},
    "/v1/keys/{key}/revoke": None,
    "/v1/sources/{source}/correct": {"ownership": "Brightwater Holding"},
    "/v1/sources/{source}/feeds": {"url": FEED},
    "/v1/stories/{story}/rescore": None,
    "/v1/stories/{story}/retract": {"reason": "error", "statement": "A test page."},
    "/v1/stories/{story}/second-opinion": None,
    "/v1/verdicts/{verdict}/appeals": APPEAL,
    "/v1/verdicts/{verdict}/explanation": None,
    "/v1/verdicts/{verdict}/reproduce": None,
    "/v1/webhooks": {"url": HOOK},
    "/v1/webhooks/preview": {"predicate": "spin.score > 50"},
    "/v1/webhooks/{webhook}/update": {"description": "the desk"},
    "/v1/webhooks/{webhook}/enable": None,
    "/v1/webhooks/{webhook}/disable": None,
    "/v1/webhooks/{webhook}/delete": None,
    "/v1/webhooks/{webhook}/deliveries/{delivery}/resend": None,
    "/v1/webhooks/{webhook}/recover": {"since": RECENT},
    "/v1/webhooks/{webhook}/test": {},
    "/v1/webhooks/{webhook}/secret/rotate": {},
}
# Another valid body for each route that has a body.
OTHERS: Final[dict[str, Any]] = {
    "/v1/analyses": {"text": "Another."},
    "/v1/analyses/batch": {"urls": [URL, "http://news.brightwater.example/other"]},
    "/v1/appeals/{appeal}/decide": {"outcome": "upheld", "explanation": "Yes."},
    "/v1/keys": {"name": "m", "scopes": ["stories:read"]},
    "/v1/keys/{key}/rotate": {"overlap_s": 1},
    "/v1/sources/{source}/correct": {"name": "Brightwater Ferries"},
    "/v1/sources/{source}/feeds": {"url": f"{FEED}?all"},
    "/v1/stories/{story}/retract": {"reason": "legal", "statement": "A test page."},
    "/v1/verdicts/{verdict}/appeals": APPEAL | {"statement": "It is no name."},
    "/v1/webhooks": {"url": HOOK, "payload": "full"},
    "/v1/webhooks/preview": {},
    "/v1/webhooks/{webhook}/update": {"description": "the other desk"},
    "/v1/webhooks/{webhook}/recover": {"since": "2999-01-01T00:00:00Z"},
    "/v1/webhooks/{webhook}/test": {"event_type": "analysis.failed"},
    "/v1/webhooks/{webhook}/secret/rotate": {"overlap_s": 1},
}
POSTS: Final = sorted(
    route.path_format
    for route in create_app(Settings()).routes
    if isinstance(route, HTTPRoute)
    for handler in route.route_handlers
    if "POST" in handler.http_methods
    and (operation := operation_of(handler)) is not None
    and not operation.question
)


async def _filled(api: Api, path: str) -> str:
    """Fills the path with ids: a key, a story, its verdict, an appeal, a draft, a feed, a webhook."""
    article = make_article()
    edition = by_two(make_edition(article, installed(make_assessment(article))))
    story_id = (await publish(api.runtime, edition)).story_id
    story = (await api.client.get(f"/v1/stories/{story_id}")).json()
    verdict_id = story["verdict"]["id"]
    appeal = await api.holder.post(f"/v1/verdicts/{verdict_id}/appeals", json=APPEAL)
    known = {
        "key": (await api.make_key(Scope.READ_STORIES)).id,
        "story": story["id"],
        "verdict": verdict_id,
        "source": story["source"]["id"],
        "appeal": appeal.json()["id"],
        "analysis": (await api.holder.post("/v1/analyses", json=DRAFT)).json()["id"],
        "webhook": (await api.holder.post("/v1/webhooks", json={"url": HOOK})).json()["id"],
    }
    feed = await api.holder.post(f"/v1/sources/{known['source']}/feeds", json={"url": f"{FEED}?first"})
    known["feed"] = feed.json()["id"]
    await api.rows("UPDATE webhook_endpoints SET status = 'active'")
    (known["delivery"],) = (row["id"] for row in await api.rows("SELECT id FROM deliveries"))
    return path.format(**known)


async def _count(api: Api, table: str) -> int:
    (row,) = await api.rows(f"SELECT count(*) AS n FROM {table}")
    return row["n"]


async def _waits_for_a_lock(database_url: str) -> bool:
    connection = await asyncpg.connect(database_url)
    query = """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    count: int = await connection.fetchval(query)
    await connection.close()
    return count > 0


class TestTheKey:
    @pytest.mark.parametrize(
        "value",
        [
            "",
            '""',
            '"',
            'a"b',
            '"a',
            "a b",
            "a, b",
            "a\\b",
            "caf\u00e9",
            '"caf\u00e9"',
            "x" * 256,
            '"a\\n"',
            '"a";q',
        ],
    )
    async def test_is_refused_when_malformed(self, quiet_api: Api, value: str) -> None:
        headers = {"Idempotency-Key": value.encode("latin-1")}
        answer = await quiet_api.holder.post("/v1/analyses", json=DRAFT, headers=headers)  # type: ignore[arg-type]  # bytes too
        check_invalid(answer, parameter="Idempotency-Key", code="malformed")

    async def test_is_refused_when_sent_twice(self, quiet_api: Api) -> None:
        headers = [("Idempotency-Key", '"a"'), ("Idempotency-Key", '"b"')]
        check_problem(
            await quiet_api.holder.post("/v1/analyses", json=DRAFT, headers=headers), 400, "invalid-request"
        )

    @given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=MAX_LENGTH))
    def test_is_what_the_quoted_string_says(self, key: str) -> None:
        escaped = key.replace("\\", "\\\\").replace('"', '\\"')
        assert read_key(f'"{escaped}"') == key

    @given(st.text())
    def test_is_read_or_refused_whatever_comes(self, value: str) -> None:
        try:
            key = read_key(value)
        except InvalidRequest:
            return
        assert key is not None
        assert 0 < len(key) <= MAX_LENGTH

    async def test_is_the_same_quoted_and_bare(self, api: Api) -> None:
        first = await api.holder.post("/v1/analyses", json=DRAFT, headers={"Idempotency-Key": '"abc"'})
        second = await api.holder.post("/v1/analyses", json=DRAFT, headers={"Idempotency-Key": "abc"})
        assert second.json() == first.json()

    async def test_means_nothing_to_a_read(self, quiet_api: Api) -> None:
        assert (await quiet_api.client.get("/v1/stories", headers={"Idempotency-Key": ""})).status_code == 200


class TestEveryPost:
    def test_has_a_row_in_the_table(self) -> None:
        assert set(POSTS) == set(BODIES)

    @pytest.mark.parametrize("path", POSTS)
    async def test_has_its_effect_once(self, api: Api, path: str) -> None:
        call, body = await _filled(api, path), BODIES[path]
        tables = (
            "analyses",
            "analysis_jobs",
            "api_keys",
            "appeals",
            "audit_log",
            "events",
            "idempotency_records",
            "deliveries",
            "feeds",
            "webhook_endpoints",
            "webhook_secrets",
        )
        first = await api.holder.post(call, json=body, headers=NAMED)
        after_first = [await _count(api, table) for table in tables]
        second = await api.holder.post(call, json=body, headers=NAMED)
        assert first.is_success
        assert "idempotency-replayed" not in first.headers
        assert second.headers["idempotency-replayed"] == "true"
        assert second.status_code == first.status_code
        hidden = {"secret": None} if "secret" in first.json() else {}
        assert second.json() == first.json() | hidden
        passing = {"x-request-id", "date", "ratelimit", "content-length", "idempotency-replayed"}
        stable = {name: value for name, value in first.headers.items() if name not in passing}
        assert stable == {name: value for name, value in second.headers.items() if name not in passing}
        assert [await _count(api, table) for table in tables] == after_first

    @pytest.mark.parametrize("path", [path for path, body in BODIES.items() if body is not None])
    async def test_refuses_the_key_with_another_body(self, api: Api, path: str) -> None:
        call = await _filled(api, path)
        await api.holder.post(call, json=BODIES[path], headers=NAMED)
        check_problem(
            await api.holder.post(call, json=OTHERS[path], headers=NAMED), 422, "idempotency-key-reused"
        )


class TestRepeating:
    async def test_takes_the_same_body_however_it_is_written(self, api: Api) -> None:
        bodies = [b'{"url": "%s"}', b'{ "max_age" : null, "url":"%s" }', b'{"url":"%s","text":null}']
        headers = NAMED | {"Content-Type": "application/json"}
        answers = [
            await api.holder.post("/v1/analyses", content=body % URL.encode(), headers=headers)
            for body in bodies
        ]
        assert len({answer.content for answer in answers}) == 1

    async def test_is_bound_to_account_and_address(self, api: Api) -> None:
        other = await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26)
        first = await api.holder.post("/v1/analyses", json=DRAFT, headers=NAMED)
        second = await api.client.post("/v1/analyses", json=DRAFT, headers=NAMED | bearer(other))
        assert first.json()["id"] != second.json()["id"]
        assert "idempotency-replayed" not in second.headers
        assert (await api.holder.post("/v1/keys", json=BODIES["/v1/keys"], headers=NAMED)).status_code == 201

    async def test_needs_the_scope_of_the_call(self, api: Api) -> None:
        await api.holder.post("/v1/keys", json=BODIES["/v1/keys"], headers=NAMED)
        weak = await api.make_key(Scope.READ_STORIES)
        answer = await api.client.post("/v1/keys", json=BODIES["/v1/keys"], headers=NAMED | bearer(weak))
        check_problem(answer, 403, "forbidden")

    async def test_gives_no_other_keys_change_to_a_key_that_may_not_make_it(self, api: Api) -> None:
        target = (await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26)).id
        path = f"/v1/keys/{target}/rotate"
        assert (await api.holder.post(path, json={}, headers=NAMED)).status_code == 201
        weak = await api.make_key(Scope.READ_STORIES)  # of the administrator's account
        check_problem(await api.client.post(path, json={}, headers=NAMED | bearer(weak)), 404, "not-found")

    async def test_has_a_new_effect_without_a_key(self, api: Api) -> None:
        for _ in range(2):
            await api.holder.post("/v1/analyses", json=DRAFT)
        assert await _count(api, "analyses") == 2

    async def test_returns_the_end_if_the_first_waited_for_it(self, api: Api) -> None:
        headers = NAMED | {"Prefer": "wait=20"}
        waiting = asyncio.create_task(api.holder.post("/v1/analyses", json={"url": URL}, headers=headers))
        await until_equal(1, lambda: _count(api, "analyses"))
        meanwhile = await api.holder.post("/v1/analyses", json={"url": URL}, headers=headers)
        assert (meanwhile.status_code, meanwhile.json()["status"]) == (202, "queued")
        (job,) = await api.rows("SELECT job_id FROM analyses")
        attempt = await claim_analysis(api.runtime, job["job_id"], alone=False)
        assert attempt is not None
        assert await publish_edition(api.runtime, job["job_id"], attempt.number, make_edition(make_article()))
        first = await waiting
        second = await api.holder.post("/v1/analyses", json={"url": URL}, headers=headers)
        assert first.status_code == second.status_code == 200
        assert second.content == first.content
        assert second.headers["preference-applied"] == "wait=20"


class TestRefusals:
    async def test_are_not_stored(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_OPEN_ANALYSES="1") as api:
            first = (await api.holder.post("/v1/analyses", json=DRAFT)).json()
            tries = [
                ({"url": "http://10.0.0.8/"}, 422, "url-not-allowed"),
                ({"uri": URL}, 400, "invalid-request"),
                (DRAFT, 429, "quota-exceeded"),
            ]
            for body, status, slug in tries:
                answer = await api.holder.post("/v1/analyses", json=body, headers=NAMED)
                check_problem(answer, status, slug)
            assert await _count(api, "idempotency_records") == 0
            await api.rows("UPDATE analysis_jobs SET status = 'cancelled'")
            answer = await api.holder.post("/v1/analyses", json=DRAFT, headers=NAMED)
            assert answer.status_code == 202
            assert answer.json()["id"] != first["id"]

    async def test_of_a_busy_database_are_not_stored(self, start_api: Start, database_url: str) -> None:
        async with start_api(UNSPUN_STATEMENT_TIMEOUT_MS="600") as api:
            assert (await api.holder.get("/v1/keys")).status_code == 200
            async with locked(database_url, "analyses"):
                answer = await api.holder.post("/v1/analyses", json=DRAFT, headers=NAMED)
                check_problem(answer, 503, "unavailable")
            answer = await api.holder.post("/v1/analyses", json=DRAFT, headers=NAMED)
            assert answer.status_code == 202
            assert "idempotency-replayed" not in answer.headers


class TestAtOnce:
    async def test_the_second_is_refused_with_retry_after_while_the_first_runs(
        self, api: Api, database_url: str
    ) -> None:
        async with locked(database_url, "analyses"):
            first = asyncio.create_task(api.holder.post("/v1/analyses", json=DRAFT, headers=NAMED))
            await until(lambda: _waits_for_a_lock(database_url))
            second = await api.holder.post("/v1/analyses", json=DRAFT, headers=NAMED)
            check_problem(second, 409, "idempotency-key-in-use")
            assert second.headers["retry-after"] == "1"
        accepted = await first
        assert (await api.holder.post("/v1/analyses", json=DRAFT, headers=NAMED)).content == accepted.content

    async def test_fifty_equal_requests_make_one_job(self, api: Api, start_api: Start) -> None:
        async with start_api() as second:

            async def submit(number: int) -> httpx.Response:
                client = (api, second)[number % 2].holder
                while True:
                    answer = await client.post("/v1/analyses", json=DRAFT, headers=NAMED)
                    if answer.status_code != 503:  # fifty requests share a small pool
                        return answer

            answers = await asyncio.gather(*(submit(number) for number in range(50)))
        first = [a for a in answers if a.status_code == 202 and "idempotency-replayed" not in a.headers]
        replayed = [a for a in answers if a.headers.get("idempotency-replayed") == "true"]
        in_use = [a for a in answers if a.status_code == 409]
        assert len(first) == 1
        assert len(replayed) + len(in_use) == 49
        assert {answer.content for answer in replayed} <= {first[0].content}
        assert await _count(api, "analysis_jobs") == await _count(api, "analyses") == 1
