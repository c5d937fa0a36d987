"""Pages made to exhaust or kill what reads them: each ends alone, and costs no other job a try."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.pages import article_page
from tests.site import Site

HOST, PLAIN = "bombs.tarnbrook.example", "wire.tarnbrook.example"

# path → a page within the bounds of size, tags and depth, and the problem that its analysis ends with
BOMBS = {
    # one paragraph of a million words takes more than the 500 MB that are allowed
    "/memory": (b"<html><body><p>" + b"word " * 1_000_000, "analysis-crashed"),
    # 24,900 linked paragraphs take the extractor most of a minute
    "/time": (
        b"<html><body><article>"
        + b"".join(b"<p><a href=/%d>word %d</a> and more words of it</p>" % (n, n) for n in range(24_900))
        + b"</article></body></html>",
        "analysis-timeout",
    ),
}


class TestAPageBomb:
    @pytest.mark.chaos  # the bombs are too small for the memory that the engine takes now
    async def test_ends_alone_and_costs_no_other_job_a_try(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        limits = {"UNSPUN_ANALYSIS_MEMORY_MB": "600", "UNSPUN_ANALYSIS_TIMEOUT_S": "25"}
        for path, (body, _) in BOMBS.items():
            site.put(HOST, path, body)
        pages = [
            site.put(PLAIN, f"/{n}", article_page(title=f"Turbine {n} opens", host=PLAIN)) for n in range(3)
        ]
        async with service(hosts=[HOST, PLAIN], **limits) as running:
            bombs = [(await running.submit(f"http://{HOST}{path}"))["id"] for path in BOMBS]
            plain = [(await running.submit(url))["id"] for url in pages]
            ends = await asyncio.gather(*(running.finished(i, 300) for i in (*bombs, *plain)))
        told = [end["error"] and end["error"]["type"].rpartition("/")[2] for end in ends]
        assert told == [*(problem for _, problem in BOMBS.values()), None, None, None]
        assert [end["tries"] for end in ends[len(BOMBS) :]] == [1, 1, 1]
