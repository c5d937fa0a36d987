"""Deprecated operations: announced in every response, then gone."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from litestar.params import FromPath
from litestar.routes import HTTPRoute

from api.errors import NotFound
from api.operations.stories.read_document import read_story
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.deprecations import LEAST, Deprecation
from api.routes.http.response.prepared_responses import document_answer
from api.routes.openapi.openapi import openapi_document
from tests.kit.clients.api_client import BASE_URL, Api
from tests.kit.texts.problems import check_problem

NOW = datetime.now(UTC).replace(microsecond=0)
ENDING = Deprecation(since=NOW - timedelta(days=9), until=NOW + LEAST, successor="/v1/stories/{story}")
ENDED = Deprecation(since=NOW - timedelta(days=200), until=NOW - timedelta(days=1), successor=None)
LINK = f'<{BASE_URL}/guide/versions>; rel="deprecation"; type="text/html"'


def _operation(name: str, deprecated: Deprecation) -> Operation:
    return Operation(id=name, tag="stories", answer=None, errors=(NotFound,), deprecated=deprecated)


@read("/v1/old/{story:str}", _operation("getOld", ENDING))
async def get_old(request: HttpRequest, story: FromPath[str]) -> Answer:
    """Get a story, as before."""
    read_query(request, NoParameters)
    _, document = await read_story(runtime_of(request), story)
    return document_answer(request, document, b"public, max-age=60")


@read("/v1/older/{story:str}", _operation("getOlder", ENDED))
async def get_older(request: HttpRequest, story: FromPath[str]) -> Answer:
    """Get a story, as long ago."""
    raise AssertionError("what has ended is not called")


@pytest.fixture
async def old(start_api: Callable[..., AbstractAsyncContextManager[Api]]) -> AsyncIterator[Api]:
    async with start_api() as api:
        for handler in (get_old, get_older):
            api.app.register(handler)
        yield api


class TestADeprecation:
    def test_is_refused_where_callers_get_less_than_half_a_year(self) -> None:
        with pytest.raises(ValueError, match="180 days"):
            Deprecation(since=NOW, until=NOW + LEAST - timedelta(seconds=1), successor=None)

    async def test_is_announced_in_every_response(self, old: Api) -> None:
        story_id = await old.publish_story()
        first = await old.client.get(f"/v1/old/{story_id}")
        for path, headers, status in (
            (story_id, {}, 200), (story_id, {"If-None-Match": first.headers["etag"]}, 304),
            (f"{story_id}?q=1", {}, 400), ("a%22b", {}, 404),
        ):  # fmt: skip
            for ask in (old.client.get, old.client.head):
                answer = await ask(f"/v1/old/{path}", headers=headers)
                assert answer.status_code == status, path
                assert answer.headers["deprecation"] == f"@{int(ENDING.since.timestamp())}"
                assert parsedate_to_datetime(answer.headers["sunset"]) == ENDING.until
                address = f"{BASE_URL}/v1/stories/{path.partition('?')[0]}"
                assert answer.headers["link"] == f'{LINK}, <{address}>; rel="successor-version"'
        assert "deprecation" not in (await old.client.get(f"/v1/stories/{story_id}")).headers
        assert {"Deprecation", "Sunset"} <= set(first.headers["access-control-expose-headers"].split(", "))

    async def test_ends_in_a_problem_of_its_own(self, old: Api) -> None:
        answer = await old.client.get("/v1/older/x")
        assert "gone on" in check_problem(answer, 410, "ended")["detail"]
        assert answer.headers["link"] == LINK
        assert parsedate_to_datetime(answer.headers["sunset"]) == ENDED.until

    def test_is_documented_in_the_contract(self, old: Api) -> None:
        routes = [route for route in old.app.routes if isinstance(route, HTTPRoute)]
        paths = openapi_document(route for route in routes if route.path.startswith("/v1/old"))["paths"]
        for path, deprecation in (("/v1/old/{story}", ENDING), ("/v1/older/{story}", ENDED)):
            entry = paths[path]["get"]
            assert entry["deprecated"] is True
            assert entry["description"].startswith(deprecation.notice())
            assert {"Deprecation", "Sunset"} <= set(entry["responses"]["200"]["headers"])
            assert "`ended`" in entry["responses"]["410"]["description"]
        assert "use `/v1/stories/{story}` instead" in paths["/v1/old/{story}"]["get"]["description"]
