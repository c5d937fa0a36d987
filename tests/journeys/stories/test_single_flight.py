"""One URL, many submitters: one job, one story, one verdict."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from tests.kit.servers.web_server import Site
from tests.kit.texts.pages import article_page

HOST = "news.brightwater.example"


def _variants(count: int) -> list[str]:
    """The same URL with tracking parameters, in other orders, with a fragment, a port, other capitals."""
    choice = random.Random(7)
    created = []
    for number in range(count):
        tracking = [
            f"utm_source=n{number}",
            "utm_medium=mail",
            f"fbclid=F{number}",
            f"gclid=G{number}",
            "mc_cid=1",
        ]
        choice.shuffle(tracking)
        query = "&".join(tracking[: choice.randrange(5)])
        host = choice.choice([HOST, HOST.upper(), f"{HOST}:80"])
        url = f"http://{host}/2026/turbine" + (f"?{query}" if query else "")
        created.append(url + choice.choice(["", "#top"]))
    return created


class TestFiveHundredSubmissionsOfOneUrl:
    async def test_make_one_story_and_one_verdict(self, service: Callable[..., Any], site: Site) -> None:
        site.put(HOST, "/2026/turbine", article_page(title="Brightwater opens its tidal turbine", host=HOST))
        urls = _variants(500)
        async with service(hosts=[HOST]) as running:

            async def client(part: list[str]) -> set[str]:
                return {(await running.submit(url))["id"] for url in part}

            ids = set().union(*await asyncio.gather(*(client(urls[n::20]) for n in range(20))))
            ends = [await running.finished(analysis_id) for analysis_id in ids]
            assert {end["status"] for end in ends} == {"succeeded"}
            assert len({end["result"]["story_id"] for end in ends}) == 1
            assert len({end["result"]["verdict_id"] for end in ends}) == 1
            stories = (await running.client.get("/v1/stories")).json()["data"]
            assert len(stories) == 1
            versions = (await running.client.get(f"/v1/stories/{stories[0]['id']}/verdicts")).json()
            assert len(versions["data"]) == 1
            assert site.hits[HOST, "/2026/turbine"] == 1
