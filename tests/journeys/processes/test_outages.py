"""Servers that stop and restart."""

import time
from collections.abc import Callable
from typing import Any

from tests.kit.polling import until, until_status
from tests.kit.servers.proxy import Proxy
from tests.kit.servers.web_server import Site
from tests.kit.texts.pages import article_page

HOST = "news.brightwater.example"


class TestWithoutPostgreSQL:
    async def test_what_is_cached_is_served_the_rest_is_503_and_it_heals(
        self, service: Callable[..., Any], site: Site, database_proxy: Proxy
    ) -> None:
        own = site.put(HOST, "/turbine", article_page())
        async with service(hosts=[HOST], UNSPUN_DATABASE_URL=database_proxy.url) as running:
            story_id = (await running.analyze(own))["result"]["story_id"]
            await running.story(story_id)
            await database_proxy.stop()
            began = time.monotonic()
            assert (await running.client.get(f"/v1/stories/{story_id}")).status_code == 200
            for call in ("/v1/stories", "/v1/claims", f"/v1/lookup?url={own}", "/v1/sources"):
                answer = await running.client.get(call)
                assert answer.status_code == 503, call
                assert int(answer.headers["retry-after"]) > 0
                assert answer.headers["content-type"] == "application/problem+json"
            assert (await running.client.post("/v1/analyses", json={"url": own})).status_code == 503
            assert time.monotonic() - began < 6 * 5
            assert (await running.client.get("/livez")).status_code == 200
            assert (await running.client.get("/readyz")).status_code == 503
            await database_proxy.start()
            await until_status(200, running.client, "/v1/stories")
            site.put(HOST, "/second", article_page(title="A second turbine", paragraphs=SECOND))
            assert (await running.analyze(f"http://{HOST}/second"))["status"] == "succeeded"

    async def test_that_hangs_a_request_is_given_up_in_time(
        self, service: Callable[..., Any], database_proxy: Proxy
    ) -> None:
        async with service(with_worker=False, UNSPUN_DATABASE_URL=database_proxy.url) as running:
            assert (await running.client.get("/v1/stories")).status_code == 200
            database_proxy.freeze()
            began = time.monotonic()
            answer = await running.client.get("/v1/stories?limit=7")
            took = time.monotonic() - began
            assert answer.status_code == 503
            assert took < 5.5  # 4.5 s, plus time for a busy machine
            database_proxy.thaw()
            await until_status(200, running.client, "/v1/stories")


class TestWithoutValkey:
    async def test_everything_goes_on(
        self, service: Callable[..., Any], site: Site, cache_proxy: Proxy
    ) -> None:
        own = site.put(HOST, "/turbine", article_page())
        async with service(hosts=[HOST], UNSPUN_REDIS_URL=cache_proxy.url) as running:
            await cache_proxy.stop()
            story_id = (await running.analyze(own))["result"]["story_id"]
            assert (await running.story(story_id))["status"] == "scored"
            ready = await running.client.get("/readyz")
            assert ready.status_code == 200
            assert ready.json()["degraded"] == ["redis"]
            await cache_proxy.start()

            async def healed() -> bool:
                return not (await running.client.get("/readyz")).json()["degraded"]

            await until(healed)


SECOND = tuple(
    f"{name} said on {day} that the {thing} would cost {amount} crowns, and that nobody had asked about it."
    for name, day, thing, amount in (
        ("Tilda Farrow", "Monday", "bridge in Ostmere", "90,000"),
        ("The harbour board", "Tuesday", "crane at the north quay", "1.5 million"),
        ("Ruben Askew", "Wednesday", "library of the old town", "210,000"),
        ("The council's auditor", "Thursday", "new lamps along the promenade", "77,500"),
        ("Edda Marsh", "Friday", "school kitchen", "43,000"),
        ("The ferry company", "Saturday", "repair of the landing stage", "612,000"),
    )
)
