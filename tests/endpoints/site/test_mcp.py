"""The MCP endpoint over HTTP: refusals and costs."""

import json
from typing import Any

import httpx
import pytest

from api.routes.mcp.mcp_tools import TOOLS
from schemas.enums import HappeningKind, SpinType
from schemas.keys import Scope
from tests.kit.clients.api_client import BASE_URL, Api, Start, bearer
from tests.kit.clients.rate_limit import left
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.problems import check_problem

URL = "http://news.brightwater.example/turbine"

META = "io.modelcontextprotocol/"
METHODS = ("initialize", "ping", "tools/list", "tools/call")
VERSIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"]
WHO = {"name": "a client", "version": "1"}


def _request(method: str, params: Any = None) -> bytes:
    message = {"jsonrpc": "2.0", "id": 1, "method": method}
    return json.dumps(message if params is None else message | {"params": params}).encode()


async def call(
    api: Api, tool: str, key: Any = None, **arguments: Any
) -> tuple[httpx.Response, dict[str, Any]]:
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
    headers = {} if key is None else bearer(key)
    answer = await api.client.post("/mcp", json=message, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer, answer.json()["result"]


def problem_of(result: dict[str, Any]) -> dict[str, Any]:
    assert result["isError"]
    (block,) = result["content"]
    return json.loads(block["text"])


class TestTheEndpoint:
    async def test_refuses_what_is_no_message(self, quiet_api: Api) -> None:
        client = quiet_api.client
        as_json = {"Content-Type": "application/json"}
        check_problem(await client.post("/mcp", content=b"{}"), 400, "invalid-request")
        check_problem(await client.post("/mcp", content=b"{" * 70_000, headers=as_json), 413, "too-large")
        check_problem(await client.get("/mcp"), 405, "method-not-allowed")
        assert (await client.options("/mcp")).headers["allow"] == "OPTIONS, POST"
        for wrong in (b"{", b"[]", b'{"jsonrpc":"2.0"}', b"[" * 50_000):
            answer = await client.post("/mcp", content=wrong, headers=as_json)
            assert answer.status_code == 400, wrong[:20]
            assert answer.json()["error"]["code"] < 0

    @pytest.mark.parametrize(
        ("body", "code", "message"),
        [
            (b'"', -32700, "The body is not JSON: Input data was truncated."),
            (b"\xff", -32700, "The body is not JSON: JSON is malformed: invalid character (byte 0)."),
            (b"[" * 33, -32700, "The body has too many or unbalanced brackets, or more than 32 levels."),
            (b"[]", -32600, "#: Expected an object, got a list"),
            (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600, "#/jsonrpc: Expected 2.0, got '1.0'"),
            (b'{"jsonrpc": "2.0"}', -32600, "#: Missing field `id` (1 more in `errors`)"),
            (_request("ping", [1]), -32600, "#/params: Expected an object, got a list"),
            (_request("nope"), -32601, f"Unknown method `nope`; expected one of {', '.join(METHODS)}"),
            (_request("tools/call", {}), -32602, "#/params: Missing field `name`"),
            (
                _request("tools/call", {"name": "get_story", "arguments": "x"}),
                -32602,
                "#/params/arguments: Expected an object or null, got a string",
            ),
            (
                _request("tools/list", {"cursor": 5}),
                -32602,
                "#/params/cursor: Expected a string or null, got a whole number",
            ),
            (_request("initialize"), -32602, "#: Missing field `params`"),
            (
                _request("initialize", {"protocolVersion": 5, "capabilities": {}, "clientInfo": WHO}),
                -32602,
                "#/params/protocolVersion: Expected a string, got a whole number",
            ),
            (
                _request("tools/call", {"name": "drop"}),
                -32602,
                f"Unknown tool `drop`; expected one of {', '.join(tool.name for tool in TOOLS)}",
            ),
        ],
    )
    async def test_refuses_messages_in_the_words_of_the_api(
        self, quiet_api: Api, body: bytes, code: int, message: str
    ) -> None:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        answer = await quiet_api.client.post("/mcp", content=body, headers=headers)
        error = answer.json()["error"]
        assert (error["code"], error["message"]) == (code, message)
        assert int(answer.headers["content-length"]) == len(answer.content)

    @pytest.mark.parametrize("asked", ["1999-01-01", "2030-01-01", "new"])
    async def test_names_the_versions_that_it_supports(self, quiet_api: Api, asked: str) -> None:
        for params in ({}, {"_meta": {f"{META}protocolVersion": asked, f"{META}clientCapabilities": {}}}):
            answer = await quiet_api.client.post(
                "/mcp",
                content=_request("tools/list", params),
                headers={
                    "Content-Type": "application/json",
                    "MCP-Protocol-Version": asked,
                    "Mcp-Method": "tools/list",
                },
            )
            assert answer.status_code == 400
            assert answer.json()["error"] == {
                "code": -32022,
                "message": f"Unknown protocol version `{asked}`; expected one of {', '.join(VERSIONS)}",
                "data": {"supported": VERSIONS, "requested": asked},
            }

    @pytest.mark.parametrize("version", VERSIONS)
    async def test_knows_the_methods_that_it_names_in_each_version(
        self, quiet_api: Api, version: str
    ) -> None:
        async def error(method: str) -> dict[str, Any]:
            meta = {f"{META}protocolVersion": version, f"{META}clientCapabilities": {}}
            headers = {
                "Content-Type": "application/json",
                "MCP-Protocol-Version": version,
                "Mcp-Method": method,
            }
            body = _request(method, {"_meta": meta})
            return (
                (await quiet_api.client.post("/mcp", content=body, headers=headers)).json().get("error", {})
            )

        message = (await error("nope"))["message"]
        assert message.startswith("Unknown method `nope`; expected one of ")
        for method in message.removeprefix("Unknown method `nope`; expected one of ").split(", "):
            assert (await error(method)).get("code") != -32601, method

    async def test_refuses_pages_of_other_sites_and_other_hosts(self, quiet_api: Api) -> None:
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        foreign = await quiet_api.client.post("/mcp", json=ping, headers={"Origin": "http://evil.example"})
        check_problem(foreign, 403, "origin-refused")
        misled = await quiet_api.client.post("/mcp", json=ping, headers={"Host": "evil.example"})
        check_problem(misled, 421, "misdirected")
        own = await quiet_api.client.post("/mcp", json=ping, headers={"Origin": BASE_URL})
        assert own.status_code == 200

    async def test_has_ratelimit_headers(self, quiet_api: Api) -> None:
        answer, _ = await call(quiet_api, "get_taxonomy")
        assert answer.headers["ratelimit-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-request-id"]

    async def test_compresses_long_responses_if_accepted(self, quiet_api: Api) -> None:
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        plain, *coded = [
            await quiet_api.client.post("/mcp", json=message, headers={"Accept-Encoding": accepted})
            for accepted in ("identity", "gzip", "br")
        ]
        assert [answer.headers["content-encoding"] for answer in coded] == ["gzip", "br"]
        for answer in coded:
            assert answer.json() == plain.json()
            assert int(answer.headers["content-length"]) < len(plain.content) / 3
            assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


class TestATool:
    async def test_refuses_arguments_that_are_not_of_its_schema(self, quiet_api: Api) -> None:
        for tool, arguments in (
            ("search_stories", {"limit": 0}),
            ("search_stories", {"min_score": "high"}),
            ("search_stories", {"colour": "red"}),
            ("search_stories", {"vertical": "nope"}),
            ("search_stories", {"cursor": "x"}),
            ("search_stories", {"happening": "x"}),
            ("get_story", {}),
            ("get_story", {"story": "sty_1", "budget": 1}),
            ("get_taxonomy", {"type": "spiral"}),
        ):
            _, result = await call(quiet_api, tool, **arguments)
            assert problem_of(result)["status"] == 400, (tool, arguments)
        unknown = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "drop_tables"}}
        assert (await quiet_api.client.post("/mcp", json=unknown)).json()["error"]["code"] == -32602

    async def test_describes_its_arguments(self, quiet_api: Api) -> None:
        _, result = await call(quiet_api, "search_stories", spin_type="bogus")
        (error,) = problem_of(result)["errors"]
        assert error["detail"] == f"Expected one of {', '.join(SpinType)} or null, got 'bogus'"

    async def test_finds_stories_by_what_happened(self, api: Api) -> None:
        article = make_article()
        recall = make_edition(article, make_assessment(article, happening=HappeningKind.RECALL))
        story_id = (await publish(api.runtime, recall)).story_id
        for asked, ids in (("recall", [story_id]), ("launch", [])):
            _, result = await call(api, "search_stories", happening=asked)
            found = result["structuredContent"]["stories"]
            assert [story["id"] for story in found] == ids
            assert {story["happening"] for story in found} <= {"recall"}
        _, result = await call(api, "get_story", story=story_id)
        assert "Recall: Brightwater" in result["structuredContent"]["document"]

    async def test_answers_with_the_problems_of_the_api(self, api: Api) -> None:
        story_id = await api.publish_story()
        _, missing = await call(api, "get_story", story="sty_" + "0" * 26)
        assert problem_of(missing)["type"] == f"{BASE_URL}/problems/not-found"
        await api.holder.post(
            f"/v1/stories/{story_id}/retract", json={"reason": "error", "statement": "A test."}
        )
        _, gone = await call(api, "get_story", story=story_id)
        assert problem_of(gone)["tombstone"]["statement"] == "A test."
        _, found = await call(api, "lookup_url", url=URL)
        assert found["structuredContent"]["state"] == "retracted"

    async def test_that_reads_needs_a_key_where_reading_does(self, start_api: Start) -> None:
        async with start_api(UNSPUN_PUBLIC_READS="false") as api:
            for tool in TOOLS:
                _, result = await call(api, tool.name)
                assert problem_of(result)["status"] == 401, tool.name
            _, result = await call(api, "search_stories", await api.make_key(Scope.READ_STORIES))
            assert result["structuredContent"]["stories"] == []

    async def test_that_writes_needs_a_key_with_its_scope(self, api: Api) -> None:
        _, keyless = await call(api, "submit_analysis", url=URL)
        assert problem_of(keyless)["status"] == 401
        _, scopeless = await call(api, "submit_analysis", await api.make_key(Scope.READ_STORIES), url=URL)
        assert problem_of(scopeless)["status"] == 403
        assert await api.rows("SELECT id FROM analyses") == []

    async def test_that_submits_costs_what_a_submission_costs_and_a_read_where_nothing_came_of_it(
        self, start_api: Start
    ) -> None:
        async with start_api(UNSPUN_KEY_QUOTAS="burst=21/3600") as api:
            await api.publish_story()
            writer = await api.make_key(Scope.WRITE_ANALYSES)
            _, inside = await call(api, "submit_analysis", writer, url="http://127.0.0.1/x")
            assert problem_of(inside)["type"] == f"{BASE_URL}/problems/url-not-allowed"
            answer, result = await call(api, "submit_analysis", writer, url=URL)
            assert result["structuredContent"]["status"] == "succeeded"
            assert left(answer)["burst"]["r"] == 10
            answer, result = await call(
                api, "submit_analysis", writer, url="http://other.example/1", wait_s=0
            )
            assert result["structuredContent"]["status"] == "queued"
            assert left(answer)["burst"]["r"] == 0

    async def test_that_submits_is_refused_past_the_quota_and_nothing_is_stored(
        self, start_api: Start
    ) -> None:
        async with start_api(UNSPUN_KEY_QUOTAS="burst=9/3600") as api:
            _, refused = await call(api, "submit_analysis", await api.make_key(Scope.WRITE_ANALYSES), url=URL)
            assert problem_of(refused)["violated-policies"] == ["burst"]
            assert await api.rows("SELECT id FROM analyses") == []


class TestTheTools:
    @pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
    def test_have_descriptions(self, tool: Any) -> None:
        assert len(tool.description) > 60
        assert tool.title
