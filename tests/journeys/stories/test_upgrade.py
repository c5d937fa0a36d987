"""Upgrading an older database: stories of an equal engine are neither judged nor announced again.

`release_0_1_0.sql.gz` is a dump (`pg_dump --inserts`) of a service of commit 6948a74, after it had analysed the
two pages below and loaded four of the seeds.
"""

import gzip
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from api.operations.database.prepare_database import prepare_database
from tests.conftest import Servers
from tests.kit.databases import connected
from tests.kit.servers.service import running_service
from tests.kit.servers.web_server import Site
from tests.kit.texts.framed_texts import HYPE
from tests.kit.texts.pages import PARAGRAPHS, article_page

DUMP = Path(__file__).parent / "release_0_1_0.sql.gz"
HOST = "news.brightwater.example"
PAGES, SEEDS = 2, 4  # stories of the dump

VERDICTS = "SELECT id, story_id, engine_digest FROM verdicts ORDER BY id"
EVENTS = "SELECT count(*) FROM events WHERE type NOT LIKE 'analysis.%'"


@pytest.fixture
async def upgraded(servers: Servers, empty_database_url: str) -> str:
    """The old database, migrated; its URL for API and workers."""
    async with connected(empty_database_url) as connection:
        await connection.execute(gzip.decompress(DUMP.read_bytes()).decode())
    url = servers.as_app(urlsplit(empty_database_url).path.lstrip("/"))
    await prepare_database(empty_database_url, url)
    return url


@pytest.mark.slow
class TestADatabaseOfAnOlderRelease:
    async def test_keeps_its_verdicts_and_gets_new_versions_by_a_new_engine(
        self, upgraded: str, empty_database_url: str, redis_url: str, site: Site
    ) -> None:
        title, body = HYPE
        framed = article_page(title=title, paragraphs=(*body.split("\n\n"), *PARAGRAPHS))
        urls = [site.put(HOST, "/engine", framed), site.put(HOST, "/plain", article_page())]
        async with connected(empty_database_url) as owner:
            before = await owner.fetch(VERDICTS)
            assert len(before) == PAGES + SEEDS
            async with running_service(upgraded, redis_url, site, hosts=[HOST]) as running:
                for url in urls:
                    analysis = await running.analyze(url, max_age=0)
                    assert analysis["status"] == "succeeded", analysis
                after = await owner.fetch(VERDICTS)
                assert [row for row in after if row in before] == before
                assert len(after) == len(before) + len(urls)
                for verdict in before:
                    assert await _reproduction(running, verdict["id"]) == (
                        "unavailable",
                        "engine_not_installed",
                    )
                for url in urls:
                    await running.analyze(url, max_age=0)
                assert await owner.fetch(VERDICTS) == after


async def _reproduction(running: Any, verdict_id: str) -> tuple[str, str | None]:
    answer = await running.client.post(f"/v1/verdicts/{verdict_id}/reproduce", headers={"Prefer": "wait=60"})
    assert answer.status_code == 200, answer.text
    found = answer.json()["result"]["reproduction"]
    return found["outcome"], found["obstacle"]
