"""Every error is a problem document, whatever raised it."""

import html
import json
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from api.errors import ApiError
from api.routes.http.response.exception_handlers import problem_answer, to_api_error
from api.routes.http.response.problem_types import error_classes, explanations, problem_types
from schemas.keys import Scope
from tests.kit.clients.api_client import BASE_URL, Api, Start, bearer
from tests.kit.databases import connected
from tests.kit.texts.problems import JSON, check_invalid, check_problem, check_retry

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
Call = Callable[[Api], Awaitable[httpx.Response]]


async def execute(url: str, statement: str, *values: Any) -> None:
    async with connected(url) as connection:
        await connection.execute(statement, *values)


async def _retracted(api: Api) -> httpx.Response:
    story_id = await api.publish_story()
    async with api.runtime.pool.connection() as connection:
        await connection.execute("UPDATE stories SET status = 'retracted'")
    await api.forget_copies()
    return await api.client.get(f"/v1/stories/{story_id}")


async def _broken(api: Api) -> httpx.Response:
    async with connected(api.owner_url) as connection:
        await connection.execute("ALTER TABLE sources RENAME COLUMN slug TO marker_of_an_inner_name")
    return await api.client.get("/v1/sources")


async def _beyond_quota(api: Api) -> httpx.Response:
    await api.holder.post("/v1/analyses", json={"url": "http://one.brightwater.example/"})
    return await api.holder.post("/v1/analyses", json={"url": "http://two.brightwater.example/"})


async def _without_scope(api: Api) -> httpx.Response:
    key = await api.make_key(Scope.READ_STORIES)
    return await api.client.post("/v1/analyses", json={"url": "http://a.example/"}, headers=bearer(key))


async def _of_another_state(api: Api) -> httpx.Response:
    (key,) = (await api.holder.get("/v1/keys")).json()["data"]
    return await api.holder.post(f"/v1/keys/{key['id']}/revoke", headers={"If-Match": '"7"'})


async def _with_a_used_key(api: Api) -> httpx.Response:
    headers = {"Idempotency-Key": "k1"}
    await api.holder.post("/v1/analyses", json={"text": "one"}, headers=headers)
    return await api.holder.post("/v1/analyses", json={"text": "two"}, headers=headers)


async def _of_a_revoked_key(api: Api) -> httpx.Response:
    key = await api.make_key(Scope.READ_STORIES)
    await api.holder.post(f"/v1/keys/{key.id}/revoke")
    return await api.holder.post(f"/v1/keys/{key.id}/rotate", json={})


# slug → status, and a call that causes it
TABLE: dict[str, tuple[int, Call]] = {
    "invalid-request": (400, lambda api: api.client.get("/v1/stories?min_score=x")),
    "invalid-cursor": (400, lambda api: api.client.get("/v1/stories?cursor=abc")),
    "unauthorized": (401, lambda api: api.client.post("/v1/analyses", json={"url": "http://a.example/"})),
    "forbidden": (403, _without_scope),
    "not-found": (404, lambda api: api.client.get("/v1/nowhere")),
    "method-not-allowed": (405, lambda api: api.client.delete("/v1/stories")),
    "conflict": (409, _of_a_revoked_key),
    "gone": (410, _retracted),
    "precondition-failed": (412, _of_another_state),
    "too-large": (413, lambda api: api.holder.post("/v1/analyses", content=b" " * 7_000_000, headers=JSON)),
    "target-too-long": (414, lambda api: api.client.get("/v1/stories?q=" + "a" * 9_000)),
    "headers-too-large": (431, lambda api: api.client.get("/livez", headers={"X-More": "a" * 9_000})),
    "unsupported-media-type": (415, lambda api: api.holder.post("/v1/analyses", content=b"url=x")),
    "url-not-allowed": (422, lambda api: api.holder.post("/v1/analyses", json={"url": "http://10.0.0.8/"})),
    "idempotency-key-reused": (422, _with_a_used_key),
    "quota-exceeded": (429, _beyond_quota),
    "internal-error": (500, _broken),
}


