"""The event stream, read by the published clients of server-sent events."""

import json

import httpx
import httpx_sse
import pytest

from tests.consumers.conftest import Running, node
from tests.kit.clients.api_client import KEY, bearer

STREAM = "/v1/events/stream"


class TestHttpxSse:
    @pytest.mark.slow
    async def test_yields_nothing_but_events_also_after_a_comment(self, running: Running) -> None:
        async with (
            httpx.AsyncClient(
                base_url=running.process.url, headers=bearer(KEY), timeout=60, trust_env=False
            ) as client,
            httpx_sse.aconnect_sse(client, "GET", STREAM) as source,
            client.stream("GET", STREAM) as later,  # its comment follows that of `source`
        ):
            lines = later.aiter_lines()
            while await anext(lines) != ": nothing new":
                pass
            for title in ("First", "Second"):
                await running.api.publish_story(url=f"http://news.brightwater.example/{title}", title=title)
            events = source.aiter_sse()
            first, second = await anext(events), await anext(events)
        assert [(event.event, event.json()["data"]["title"]) for event in (first, second)] == [
            ("story.published", "First"),
            ("story.published", "Second"),
        ]
        assert (first.retry, first.id) == (5_000, str(json.loads(first.data)["sequence"]))


@pytest.mark.consumers
class TestEventSource:
    async def test_gets_named_events_and_misses_none_by_a_reconnect(self, running: Running) -> None:
        async def publish(title: str) -> None:
            await running.api.publish_story(url=f"http://news.brightwater.example/{title}", title=title)

        async with node("event_stream.mjs", f"{running.process.url}{STREAM}", KEY) as program:
            await program.until(lambda lines: lines[-1:] == [["open"]])
            await publish("before")
            await program.until(lambda lines: len(lines) == 3)
            await running.process.stop()
            await publish("meanwhile")
            await running.process.start()
            await program.until(lambda lines: lines.count(["open"]) == 2)
            await publish("after")
            await program.until(lambda lines: lines[-1][-1] == "after")
        events = [line for line in program.lines if len(line) == 3]
        assert [[kind, title] for kind, _, title in events] == [
            ["story.published", title] for title in ("before", "meanwhile", "after")
        ]
        assert [line for line in program.lines if line[0] == "unnamed"] == []
        requests = [line[1] for line in program.lines if line[0] == "request"]
        assert requests[0] is None
        assert set(requests[1:]) == {events[0][1]}, "it resumes after the last event"
