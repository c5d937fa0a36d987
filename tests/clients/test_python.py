"""The client of openapi-python-client is typed, complete, and works with the service."""

from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from typing import Any

import attrs
import pytest

from schemas.enums import LookupState, SpinType
from tests.clients.conftest import ADDRESS, TITLES
from tests.kit.clients.api_client import KEY
from tests.kit.polling import until_equal
from tests.kit.servers.api_process import ApiProcess
from tests.kit.worlds.lookup_states import PAGES

pytestmark = pytest.mark.slow


def operation(tag: str, name: str) -> Any:
    return import_module(f"unspun_client.api.{tag}.{name}")


def unknown(value: Any) -> Iterator[str]:
    """Members of a response that the contract does not name; a map, which has no names of its own, has none."""
    if isinstance(value, list):
        for item in value:
            yield from unknown(item)
    elif hasattr(value, "additional_properties"):
        if len(attrs.fields(type(value))) > 1:
            yield from value.additional_properties
        for item in attrs.asdict(value, recurse=False).values():
            yield from unknown(item)


def value_at(document: Any, pointer: str) -> Any:
    """The value at a JSON Pointer that is a fragment (RFC 6901 section 6). Raises LookupError."""
    for step in pointer.removeprefix("#").split("/")[1:]:
        document = document[int(step) if isinstance(document, list) else step]
    return document


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

    async def test_reads_a_look_up_in_every_state(self, reader: Any) -> None:
        look_up, stories, problems = operation("stories", "look_up"), {}, {}
        for state in set(PAGES) - {LookupState.REFUSED}:
            found = await look_up.asyncio(client=reader, url_query=PAGES[state])
            assert found.state == state
            assert list(unknown(found)) == []
            stories[state], problems[state] = found.story, found.problem
        assert {state: story.title for state, story in stories.items() if story} == {
            LookupState.KNOWN: "known",
            LookupState.NOT_SCORABLE: "not_scorable",
        }
        assert {state: problem.code for state, problem in problems.items() if problem} == {
            LookupState.RETRACTED: "gone",
            LookupState.FAILED: "page-too-large",
        }
        refused = await look_up.asyncio_detailed(client=reader, url_query=PAGES[LookupState.REFUSED])
        assert (refused.status_code, refused.parsed.code) == (400, "invalid-request")

    async def test_reads_many_look_ups_with_a_broken_url_among_them(self, reader: Any) -> None:
        request = import_module("unspun_client.models").LookupsRequest(urls=list(PAGES.values()))
        found = await operation("stories", "look_up_many").asyncio(client=reader, body=request)
        assert [entry.state for entry in found.data] == list(PAGES)
        of = dict(zip(PAGES, found.data, strict=True))
        assert of[LookupState.KNOWN].story.title == "known"
        assert of[LookupState.UNKNOWN].story is of[LookupState.UNKNOWN].problem is None
        assert of[LookupState.REFUSED].problem.code == "invalid-request"
        assert of[LookupState.REFUSED].normalized_url is None

    async def test_submits_many_pages_with_a_broken_url_among_them(self, writer: Any) -> None:
        models = import_module("unspun_client.models")
        urls = [PAGES[LookupState.KNOWN], PAGES[LookupState.REFUSED]]
        batch = models.AnalysisBatch(urls=urls)
        known, refused = (await operation("analyses", "submit_batch").asyncio(client=writer, body=batch)).data
        assert (known.problem, known.analysis.status) == (None, models.AnalysisStatus.SUCCEEDED)
        assert (refused.analysis, refused.problem.code) == (None, "invalid-request")

    async def test_reads_every_mistake_of_a_body_and_where_it_is(self, writer: Any) -> None:
        models = import_module("unspun_client.models")
        key, urls = (
            models.KeyCreation(name="", scopes=[], account_id="a"),
            models.LookupsRequest(urls=[1, "b", 2]),
        )
        for name, body, wrong in (
            (("keys", "create_key"), key, {"#/name": "", "#/scopes": [], "#/account_id": "a"}),
            (("stories", "look_up_many"), urls, {"#/urls/0": 1, "#/urls/2": 2}),
        ):
            answer = await operation(*name).asyncio_detailed(client=writer, body=body)
            assert (answer.status_code, answer.parsed.code) == (400, "invalid-request")
            pointers = [error.pointer for error in answer.parsed.errors]
            assert {pointer: value_at(body.to_dict(), pointer) for pointer in pointers} == wrong

    async def test_is_refused_with_a_revoked_key_also_where_none_is_needed(
        self, writer: Any, service: ApiProcess
    ) -> None:
        models, list_stories = import_module("unspun_client.models"), operation("stories", "list_stories")
        body = models.KeyCreation(name="short-lived", scopes=[models.Scope.STORIESREAD])
        made = await operation("keys", "create_key").asyncio(client=writer, body=body)
        async with import_module("unspun_client").AuthenticatedClient(
            service.url, token=made.secret
        ) as client:
            assert (await list_stories.asyncio_detailed(client=client)).status_code == 200
            await operation("keys", "revoke_key").asyncio(made.id, client=writer)

            async def code() -> str | None:
                return getattr(await list_stories.asyncio(client=client), "code", None)

            await until_equal("unauthorized", code)

    async def test_submits_with_a_key(self, writer: Any) -> None:
        models = import_module("unspun_client.models")
        draft = models.AnalysisSubmission(text="We are thrilled to say that much will change.")
        answer = await operation("analyses", "submit_analysis").asyncio_detailed(client=writer, body=draft)
        assert answer.status_code == 202
        analysis = await operation("analyses", "get_analysis").asyncio(answer.parsed.id, client=writer)
        assert analysis.status == models.AnalysisStatus.QUEUED
        assert analysis.kind == models.InputKind.TEXT
