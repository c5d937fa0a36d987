"""The client of openapi-python-client is typed, complete, and works with the service."""

from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from typing import Any

import attrs
import pytest

from schemas.enums import SpinType
from tests.clients.conftest import ADDRESS, TITLES
from tests.kit.clients.api_client import KEY
from tests.kit.servers.api_process import ApiProcess

pytestmark = pytest.mark.slow


def operation(tag: str, name: str) -> Any:
    return import_module(f"unspun_client.api.{tag}.{name}")


def unknown(value: Any) -> Iterator[str]:
    """Members of a response that the contract does not name."""
    if isinstance(value, list):
        for item in value:
            yield from unknown(item)
    elif hasattr(value, "additional_properties"):
        yield from value.additional_properties
        for item in attrs.asdict(value, recurse=False).values():
            yield from unknown(item)


@pytest.fixture
async def reader(printed: str, service: ApiProcess) -> AsyncIterator[Any]:
    async with import_module("unspun_client").Client(base_url=service.url) as client:
        yield client


@pytest.fixture
async def writer(printed: str, service: ApiProcess) -> AsyncIterator[Any]:
    async with import_module("unspun_client").AuthenticatedClient(base_url=service.url, token=KEY) as client:
        yield client


class TestThePythonClient:
    def test_is_made_of_the_whole_contract_without_a_warning(self, printed: str) -> None:
        assert "WARNING" not in printed
        assert "Error" not in printed

    async def test_reads_a_problem(self, reader: Any) -> None:
        answer = await operation("stories", "get_story").asyncio_detailed("never-seen", client=reader)
        assert answer.status_code == 404
        problem = answer.parsed
        assert problem.type_.endswith("/problems/not-found")
        assert problem.request_id == answer.headers["x-request-id"]

    async def test_reads_which_parameter_was_wrong(self, reader: Any) -> None:
        answer = await operation("stories", "list_stories").asyncio(client=reader, max_score=101)
        assert [(error.parameter, error.code) for error in answer.errors] == [("max_score", "too_large")]

    async def test_is_refused_without_a_key(self, reader: Any) -> None:
        draft = import_module("unspun_client.models").AnalysisSubmission(text="We are thrilled.")
        answer = await operation("analyses", "submit_analysis").asyncio_detailed(client=reader, body=draft)
        assert answer.status_code == 401
        assert answer.parsed.title == "A valid key is required"

    async def test_walks_a_list_to_its_end(self, reader: Any) -> None:
        list_stories = operation("stories", "list_stories")
        page = await list_stories.asyncio(client=reader, limit=2)
        found = page.data
        while page.has_more:
            page = await list_stories.asyncio(client=reader, limit=2, cursor=page.next_cursor)
            found += page.data
        assert sorted(story.title for story in found) == sorted(TITLES)
        assert {story.source.domain for story in found} == {"news.brightwater.example"}

    async def test_knows_every_field_of_a_story(self, reader: Any) -> None:
        looked = await operation("stories", "look_up").asyncio(client=reader, url_query=ADDRESS)
        story = await operation("stories", "get_story").asyncio(looked.story.slug, client=reader)
        assert story.title == TITLES[0]
        assert story.verdict.spin.primary in set(SpinType)
        assert len(story.verdict.spin.interval) == 2
        assert story.verdict.claims[0].spans[0].start >= 0
        assert list(unknown(story)) == []

    async def test_looks_a_page_up(self, reader: Any) -> None:
        found = await operation("stories", "look_up").asyncio(
            client=reader, url_query=f"{ADDRESS}?utm_source=x"
        )
        assert found.alias == "canonical"
        assert found.story.title == TITLES[0]

    async def test_submits_with_a_key(self, writer: Any) -> None:
        models = import_module("unspun_client.models")
        draft = models.AnalysisSubmission(text="We are thrilled to say that much will change.")
        answer = await operation("analyses", "submit_analysis").asyncio_detailed(client=writer, body=draft)
        assert answer.status_code == 202
        analysis = await operation("analyses", "get_analysis").asyncio(answer.parsed.id, client=writer)
        assert analysis.status == models.AnalysisStatus.QUEUED
        assert analysis.kind == models.InputKind.TEXT