class TestAnswering:
    @pytest.mark.parametrize("slug", TABLE)
    async def test_is_a_problem_for_every_status(self, start_api: Start, slug: str) -> None:
        status, call = TABLE[slug]
        async with start_api(UNSPUN_MAX_OPEN_ANALYSES="1") as api:
            answer = await call(api)
            check_problem(answer, status, slug)
            passing = "public, max-age=30" if status in (404, 410) else "no-store"
            assert answer.headers["cache-control"] == passing
            explained = await api.client.get(f"/problems/{slug}")
            assert explained.json()["type"] == answer.json()["type"]
            assert explained.json()["status"] == status

    async def test_is_503_with_a_time_to_come_back_without_the_database(self, start_api: Start) -> None:
        async with start_api(UNSPUN_DATABASE_URL="postgresql://127.0.0.1:1/unspun") as api:
            for path in ("/v1/stories", "/v1/stories/some-slug", "/v1/claims", "/readyz"):
                check_retry(await api.client.get(path), 503, "unavailable")

    async def test_logs_unexpected_errors_without_disclosing_them(
        self, api: Api, capsys: pytest.CaptureFixture[str]
    ) -> None:
        answer = await _broken(api)
        problem = check_problem(answer, 500, "internal-error")
        for inner in ("marker", "column", "SELECT", "sources s", "asyncpg", "postgres"):
            assert inner not in answer.text
        logged = capsys.readouterr()
        assert problem["request_id"] in logged.out + logged.err
        assert "UndefinedColumnError" in logged.out + logged.err

    async def test_names_the_missing_scope(self, api: Api) -> None:
        refused = await api.client.get("/v1/analyses/ana_x")
        assert refused.headers["www-authenticate"] == 'Bearer realm="api"'
        assert (await _without_scope(api)).headers["www-authenticate"] == (
            'Bearer realm="api", error="insufficient_scope", scope="analyses:write"'
        )

    async def test_lists_the_methods_that_are_allowed(self, quiet_api: Api) -> None:
        assert (await quiet_api.client.delete("/v1/stories")).headers["allow"] == "GET, HEAD, OPTIONS"
        assert (await quiet_api.client.get("/v1/analyses")).headers["allow"] == "OPTIONS, POST"
        assert (await quiet_api.client.request("TRACE", "/v1/stories/x")).status_code == 405
        assert (await quiet_api.client.request("BREW", "/livez")).status_code == 405

    async def test_names_the_parameters_that_are_wrong(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/v1/stories?limit=101")
        check_invalid(answer, parameter="limit", pointer=None, code="too_large")

    async def test_names_the_places_in_a_body_that_are_wrong(self, quiet_api: Api) -> None:
        answer = await quiet_api.holder.post(
            "/v1/analyses", json={"url": "http://a.example/", "max_age": "1"}
        )
        check_invalid(answer, parameter=None, pointer="#/max_age", code="wrong_type")

    async def test_forbids_caching_an_accounts_404(self, quiet_api: Api) -> None:
        answer = await quiet_api.holder.get("/v1/analyses/ana_" + "0" * 26)
        check_problem(answer, 404, "not-found")
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize(
        "path", ["/v1/stories/%00", "/v1/stories/caf%C3%A9", "/v1/claims/%ED%A0%80", "/%00"]
    )
    async def test_is_404_for_paths_that_nothing_can_have(self, quiet_api: Api, path: str) -> None:
        check_problem(await quiet_api.client.get(path), 404, "not-found")

    async def test_refuses_an_invalid_host(self, quiet_api: Api) -> None:
        check_problem(
            await quiet_api.client.get("/v1/stories", headers={"Host": "a b"}), 400, "invalid-request"
        )

    async def test_has_no_body_for_head(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.head("/v1/nowhere")
        assert answer.status_code == 404
        assert answer.content == b""
        assert int(answer.headers["content-length"]) > 0


class TestRequestIds:
    async def test_are_generated_if_missing(self, quiet_api: Api) -> None:
        created = (await quiet_api.client.get("/livez")).headers["x-request-id"]
        assert str(uuid.UUID(created)) == created

    @pytest.mark.parametrize("given", ["a b", "x" * 65, "id\u00e9", 'a"b', ""])
    async def test_are_not_taken_over_when_malformed(self, quiet_api: Api, given: str) -> None:
        answer = await quiet_api.client.get("/livez", headers={"X-Request-Id": given.encode("latin-1")})
        assert answer.headers["x-request-id"] != given

    async def test_are_taken_over_else(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/v1/nowhere", headers={"X-Request-Id": "trace_1-A"})
        problem = check_problem(answer, 404, "not-found")
        assert (problem["request_id"], problem["instance"]) == ("trace_1-A", None)
        given = "8E03978E-40D5-43DD-BC93-6894A57F9324"
        answer = await quiet_api.client.get("/v1/nowhere", headers={"X-Request-Id": given})
        assert check_problem(answer, 404, "not-found")["instance"] == f"urn:uuid:{given}"


class TestRegistry:
    def test_explains_every_error_and_nothing_else(self) -> None:
        assert {error.slug for error in error_classes()} == set(explanations())

    @pytest.mark.parametrize("error", [*error_classes()], ids=lambda error: error.__name__)
    def test_has_one_title_and_status_a_slug(self, error: type[ApiError]) -> None:
        answer = problem_answer(error("What happened."), base_url=BASE_URL, request_id="r1", private=False)
        problem = json.loads(answer.body)
        listed = problem_types(BASE_URL)[error.slug]
        assert (
            (answer.status, problem["title"]) == (listed.status, listed.title) == (error.status, error.title)
        )
        assert problem["type"] == listed.type

    def test_knows_what_the_interpreter_raises(self) -> None:
        assert to_api_error(RecursionError()).status == 400
        assert to_api_error(TimeoutError()).status == 503
        assert to_api_error(KeyError("secret")).detail.count("secret") == 0

    async def test_is_served(self, quiet_api: Api) -> None:
        listed = (await quiet_api.client.get("/problems")).json()
        assert listed["object"] == "list"
        assert {entry["slug"] for entry in listed["data"]} == set(explanations())
        assert (await quiet_api.client.get("/problems/gone")).json() in listed["data"]
        check_problem(await quiet_api.client.get("/problems/unheard-of"), 404, "not-found")

    async def test_is_for_people_and_for_models_too(self, quiet_api: Api) -> None:
        known = explanations()["gone"]
        for path, said in (("/problems/gone", (known.meaning, known.cause, known.fix)), ("/problems", ())):
            for form, accept in (("md", "text/markdown"), ("html", BROWSER)):
                answer = await quiet_api.client.get(path, headers={"Accept": accept})
                assert answer.status_code == 200
                assert answer.headers["content-type"] == accept.partition(",")[0] + "; charset=utf-8"
                assert answer.content == (await quiet_api.client.get(f"{path}.{form}")).content
                assert answer.headers["content-location"] == f"{BASE_URL}{path}.{form}"
                assert f'<{BASE_URL}{path}.json>; rel="alternate"' in answer.headers["link"]
                assert [words for words in said if words not in html.unescape(answer.text)] == []
                for target in re.findall(rf"{BASE_URL}/problems[\w./-]*", answer.text):
                    assert (await quiet_api.client.get(target.rstrip("."))).status_code == 200, target
        check_problem(await quiet_api.client.get("/problems/gone.jsonld"), 404, "not-found")
        check_problem(
            await quiet_api.client.get("/problems", headers={"Accept": "text/csv"}), 406, "not-acceptable"
        )
