"""From a site's feed to subscribers: one story, one event, three clients, however often it is announced."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from api.storage.stories.sources import SourceRecord, upsert_source
from schemas.enums import SourceType
from tests.kit.clients.api_client import KEY, WEBHOOK_KEY
from tests.kit.clients.event_streams import listening
from tests.kit.polling import until
from tests.kit.servers.receiver import Receiver
from tests.kit.servers.service import Service
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.feeds import HOST, OTHER_HOST, feed_reply, rss
from tests.kit.texts.pages import article_page

Start = Callable[..., AbstractAsyncContextManager[Service]]
AGGREGATOR = "news.google.com"  # one of the known link wrappers, here on loopback
HOOKS = "hooks.brightwater.example"
STORY = f"http://{HOST}/2026/turbine"


async def _source(service: Service, host: str) -> str:
    runtime = service.app.state.runtime
    record = SourceRecord(slug=host.replace(".", "-"), name=host, type=SourceType.MEDIA, domains=[host])
    async with runtime.pool.transaction() as connection:
        return await upsert_source(connection, record, runtime.clock.new_id("src"), runtime.clock.now())


async def _feed(service: Service, host: str) -> str:
    path = f"/v1/sources/{await _source(service, host)}/feeds"
    created = (await service.client.post(path, json={"url": f"http://{host}/feed.xml"})).json()
    await _polled(service, created["id"], None)
    return created["id"]


async def _poll(service: Service, feed_id: str) -> None:
    before = (await service.client.get(f"/v1/feeds/{feed_id}")).json()["last_polled_at"]
    await service.client.post(f"/v1/feeds/{feed_id}/poll")
    await _polled(service, feed_id, before)


async def _polled(service: Service, feed_id: str, before: str | None) -> None:
    async def done() -> bool:
        return bool((await service.client.get(f"/v1/feeds/{feed_id}")).json()["last_polled_at"] != before)

    await until(done, 30)


async def _settled(service: Service) -> None:
    async def done() -> bool:
        async with service.app.state.runtime.pool.connection() as connection:
            query = "SELECT count(*) FROM analysis_jobs WHERE status IN ('queued', 'running')"
            return bool(await connection.fetchval(query) == 0)

    await until(done, 60)


async def _log(service: Service) -> list[dict[str, Any]]:
    return (await service.client.get("/v1/events?after=0&limit=100")).json()["data"]


class TestAnEntryOfAFeed:
    async def test_reaches_three_clients_within_one_poll_and_is_news_once(
        self, service: Start, site: Site
    ) -> None:
        site.put(HOST, "/feed.xml", feed_reply(rss()))
        site.put(OTHER_HOST, "/feed.xml", feed_reply(rss()))
        site.put(HOST, "/2026/turbine", article_page(host=HOST, canonical=STORY))
        led = site.put(OTHER_HOST, "/go/17", Reply(status=302, headers={"Location": STORY}))
        shut = site.put(AGGREGATOR, "/rss/articles/CBMi", article_page(host=AGGREGATOR))
        copy = f"http://{OTHER_HOST}/agency/turbine"
        site.put(OTHER_HOST, "/agency/turbine", article_page(host=OTHER_HOST))
        async with Receiver() as receiver:
            hosts = {HOST: site.port, AGGREGATOR: site.port, OTHER_HOST: site.port, HOOKS: receiver.port}
            options = {
                "UNSPUN_FETCH_HOST_MAP": ",".join(f"{host}=127.0.0.1:{port}" for host, port in hosts.items()),
                "UNSPUN_WEBHOOK_KEYS": WEBHOOK_KEY,
            }
            async with service(**options) as running, listening(running, KEY) as stream:
                hook = (
                    await running.client.post("/v1/webhooks", json={"url": f"http://{HOOKS}/hook"})
                ).json()
                first, second = await _feed(running, HOST), await _feed(running, OTHER_HOST)
                asked = site.hits[HOST, "/feed.xml"]
                site.put(HOST, "/feed.xml", feed_reply(rss(STORY)))
                await _poll(running, first)
                (streamed,) = await stream.until_events(1, 60)
                await until(lambda: _received(receiver, 1), 30)
                assert site.hits[HOST, "/feed.xml"] == asked + 1, "one poll"
                (logged,) = await _log(running)
                (received,) = receiver.of("/hook")
                received.verify(hook["secret"])
                assert logged["type"] == "story.published"
                assert logged["data"]["url"] == STORY
                assert received.event.id == received.headers["webhook-id"] == streamed["id"] == logged["id"]

                again = f"{STORY}?utm_source=feed&utm_medium=rss&fbclid=abc"
                site.put(HOST, "/feed.xml", feed_reply(rss(again, STORY.replace("http:", "https:"))))
                site.put(OTHER_HOST, "/feed.xml", feed_reply(rss(f"{STORY}?gclid=1", copy, led, shut)))
                await _poll(running, first)
                await _poll(running, second)
                await _settled(running)
                assert site.hits[OTHER_HOST, "/agency/turbine"] == 1
                assert await _log(running) == [logged], "nothing is there that could be sent"
                assert len(stream.events) == len(receiver.of("/hook")) == 1
                assert site.hits[AGGREGATOR, "/rss/articles/CBMi"] == 1
                unresolved = await running.client.get(f"/v1/lookup?url={shut}")
                assert unresolved.json()["state"] == "failed", "the page of an aggregator is no story"
                assert (await running.client.get(f"/v1/lookup?url={led}")).json()["story"]["url"] == STORY
                story = (await running.client.get(f"/v1/lookup?url={copy}")).json()
                assert (story["alias"], story["story"]["url"]) == ("syndicated", STORY)


async def _received(receiver: Receiver, count: int) -> bool:
    return len(receiver.of("/hook")) >= count
