"""Refusals describe the accepted type of a parameter or member in JSON's terms, not Python's."""

from collections.abc import Iterator

import msgspec.inspect as types
import pytest
from litestar.routes import HTTPRoute
from msgspec import Struct, ValidationError

from api.app import create_app
from api.routes.http.admission.operation import operation_of
from api.routes.http.request.taxonomy_filters import VERTICALS
from api.routes.http.request.type_descriptions import expected_at
from api.routes.http.request.validation_errors import body_error, parameter_error
from api.routes.mcp.mcp_tools import TOOLS
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
            ("/v1/lookups", b"{}", "#/urls", "Missing field `urls`"),
            ("/v1/lookups", b'{"urls": [1]}', "#/urls/0", "got a whole number"),
            (
                "/v1/lookups",
                b'{"fresh": 1, "urls": []}',
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

        for said in ("Expected `str`, got `int` - at `$.pair[1]`", "Expected `str` - at `key` in `$.pair`"):
            error = ValidationError(said)
            assert body_error(error, Odd).detail == said.partition(" - at ")[0]
            assert parameter_error(error, Odd).detail == said.partition(" - at ")[0]
