"""Properties of all responses, for every route."""

import json
import re

import pytest
from litestar.routes import HTTPRoute

from api.app import create_app
from api.routes.http.admission.operation import operation_of
from api.settings import Settings
from api.traces import read_traceparent
from schemas.keys import Scope
from tests.kit.clients.api_client import KEY, Api, Start, bearer
from tests.kit.clients.log_lines import request_lines
from tests.kit.tables import each
from tests.kit.texts.problems import check_problem

READER = "acc_" + "1" * 26
ROUTES = {
    route.path_format: {method for handler in route.route_handlers for method in handler.http_methods}
    for route in create_app(Settings()).routes
    if isinstance(route, HTTPRoute)
}
READS, WRITES = (
    sorted(path for path, methods in ROUTES.items() if method in methods) for method in ("GET", "POST")
)
CALLS = {"GET": READS, "POST": WRITES}
UNKNOWN = r"Unknown parameter `no_such`; (?:expected one of \w+(?:, \w+)*|this call takes none)"


def _path(template: str) -> str:
    """A path of the route without an existing object, or with a built-in one."""
    known = {"code": "hype", "tactic": "breakthrough_framing", "slug": "gone", "name": "start.js"}
    return re.sub(r"{(\w+)}", lambda found: known.get(found[1], "x"), template)


FILES = ["/assets/{file}", "/docs/assets/{name}"]
OF_OTHER_CONTRACTS = ["/mcp"]  # described by MCP itself
# not for generated clients
CARDS = ["/.well-known/ai-catalog.json", "/.well-known/mcp/server-card.json", "/mcp/server-card"]
GONE = [*CARDS, "/websub/{token}"]


