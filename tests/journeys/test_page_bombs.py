"""Pages made to exhaust or kill what reads them: each ends alone, and costs no other job a try."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.pages import article_page
from tests.site import Site

HOST, PLAIN = "bombs.tarnbrook.example", "wire.tarnbrook.example"

# Both are within the bounds of size, tags and depth.
# One paragraph of 900,000 words, and a sign that makes four bytes of each character: some 200 MB.
MEMORY = ("<html><body><p>" + "word " * 900_000 + "\N{CHEERING MEGAPHONE}").encode()
# 49,000 paragraphs of two lines take the extractor a minute.
TIME = ("<html><body><article>" + "<p>and more words of it<br>of it" * 49_000).encode()
LEAST_MB = "700"  # the engine takes 600 before it reads a page


class TestAPageBomb:
    @pytest.mark.parametrize(
        ("body", "problem", "tries", "limits"),
        [
            pytest.param(
                MEMORY,
                "analysis-crashed",
                3,
                {"UNSPUN_ANALYSIS_MEMORY_MB": LEAST_MB},
                id="memory",
                marks=pytest.mark.chaos,  # how much a warm process still needs differs from machine to machine
            ),
            pytest.param(
                TIME,
                "analysis-timeout",
                1,
                {"UNSPUN_ANALYSIS_TIMEOUT_S": "20"},
                id="time",
                marks=pytest.mark.chaos,  # on a busy machine an honest page must still be in time
            ),
        ],
    )
    async def test_ends_alone_and_costs_no_other_job_a_try(
        self,
        service: Callable[..., Any],
        site: Site,
        body: bytes,
        problem: str,
        tries: int,
        limits: dict[str, str],
    ) -> None:
        bomb = site.put(HOST, "/bomb", body)
        pages = [
            site.put(PLAIN, f"/{n}", article_page(title=f"Turbine {n} opens", host=PLAIN)) for n in range(3)
        ]
        async with service(hosts=[HOST, PLAIN], **limits) as running:
            ids = [(await running.submit(url))["id"] for url in (bomb, *pages)]
            ends = await asyncio.gather(*(running.finished(i, 240) for i in ids))
        told = [end["error"] and end["error"]["type"].rpartition("/")[2] for end in ends]
        assert told == [problem, None, None, None]
        assert [end["tries"] for end in ends] == [tries, 1, 1, 1]
