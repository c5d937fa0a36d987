"""A worker whose own event loop was blocked does not blame the site."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.pages import article_page

pytestmark = pytest.mark.slow

HOST = "wire.lanternfield.example"
LIMIT_S = 2


class TestAFetch:
    async def test_that_our_own_lag_made_late_is_tried_once_more(
        self, service: Callable[..., Any], site: Site, capfd: Any
    ) -> None:
        """The page is served from the worker's own loop, which it blocks the first time."""
        page = Reply(article_page(host=HOST))

        async def held(_target: str) -> Reply:
            until = monotonic() + (LIMIT_S + 1 if site.hits[HOST, "/page"] == 1 else 0)
            while monotonic() < until:
                pass
            return page

        site.put(HOST, "/page", held)
        limits = {"UNSPUN_FETCH_TIMEOUT_S": str(LIMIT_S), "UNSPUN_ENGINE_PROFILE": "fast"}
        async with service(hosts=[HOST], UNSPUN_HEARTBEAT_TIMEOUT_S="60", **limits) as running:
            end = await running.analyze(f"http://{HOST}/page")
        assert (end["status"], end["tries"]) == ("succeeded", 1)
        assert site.hits[HOST, "/page"] == 2
        assert "fetch_lagged" in "".join(capfd.readouterr())

    async def test_that_the_site_made_late_is_not(self, service: Callable[..., Any], site: Site) -> None:
        site.put(HOST, "/page", Reply(hold=True))
        async with service(hosts=[HOST], UNSPUN_FETCH_TIMEOUT_S=str(LIMIT_S)) as running:
            end = await running.analyze(f"http://{HOST}/page")
        assert end["error"]["type"].rpartition("/")[2] == "fetch-timeout"
        assert site.hits[HOST, "/page"] == 1
