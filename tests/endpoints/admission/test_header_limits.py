"""Limits on headers and URL of a request, on every path through the service."""

import json

import pytest

from api.routes.http.request.headers import MAX_HEADER_BYTES, MAX_HEADERS_BYTES, MAX_TARGET_BYTES
from tests.endpoints.representation.test_response_cache import HOST, call, is_kept
from tests.kit.clients.api_client import Api
from tests.kit.polling import until
from tests.kit.texts.problems import check_problem

# cached in memory, routed, exempt from quotas, missing
PATHS = ("/v1/taxonomy", "/v1/stories", "/livez", "/v1/nowhere")

NO_HOST = "Send exactly one Host header, of printable characters."


def _fields(count: int, size: int) -> list[tuple[str, str]]:
    """`count` headers of `size` bytes each, including names."""
    return [(name := f"x-{number:04}", "a" * (size - len(name))) for number in range(count)]


async def _let_be_cached(api: Api) -> None:
    async def is_cached() -> bool:
        await api.client.get("/v1/taxonomy")
        return is_kept(api, "/v1/taxonomy")

    await until(is_cached, 5)


class TestHeaders:
    @pytest.mark.parametrize("path", PATHS)
    async def test_are_refused_when_one_is_too_large(self, quiet_api: Api, path: str) -> None:
        await quiet_api.client.get(path)
        answer = await quiet_api.client.get(path, headers=_fields(1, MAX_HEADER_BYTES + 1))
        check_problem(answer, 431, "headers-too-large")

    async def test_are_refused_also_for_a_cached_response(self, api: Api) -> None:
        await _let_be_cached(api)
        answer = await api.client.get("/v1/taxonomy", headers=_fields(1, MAX_HEADER_BYTES + 1))
        check_problem(answer, 431, "headers-too-large")

    @pytest.mark.parametrize("path", PATHS)
    async def test_are_refused_when_they_are_too_large_together(self, quiet_api: Api, path: str) -> None:
        answer = await quiet_api.client.get(path, headers=_fields(MAX_HEADERS_BYTES // 1_024, 1_024))
        check_problem(answer, 431, "headers-too-large")

    async def test_are_refused_with_long_names(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/livez", headers={"x" * MAX_HEADER_BYTES: "1"})
        check_problem(answer, 431, "headers-too-large")

    async def test_of_the_largest_size_are_taken(self, quiet_api: Api) -> None:
        plain = await quiet_api.client.get("/v1/taxonomy")
        for fields in (_fields(1, MAX_HEADER_BYTES), _fields(31, 1_024)):
            answer = await quiet_api.client.get("/v1/taxonomy", headers=fields)
            assert (answer.status_code, answer.content) == (200, plain.content)

    async def test_that_are_refused_have_no_effect(self, api: Api) -> None:
        headers = {"Prefer": "a" * 20_000 + "!"}  # these once took 23 s of the process
        answer = await api.holder.post("/v1/analyses", headers=headers, json={"text": "Nothing to see."})
        check_problem(answer, 431, "headers-too-large")
        async with api.runtime.pool.connection() as connection:
            assert await connection.fetchval("SELECT count(*) FROM analyses") == 0


class TestTheHost:
    """RFC 9112 section 3.2: two Host headers are refused, and none in HTTP/1.1; old load balancers send none."""

    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize(
        "names",
        [(), (b"unspun.test", b"other.test"), (b"unspun.test",) * 2, (b"a\x07b",), (b"a b",), (b"\xe9",)],
    )
    async def test_is_refused_unless_there_is_one(
        self, quiet_api: Api, path: str, names: tuple[bytes, ...]
    ) -> None:
        await quiet_api.client.get(path)
        for version in ("1.1", "1.0") if names else ("1.1",):
            hosts = tuple((b"host", name) for name in names)
            begin, body = await call(quiet_api, "GET", path, [], version=version, hosts=hosts)
            assert (begin["status"], json.loads(body["body"])["detail"]) == (400, NO_HOST)
            assert dict(begin["headers"])[b"content-type"] == b"application/problem+json"

    @pytest.mark.parametrize("path", PATHS[:3])
    async def test_may_be_any_single_one_and_missing_in_http_1_0(self, quiet_api: Api, path: str) -> None:
        for version, hosts in (
            ("1.0", ()),
            *(("1.1", ((b"host", name),)) for name in (b"10.0.0.7:8000", b"[::1]:8000", b"a.example", b"")),
        ):
            begin, *_ = await call(quiet_api, "GET", path, [], version=version, hosts=hosts)
            assert begin["status"] == 200, (version, hosts)

    async def test_is_checked_also_for_a_cached_response(self, api: Api) -> None:
        await _let_be_cached(api)
        begin, *_ = await call(api, "GET", "/v1/taxonomy", [], hosts=(HOST, HOST))
        assert begin["status"] == 400


class TestTheAddress:
    @pytest.mark.parametrize("path", PATHS)
    async def test_is_refused_when_it_is_too_long(self, quiet_api: Api, path: str) -> None:
        answer = await quiet_api.client.get(path + "?q=" + "a" * (MAX_TARGET_BYTES - len(path)))
        check_problem(answer, 414, "target-too-long")
        answer = await quiet_api.client.get("/" + "a" * MAX_TARGET_BYTES)
        check_problem(answer, 414, "target-too-long")

    async def test_is_measured_as_it_was_sent(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/v1/stories/" + "%61" * (MAX_TARGET_BYTES // 3))
        check_problem(answer, 414, "target-too-long")

    async def test_of_the_largest_length_is_taken(self, quiet_api: Api) -> None:
        path = "/v1/stories"
        answer = await quiet_api.client.get(path + "?x=" + "a" * (MAX_TARGET_BYTES - len(path) - 2))
        check_problem(answer, 400, "invalid-request")