class TestEveryAnswer:
    @each("route", ROUTES)
    async def test_has_the_security_headers_and_an_id(self, quiet_api: Api, route: str) -> None:
        for method in ("GET", "POST", "OPTIONS", "TRACE"):
            headers = (await quiet_api.client.request(method, _path(route))).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cross-origin-resource-policy"] == "cross-origin"
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert "unsafe-eval" not in headers["content-security-policy"]
            assert headers["x-request-id"]
            assert headers["server"] == "unspun"
            assert len(headers.get_list("content-security-policy")) == 1

    @each("route", READS)
    async def test_to_head_is_that_to_get_without_its_body(self, quiet_api: Api, route: str) -> None:
        got = await quiet_api.client.get(_path(route))
        head = await quiet_api.client.head(_path(route))
        assert head.status_code == got.status_code
        assert head.content == b""
        passing = ("x-request-id", "date", "ratelimit")
        assert {name: value for name, value in head.headers.items() if name not in passing} == {
            name: value for name, value in got.headers.items() if name not in passing
        }

    @each("route", ROUTES)
    async def test_to_options_lists_what_the_route_takes(self, quiet_api: Api, route: str) -> None:
        answer = await quiet_api.client.options(_path(route))
        assert answer.status_code == 204
        assert set(answer.headers["allow"].split(", ")) == ROUTES[route]
        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - ROUTES[route]:
            refused = await quiet_api.client.request(method, _path(route))
            assert refused.status_code == 405, method
            assert refused.headers["allow"] == answer.headers["allow"]

    @each(("method", "route"), [(method, route) for method, routes in CALLS.items() for route in routes])
    async def test_refuses_parameters_that_the_route_does_not_know(
        self, quiet_api: Api, method: str, route: str
    ) -> None:
        if route in FILES + OF_OTHER_CONTRACTS + GONE:
            pytest.skip("files take whatever a browser hangs on them, and what is gone refuses all")
        answer = await quiet_api.holder.request(method, _path(route), params={"no_such": "1"})
        problem = check_problem(answer, 400, "invalid-request")
        error = problem["errors"][0]
        assert (error["parameter"], error["pointer"], error["code"]) == ("no_such", None, "unknown")
        assert re.fullmatch(UNKNOWN, error["detail"]), error["detail"]
        assert problem["detail"].startswith(f"no_such: {error['detail']}")

    async def test_may_be_read_by_any_page_but_not_with_its_credentials(self, quiet_api: Api) -> None:
        preflight = await quiet_api.client.options(
            "/v1/stories",
            headers={"Origin": "https://reader.example", "Access-Control-Request-Method": "GET"},
        )
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "POST" not in preflight.headers["access-control-allow-methods"]
        assert "authorization" not in preflight.headers["access-control-allow-headers"].lower()
        answer = await quiet_api.client.get("/v1/stories", headers={"Origin": "https://reader.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "ETag" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers
        posted = await quiet_api.client.post("/v1/analyses", json={"text": "a"})
        assert "access-control-allow-origin" not in posted.headers

    async def test_to_a_preflight_is_the_same_where_there_is_nothing(self, quiet_api: Api) -> None:
        asked = {"Origin": "https://reader.example", "Access-Control-Request-Method": "GET"}
        known = await quiet_api.client.options("/v1/stories", headers=asked)
        passing = ("x-request-id", "date", "ratelimit", "allow")
        for path in ("/v2/stories", "/v1/stories/x/y/z", "/caf%C3%A9"):
            preflight = await quiet_api.client.options(path, headers=asked)
            assert (preflight.status_code, preflight.content) == (204, b""), path
            assert {name: value for name, value in preflight.headers.items() if name not in passing} == {
                name: value for name, value in known.headers.items() if name not in passing
            }
            answer = await quiet_api.client.get(path, headers={"Origin": asked["Origin"]})
            assert answer.status_code == 404
            assert answer.headers["access-control-allow-origin"] == "*"
            assert (await quiet_api.client.options(path)).status_code == 404, "not a preflight"

    async def test_to_a_preflight_opens_no_address_of_keys(self, quiet_api: Api) -> None:
        for path in ("/v1/keys", "/v1/keys/x", "/v1/keys/x/y/z"):
            asked = {"Origin": "https://reader.example", "Access-Control-Request-Method": "GET"}
            preflight = await quiet_api.client.options(path, headers=asked)
            assert not any(name.startswith("access-control-") for name in preflight.headers), path

    async def test_lets_any_page_ask_of_many_pages_at_once(self, quiet_api: Api) -> None:
        origin = {"Origin": "https://elsewhere.example"}
        asked = origin | {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        preflight = await quiet_api.client.options("/v1/lookups", headers=asked)
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "POST" in preflight.headers["access-control-allow-methods"].split(", ")
        allowed = preflight.headers["access-control-allow-headers"].lower().split(", ")
        assert "content-type" in allowed
        assert "authorization" not in allowed
        for body, status in (({"urls": ["https://news.brightwater.example/x"]}, 200), ({"urls": []}, 400)):
            answer = await quiet_api.client.post("/v1/lookups", json=body, headers=origin)
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers

    async def test_lets_no_page_send_what_has_an_effect_or_needs_a_key(self, quiet_api: Api) -> None:
        taken = {path for path, methods in ROUTES.items() if "POST" in methods and path != "/v1/lookups"}
        assert len(taken) > 20
        for route in taken:
            preflight = await quiet_api.client.options(_path(route))
            assert "POST" not in preflight.headers.get("access-control-allow-methods", ""), route
            posted = await quiet_api.client.post(_path(route), json={})
            assert "access-control-allow-origin" not in posted.headers, route

    async def test_insists_on_https_where_the_service_has_it(self, start_api: Start) -> None:
        async with start_api(UNSPUN_BASE_URL="https://unspun.example") as api:
            headers = (await api.client.get("/livez")).headers
            assert headers["strict-transport-security"].startswith("max-age=")

    def test_is_described_for_every_route(self) -> None:
        silent = [
            route.path_format
            for route in create_app(Settings()).routes
            if isinstance(route, HTTPRoute)
            and not any(operation_of(handler) for handler in route.route_handlers)
        ]
        assert sorted(silent) == sorted(FILES + OF_OTHER_CONTRACTS + GONE)


class TestTheAccessLog:
    async def test_has_one_line_a_request_without_ids_and_keys(
        self, start_api: Start, capfd: pytest.CaptureFixture[str]
    ) -> None:
        async with start_api(UNSPUN_LOG_LEVEL="info") as api:
            capfd.readouterr()
            await api.holder.get("/v1/stories/some-slug", headers={"X-Request-Id": "r1"})
            await api.client.get("/nowhere/at/all", headers={"X-Request-Id": "r2"})
            await api.client.get(f"/v1/stories?access_token={KEY}", headers={"X-Request-Id": "r3"})
        written = capfd.readouterr().err  # collected lines are written at the end at the latest
        every = (json.loads(line) for line in written.splitlines() if line.startswith("{"))
        lines = [line for line in every if "route" in line]  # libraries log too
        assert [(line["request_id"], line["route"], line["status"]) for line in lines] == [
            ("r1", "/v1/stories/{story}", 404),
            ("r2", None, 404),
            ("r3", None, 400),
        ]
        for line in lines:
            assert (line["event"], line["level"], line["method"]) == ("request", "info", "GET")
            assert line["duration_ms"] >= 0
            assert line["bytes"] > 0
            assert line["ts"].endswith("Z")
        assert "some-slug" not in written
        assert KEY not in written

    @pytest.mark.parametrize(
        "given",
        [
            "",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 00-x",
            '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","level":"error',
            "00-" + "1" * 9_000,
        ],
    )
    def test_is_of_no_trace_that_is_malformed(self, given: str) -> None:
        assert read_traceparent(given) is None

    async def test_names_the_trace_that_the_request_belongs_to(
        self, start_api: Start, capfd: pytest.CaptureFixture[str]
    ) -> None:
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        async with start_api(UNSPUN_LOG_LEVEL="info") as api:
            path = f"/v1/stories/{await api.publish_story()}"
            await api.runtime.changes.refresh()
            for asked in (path, path, "/v1/nowhere"):  # routed, cached, refused
                for header in (f"00-{trace}-00f067aa0ba902b7-00", "00-\n{}", None):
                    headers = {} if header is None else {"traceparent": header}
                    await api.client.get(asked, headers=headers)
        lines = request_lines(capfd.readouterr().err)
        assert [line.get("trace_id") for line in lines] == [trace, None, None] * 3
        spans = [line["span_id"] for line in lines if "span_id" in line]
        assert len({"00f067aa0ba902b7", *spans}) == 4, "each request is a step of its own"
        assert all(re.fullmatch("[0-9a-f]{16}", span) for span in spans)

    async def test_logs_the_key_id_without_the_key(
        self, start_api: Start, capfd: pytest.CaptureFixture[str]
    ) -> None:
        async with start_api(UNSPUN_LOG_LEVEL="info") as api:
            path = f"/v1/stories/{await api.publish_story()}"
            await api.runtime.changes.refresh()
            key = await api.make_key(Scope.READ_STORIES, account_id=READER)
            stranger = f"unspun_live_unknown0_{'b' * 36}"
            for asked in (path, path):  # routed, cached
                for secret in (key.secret, stranger, None):
                    await api.client.get(asked, headers={} if secret is None else bearer(secret))
        written = capfd.readouterr().err
        logged = [(line.get("account"), line.get("key_id")) for line in request_lines(written)]
        assert logged == [(READER, key.id), (None, None), (None, None)] * 2
        assert key.secret not in written
        assert stranger not in written

    async def test_logs_cache_hits_and_misses(
        self, start_api: Start, capfd: pytest.CaptureFixture[str]
    ) -> None:
        async with start_api(UNSPUN_LOG_LEVEL="info") as api:
            path = f"/v1/stories/{await api.publish_story()}"
            await api.runtime.changes.refresh()
            named = {"If-None-Match": (await api.client.get(path)).headers["etag"]}  # routed
            await api.client.get(path)
            await api.holder.get(path)
            await api.client.get(path, headers=named)
            await api.client.get("/v1/stories")
            await api.client.post("/v1/analyses", json={})
        logged = [line.get("cache") for line in request_lines(capfd.readouterr().err)]
        assert logged == ["miss", "hit", "hit", "304", "miss", None]

    async def test_is_silent_above_its_level(
        self, start_api: Start, capfd: pytest.CaptureFixture[str]
    ) -> None:
        async with start_api(UNSPUN_LOG_LEVEL="warning") as api:
            capfd.readouterr()
            await api.client.get("/livez")
            assert capfd.readouterr().err == ""
