"""Page bombs: each fails alone, and costs no other job a try."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.kit.servers.web_server import Site
from tests.kit.texts.page_bombs import MEMORY, ROOM_MB, TIME, honest_mb
from tests.kit.texts.pages import article_page

HOST, PLAIN = "bombs.tarnbrook.example", "wire.tarnbrook.example"

LEAST_MB = 700  # the setting's minimum


@pytest.mark.chaos  # the engine is loaded twice; on a busy machine a normal page must still be in time
class TestAPageBomb:
    @pytest.mark.parametrize(
        ("body", "problem", "tries"),
        [
            pytest.param(MEMORY, "analysis-crashed", 3, id="memory"),
            pytest.param(TIME, "analysis-timeout", 1, id="time"),
        ],
    )
    async def test_ends_alone_and_costs_no_other_job_a_try(
        self,
        service: Callable[..., Any],
        site: Site,
        body: bytes,
        problem: str,
        tries: int,
    ) -> None:
        limits = {"UNSPUN_ANALYSIS_TIMEOUT_S": "20"}
        if body is MEMORY:
            limit_mb = await honest_mb()
            if limit_mb < LEAST_MB - ROOM_MB // 2:
                pytest.skip("the engine takes so little here that the bomb fits beside it")
            limits = {"UNSPUN_ANALYSIS_MEMORY_MB": str(max(limit_mb, LEAST_MB))}
        bomb = site.put(HOST, "/bomb", body)
        pages = [
            site.put(PLAIN, f"/{n}", article_page(title=f"Turbine {n} opens", host=PLAIN)) for n in range(3)
        ]
        async with service(hosts=[HOST, PLAIN], **limits) as running:
            ids = [(await running.submit(url))["id"] for url in (bomb, *pages)]
            ends = await asyncio.gather(*(running.finished(i, 240) for i in ids))
        problems = [end["error"] and end["error"]["type"].rpartition("/")[2] for end in ends]
        assert problems == [problem, None, None, None]
        assert [end["tries"] for end in ends] == [tries, 1, 1, 1]
