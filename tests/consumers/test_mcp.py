"""The official TypeScript SDK calls the tools; the Python one is in `journeys/processes/test_mcp.py`."""

import json

import pytest

from tests.consumers.conftest import Running, node

PAGE = "http://news.brightwater.example/tools"


@pytest.mark.consumers
class TestTheClientOfTheTypescriptSdk:
    async def test_lists_tools_reads_a_story_and_an_error(self, running: Running) -> None:
        story_id = await running.api.publish_story(url=PAGE, title="Tools")
        async with node("mcp.mjs", f"{running.process.url}/mcp", f"{PAGE}?utm_source=x") as program:
            await program.until(lambda lines: len(lines) == 4)
        tools, found, document, error = program.lines
        assert {"lookup_url", "get_story", "submit_analysis"} <= set(tools)
        assert (found["state"], found["story"]["id"]) == ("known", story_id)
        assert "Tools" in document
        problem = json.loads(error["text"])
        assert (error["isError"], problem["code"], problem["status"]) == (True, "not-found", 404)
