"""A page's opt-outs of use by language models are stored with its text, and change no verdict."""

from collections import deque
from collections.abc import Callable
from typing import Any

import asyncpg

from api.engines import FAST
from tests.kit.engines.slow_engine import Model, says
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.pages import article_page

HOST = "news.brightwater.example"
STORED = "SELECT opt_outs FROM inputs ORDER BY fetched_at"


class TestAPage:
    async def test_is_stored_with_the_opt_outs_of_its_last_reading(
        self, service: Callable[..., Any], site: Site, owner: asyncpg.Connection
    ) -> None:
        url = site.put(HOST, "/turbine", article_page())
        model = Model(deque([says("turbine")]))
        async with service(hosts=[HOST], engines=(model.spec(), FAST)) as running:
            first = (await running.analyze(url))["result"]
            assert [row["opt_outs"] for row in await owner.fetch(STORED)] == [[]]

            page = article_page(head='<meta name="robots" content="noai">')
            headers = {"Content-Type": "text/html; charset=utf-8", "TDM-Reservation": "1"}
            site.put(HOST, "/turbine", Reply(page, headers=headers))
            again = (await running.analyze(url, max_age=0))["result"]
            assert again == first
            (row,) = await owner.fetch(STORED)
            assert row["opt_outs"] == ["meta_robots", "tdm_reservation"]

    async def test_is_stored_with_that_of_its_sites_robots_txt(
        self, service: Callable[..., Any], site: Site, owner: asyncpg.Connection
    ) -> None:
        site.put(HOST, "/robots.txt", Reply(b"User-agent: GPTBot\nDisallow: /", headers={}))
        url = site.put(HOST, "/turbine", article_page())
        model = Model(deque([says("turbine")]))
        async with service(hosts=[HOST], engines=(model.spec(), FAST)) as running:
            assert (await running.analyze(url))["status"] == "succeeded"
        (row,) = await owner.fetch(STORED)
        assert row["opt_outs"] == ["robots_txt"]
