"""Refusals describe the accepted type of a parameter or member in JSON's terms, not Python's."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import msgspec
import msgspec.inspect as types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.routes import HTTPRoute
from msgspec import Struct, ValidationError

from api.app import create_app
from api.routes.http.admission.operation import operation_of
from api.routes.http.request.taxonomy_filters import VERTICALS
from api.routes.http.request.type_descriptions import expected_at
from api.routes.http.request.validation_errors import MAX_ERRORS, body_errors
from api.routes.mcp.mcp_tools import TOOLS
from api.routes.openapi.openapi_examples import example_of
from api.settings import Settings
from schemas.enums import SourceType, SpinType
from tests.kit.clients.api_client import Api
from tests.kit.texts.problems import JSON, check_invalid, check_problem

TYPES = ", ".join(SpinType)
TIME = "an RFC 3339 time with an offset or Z, such as 2026-11-10T08:00:00Z"
AN_ID = "an id: ent_ and 26 digits or lower-case letters except i, l, o and u"

TAKEN = {tool.arguments_type for tool in TOOLS} | {
    kind
    for route in create_app(Settings()).routes
    if isinstance(route, HTTPRoute)
    for operation in map(operation_of, route.route_handlers)
    if operation
    for kind in (operation.query, operation.body)
    if kind
}


def _places(place: types.Type, steps: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The path to each place of a finite type."""
    yield steps
    match place:
        case types.Metadata(type=inner):
            yield from _places(inner, steps)
        case types.UnionType(types=several):
            for inner in several:
                yield from _places(inner, steps)
        case types.StructType(fields=fields):
            for field in fields:
                yield from _places(field.type, (*steps, field.encode_name))
        case types.CollectionType(item_type=inner):
            yield from _places(inner, (*steps, "0"))
        case types.DictType(value_type=inner):
            yield from _places(inner, (*steps, "..."))


