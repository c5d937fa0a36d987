"""Request bodies that are refused before validation."""

import json
import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.app import openapi_document
from api.routes.http.request.bodies import MAX_BRACKETS, MAX_DEPTH, is_too_deep
from schemas.keys import Scope
from tests.kit.clients.api_client import Api
from tests.kit.texts.problems import JSON, check_invalid, check_problem

DOCUMENT = openapi_document()
DEEP = b'{"url":' + b"[" * 20_000 + b"]" * 20_000 + b"}"


OPTIONAL = sorted(
    path
    for path, methods in DOCUMENT["paths"].items()
    if methods.get("post", {}).get("requestBody", {}).get("required") is False
)


class TestAnOptionalBody:
    def test_is_one_without_required_fields(self) -> None:
        for path, methods in DOCUMENT["paths"].items():
            if "requestBody" in methods.get("post", {}):
                reference = methods["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
                schema = DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]
                assert (path in OPTIONAL) == (not schema.get("required")), path
        assert "/v1/webhooks/{webhook}/secret/rotate" in OPTIONAL

    @pytest.mark.parametrize("path", OPTIONAL)
    async def test_is_an_empty_object_if_left_out(self, api: Api, path: str) -> None:
        await api.publish_story()
        webhook = await api.holder.post("/v1/webhooks", json={"url": "https://hooks.brightwater.example/"})
        await api.rows("UPDATE webhook_endpoints SET status = 'active'")
        sources = (await api.client.get("/v1/sources")).json()["data"]
        key = await api.make_key(Scope.READ_STORIES)
        url = path.format(key=key.id, source=sources[0]["id"], webhook=webhook.json()["id"])
        sent = await api.holder.post(url, json={})
        key = await api.make_key(Scope.READ_STORIES)
        url = path.format(key=key.id, source=sources[0]["id"], webhook=webhook.json()["id"])
        left_out = await api.holder.post(url)
        assert left_out.status_code == sent.status_code
        assert left_out.json().keys() == sent.json().keys()
        assert left_out.json().get("errors") == sent.json().get("errors")
        assert sent.is_success or sent.json()["errors"][0]["code"] == "one_of"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        check_problem(await api.holder.post(url, content=b"a=b", headers=form), 415, "unsupported-media-type")
        check_problem(await api.holder.post(url, content=b"{}"), 415, "unsupported-media-type")


class TestPosting:
    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            (b'{"url": 5}', "#/url", "wrong_type"),
            (b'{"uri": "http://a.example/"}', "#/uri", "unknown"),
            (b'{"a/b~c": 1}', "#/a~1b~0c", "unknown"),
            (b'{"url": ""}', "#/url", "too_short"),
            (b'{"url": "' + b"a" * 2_049 + b'"}', "#/url", "too_long"),
            (b'{"url": "http://a.example/", "max_age": -1}', "#/max_age", "too_small"),
            (b'{"text": "a", "source_type": "blog"}', "#/source_type", "not_allowed"),
            (b'{"url": "http://a.example/", "text": "both"}', "#", "one_of"),
            (b'{"url": "http://a.example/", "title": "T"}', "#/title", "not_with_url"),
            (b'{"text": "a", "max_age": 1}', "#/max_age", "only_with_url"),
            (b"{}", "#", "one_of"),
            (b"[]", "#", "wrong_type"),
            (b'{"text": "a\\u0000b"}', "#/text", "malformed"),
            (b'{"text": "a", "title": "\\u0000"}', "#/title", "malformed"),
        ],
    )
    async def test_names_what_is_wrong(self, quiet_api: Api, body: bytes, pointer: str, code: str) -> None:
        answer = await quiet_api.holder.post("/v1/analyses", content=body, headers=JSON)
        check_invalid(answer, pointer=pointer, code=code)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"null x",
            b'{"text": "\xff\xfe"}',
            b'{"text": "\\ud800"}',
            b'{"text": "\\udc00 alone"}',
            b'{"text": "a\x00b"}',
            DEEP,
            b"[" * 6_000_000,
            b'"' + b'\\"' * 3_000_000,
        ],
        ids=["empty", "cut", "more", "utf8", "high", "low", "nul", "deep", "brackets", "quotes"],
    )
    async def test_refuses_at_once_what_is_not_json(self, quiet_api: Api, body: bytes) -> None:
        began = time.process_time()
        check_problem(
            await quiet_api.holder.post("/v1/analyses", content=body, headers=JSON), 400, "invalid-request"
        )
        assert time.process_time() - began < 2

    async def test_accepts_an_escaped_backslash_before_u0000(self, api: Api) -> None:
        answer = await api.holder.post("/v1/analyses", content=rb'{"text": "C:\\u0000"}', headers=JSON)
        assert answer.status_code == 202

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Content-Type": "text/plain"},
            {"Content-Type": "application/x-www-form-urlencoded"},
            {"Content-Type": "application/json; charset=latin-1"},
            {"Content-Type": "application/vnd.api+json"},
            {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        ],
    )
    async def test_refuses_another_content_type(self, quiet_api: Api, headers: dict[str, str]) -> None:
        answer = await quiet_api.holder.post("/v1/analyses", content=b'{"text": "a"}', headers=headers)
        check_problem(answer, 415, "unsupported-media-type")

    async def test_reads_no_further_than_the_limit(self, quiet_api: Api) -> None:
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            while sent < 100_000_000:
                sent += 1_000_000
                yield b'"' + b"a" * 999_999

        check_problem(
            await quiet_api.holder.post("/v1/analyses", content=endless(), headers=JSON), 413, "too-large"
        )
        assert sent < 9_000_000

    async def test_refuses_by_the_announced_length_without_reading(self, quiet_api: Api) -> None:
        async def unread() -> AsyncIterator[bytes]:
            raise AssertionError("the body was read")
            yield b""

        headers = JSON | {"Content-Length": "50000000"}
        check_problem(
            await quiet_api.holder.post("/v1/analyses", content=unread(), headers=headers), 413, "too-large"
        )

    async def test_takes_a_draft_of_five_megabytes(self, api: Api) -> None:
        answer = await api.holder.post("/v1/analyses", json={"html": ("<p>" + "word " * 1_040_000)})
        assert answer.status_code == 202


VALUES = st.recursive(
    st.text() | st.integers() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class TestDepth:
    @given(VALUES)
    def test_is_never_too_deep_for_what_is_shallow(self, value: object) -> None:
        def depth(part: object) -> int:
            parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else None
            return 0 if parts is None else 1 + max(map(depth, parts), default=0)

        assert is_too_deep(json.dumps(value).encode()) == (depth(value) > MAX_DEPTH)

    def test_is_thirty_two_levels_at_most(self) -> None:
        assert MAX_DEPTH == 32  # what the guide promises

    @pytest.mark.parametrize("pair", [b"[]", b"{}"])
    def test_is_counted_to_the_level(self, pair: bytes) -> None:
        opening, closing = pair[:1], pair[1:]
        assert not is_too_deep(opening * MAX_DEPTH + closing * MAX_DEPTH)
        assert is_too_deep(opening * (MAX_DEPTH + 1) + closing * (MAX_DEPTH + 1))

    def test_is_not_counted_in_strings(self) -> None:
        assert not is_too_deep(b'{"a": "' + b'[\\"{' * 100 + b'"}')

    def test_is_refused_with_too_many_brackets(self) -> None:
        assert is_too_deep(b"[]," * MAX_BRACKETS)
