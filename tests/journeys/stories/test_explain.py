"""`unspun explain` on a file, on standard input, and on a story of a running service."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest

from tests.kit.clients.api_client import Api, running_api
from tests.kit.clients.command import ROOT, run
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.framed_texts import HYPE

pytestmark = pytest.mark.slow

PAGE = str(ROOT / "seeds" / "pages" / "ottoway-closer-to-home.html")
TEXT = "\n\n".join(HYPE).encode()


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with running_api(UNSPUN_DATABASE_URL=database_url) as running:
        yield running


@pytest.fixture
def address(api: Api, site: Site) -> str:
    async def pass_on(target: str) -> Reply:
        answer = await api.client.get(target, headers={"Accept-Encoding": "identity"})
        return Reply(answer.content, answer.status_code, {"Content-Type": answer.headers["content-type"]})

    site.put("127.0.0.1", "*", pass_on)
    return f"http://127.0.0.1:{site.port}"


class TestExplain:
    def test_says_why_a_text_has_no_score(self) -> None:
        done = run("explain", "-", "--without", "any_rule", given=b"Only a headline")
        assert done.returncode == 0
        assert "Not scorable: " in done.stdout.decode()

    def test_prints_a_sum_that_ends_at_the_score_and_what_was_left_out(self) -> None:
        done = run("explain", PAGE, "--without", "loaded_cushion")
        assert done.returncode == 0, done.stderr.decode()
        shown = done.stdout.decode()
        parts = shown.partition("The words behind it")[0]
        total = round(sum(map(float, re.findall(r"^ *([+-]\d+\.\d\d) ", parts, re.MULTILINE))), 2)
        (score,) = re.findall(r"· (\d+) of 100", shown)
        assert total == float(score)
        assert "The words behind it" in shown
        (left,) = re.findall(r"what was asked for +(\d+) ", shown)
        assert int(left) < int(score)
        assert max(map(len, shown.splitlines())) <= 100

    def test_reads_the_text_again_without_sentences(self) -> None:
        plain = json.loads(run("explain", PAGE, "--json").stdout)
        assert plain["read_again"] is None
        again = json.loads(run("explain", PAGE, "--json", "--read-again").stdout)
        assert [reading["kind"] for reading in again["read_again"]] == ["sentence"] * 5 + ["type", "findings"]
        assert again | {"read_again": None} == plain

    def test_names_the_rules_where_a_place_has_no_finding(self) -> None:
        refused = run("explain", "-", "--without", "0:1", given=TEXT)
        assert refused.returncode == 1
        assert refused.stdout == b""
        assert "matches 0:1. Rules with findings: " in refused.stderr.decode()


class TestExplainAStory:
    async def test_says_that_there_is_none(self, address: str) -> None:
        done = await asyncio.to_thread(run, "explain", "--story", "no-such-story", "--at", address)
        assert done.returncode == 1
        assert "returned 404: There is no such story." in done.stderr.decode()

    async def test_says_what_the_service_says(self, api: Api, address: str) -> None:
        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        path = f"/v1/verdicts/{story['verdict']['id']}/explanation"
        done = await asyncio.to_thread(
            run, "explain", "--story", story["slug"], "--json", UNSPUN_BASE_URL=address
        )
        assert done.returncode == 0, done.stderr.decode()
        assert json.loads(done.stdout) == (await api.client.get(path)).json()