class TestARefusedParameter:
    @pytest.mark.parametrize(
        ("query", "detail"),
        [
            ("spin_type=bogus", f"Expected one of {TYPES}, got 'bogus'"),
            (
                "sort=bogus",
                "Expected one of published_at, score, created_at, updated_at, relevance, got 'bogus'",
            ),
            ("status=x", "Expected one of not_scorable, scored, got 'x'"),
            ("include=x", "Expected total_count, got 'x'"),
            ("limit=x", "Expected a whole number from 1 to 100"),
            ("limit=101", "Expected a whole number from 1 to 100"),
            ("entity=Glowbird", f"Expected {AN_ID}"),
            ("published_after=2026-01-01", f"Expected {TIME}"),
            ("published_after=2026-01-01T00:00:00", f"Expected {TIME}"),
            ("published_after=1700000000", f"Expected {TIME}"),
            ("lang=english", "Expected an ISO 639-1 code, such as en"),
            ("vertical=nope", f"Expected one of {', '.join(VERTICALS)}"),
            ("q=", "Expected a string of 1 to 200 characters"),
        ],
    )
    async def test_is_answered_with_the_accepted_values(
        self, quiet_api: Api, query: str, detail: str
    ) -> None:
        problem = check_problem(await quiet_api.client.get(f"/v1/stories?{query}"), 400, "invalid-request")
        name = query.partition("=")[0]
        assert (problem["errors"][0]["detail"], problem["detail"]) == (detail, f"{name}: {detail}")

    async def test_is_answered_with_the_known_parameters(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/v1/verdicts/vrd_0?as_off=1")
        error = check_invalid(answer, parameter="as_off", code="unknown")
        assert error["detail"].startswith("Unknown parameter `as_off`; expected one of ")
        assert "fields" in error["detail"]

    @pytest.mark.parametrize("name", ["x - at `$", "x - at `$`", "x - at `$.y`", "`", "a`b", ".", "$", "…"])
    async def test_may_have_any_name(self, quiet_api: Api, name: str) -> None:
        check_problem(await quiet_api.client.get("/v1/stories", params={name: "1"}), 400, "invalid-request")


class TestARefusedBody:
    @pytest.mark.parametrize(
        ("path", "body", "pointer", "detail"),
        [
            (
                "/v1/analyses",
                b'{"url": 5}',
                "#/url",
                "Expected a string of 1 to 2,048 characters or null, got a whole number",
            ),
            (
                "/v1/analyses",
                b'{"text": "a", "source_type": "blog"}',
                "#/source_type",
                f"Expected one of {', '.join(SourceType)} or null, got 'blog'",
            ),
            ("/v1/analyses", b"[]", "#", "Expected an object, got a list"),
            ("/v1/lookups", b"{}", "#", "Missing field `urls`"),
            ("/v1/lookups", b'{"urls": 1, "urls": ["x"]}', "#", "A field is repeated."),
            ("/v1/lookups", b'{"urls": [1]}', "#/urls/0", "got a whole number"),
            (
                "/v1/lookups",
                b'{"fresh": 1, "urls": ["x"]}',
                "#/fresh",
                "Unknown field `fresh`; expected one of urls",
            ),
        ],
    )
    async def test_is_answered_with_the_accepted_type(
        self, quiet_api: Api, path: str, body: bytes, pointer: str, detail: str
    ) -> None:
        error = check_invalid(await quiet_api.holder.post(path, content=body, headers=JSON), pointer=pointer)
        assert detail in error["detail"]


class TestTypeDescriptions:
    @pytest.mark.parametrize(
        "taken",
        sorted(
            TAKEN,
            key=lambda kind: kind.__name__,
        ),
        ids=lambda kind: kind.__name__,
    )
    def test_are_there_for_every_place_of_a_request(self, taken: type[Struct]) -> None:
        for steps in _places(types.type_info(taken), ()):
            assert expected_at(taken, steps), f"{steps} has no words: see type_descriptions.py"

    def test_are_msgspecs_if_the_place_is_unknown(self) -> None:
        class Odd(Struct):
            pair: tuple[int, str]

        (error,) = body_errors({"pair": [1, 2]}, Odd)
        assert error.detail == "Expected `str`, got `int`"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
BODIES = sorted((kind for kind in TAKEN if "Query" not in kind.__name__), key=lambda kind: kind.__name__)


@st.composite
def damaged(draw: st.DrawFn, kind: type[Struct]) -> Any:
    """An example of the type, of which some fields are dropped, replaced or added."""
    body = example_of(kind)
    for name in draw(st.lists(st.sampled_from([*body, "other", "a/b~c d", ""]), max_size=4)):
        if draw(st.booleans()):
            body.pop(name, None)
        else:
            body[name] = draw(JSON_VALUES)
    return body


class TestAllErrors:
    """Each mistake is listed, at a place that is there."""

    @given(st.data())
    def test_are_there_if_and_only_if_the_value_is_refused(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(BODIES))
        value = data.draw(damaged(kind) | JSON_VALUES)
        errors = body_errors(value, kind)
        try:
            msgspec.convert(value, kind)
        except ValidationError:
            assert 1 <= len(errors) <= MAX_ERRORS
        else:
            assert errors == []
        for error in errors:
            resolve(value, error.pointer)

    async def test_are_all_told(self, quiet_api: Api) -> None:
        body = {"urls": [1, "http://a.example/", 2], "max_age": "x", "other": 1}
        answer = await quiet_api.holder.post("/v1/analyses/batch", json=body)
        problem = check_problem(answer, 400, "invalid-request")
        assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
            ("#/urls/0", "wrong_type"), ("#/urls/2", "wrong_type"), ("#/max_age", "wrong_type"),
            ("#/other", "unknown"),
        ]  # fmt: skip
        assert problem["detail"].startswith("#/urls/0: ")
        assert problem["detail"].endswith(" (3 more in `errors`)")

    async def test_are_twenty_at_most(self, quiet_api: Api) -> None:
        for body in ({"urls": [1] * 1_000}, {f"x{n}": 1 for n in range(1_000)}):
            answer = await quiet_api.client.post("/v1/lookups", json=body)
            assert len(check_problem(answer, 400, "invalid-request")["errors"]) == MAX_ERRORS

    async def test_of_parameters_are_all_told(self, quiet_api: Api) -> None:
        query = "?limit=0&min_score=x&since=yesterday&other=1"
        problem = check_problem(await quiet_api.client.get(f"/v1/stories{query}"), 400, "invalid-request")
        assert {error["parameter"] for error in problem["errors"]} >= {"limit", "min_score", "other"}
        problem = check_problem(
            await quiet_api.client.get("/v1/stories?limit=1&limit=2&q=a%00&q=b"), 400, "invalid-request"
        )
        assert [error["parameter"] for error in problem["errors"]] == ["limit", "q"]


def resolve(value: Any, pointer: str | None) -> None:
    """Follow a JSON Pointer in a URI fragment; raises LookupError if it leads nowhere."""
    assert pointer is not None
    assert pointer[0] == "#"
    for step in pointer[1:].split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
