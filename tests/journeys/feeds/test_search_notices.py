"""IndexNow: changed pages are recorded, sent in batches, and retried."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from api.fetching.client import GuardedClient
from api.jobs.housekeeping import sweep
from api.operations.stories.indexnow import GIVEN_UP_AFTER, SentNotices, tell_search_engines
from api.runtime.fetch_policy import fetch_policy
from api.runtime.runtime import Runtime
from api.storage.stories.indexnow_outbox import put_notice
from tests.kit.clients.api_client import BASE_URL, Api, running_api
from tests.kit.polling import until
from tests.kit.servers.fakes import ShiftedClock
from tests.kit.servers.receiver import Receiver, Reply
from tests.kit.servers.service import Service
from tests.kit.servers.web_server import Reply as SiteReply
from tests.kit.servers.web_server import Site
from tests.kit.texts.factories import make_article, make_edition, make_refusal, publish
from tests.kit.texts.pages import PARAGRAPHS, article_page

KEY = "5f1c0a7e9d3b4c62"
ENGINE = "engine.example"
NEWS = "news.brightwater.example"
PATH = "/indexnow"


def variables(receiver: Receiver) -> dict[str, str]:
    return {
        "UNSPUN_INDEXNOW_KEY": KEY,
        "UNSPUN_INDEXNOW_URL": f"http://{ENGINE}{PATH}",
        "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
        "UNSPUN_FETCH_HOST_MAP": f"{ENGINE}=127.0.0.1:{receiver.port}",
    }


@asynccontextmanager
async def telling(database_url: str, **more: str) -> AsyncIterator[tuple[Api, Receiver, GuardedClient]]:
    """A service with IndexNow, the search engine, and the client between them."""
    async with (
        Receiver() as receiver,
        running_api(UNSPUN_DATABASE_URL=database_url, **variables(receiver) | more) as api,
    ):
        client = GuardedClient(fetch_policy(api.runtime.settings).for_deliveries())
        yield api, receiver, client
        await client.aclose()


def notices(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in receiver.received if request.path == PATH]


def page_of(story_id: str) -> str:
    return f"{BASE_URL}/v1/stories/{story_id}.html"


class TestNotices:
    async def test_are_neither_noted_nor_served_where_the_operator_did_not_ask(
        self, database_url: str
    ) -> None:
        async with telling(database_url, UNSPUN_INDEXNOW_KEY="") as (api, receiver, client):
            await api.publish_story()
            assert await api.rows("SELECT story_id FROM search_notices") == []
            assert await tell_search_engines(api.runtime, client, 0) == SentNotices(pages=0, again=None)
            assert (await api.client.get(f"/{KEY}.txt")).status_code == 404
            assert receiver.received == []

    async def test_tell_of_publication_revision_and_retraction_in_one_message(
        self, database_url: str
    ) -> None:
        async with telling(database_url) as (api, receiver, client):
            revised, retracted = await api.publish_story(), await api.publish_story(url="http://o.example/1")
            article = make_article(url="http://o.example/poem")
            await publish(api.runtime, make_edition(article, make_refusal(article)))
            assert await tell_search_engines(api.runtime, client, 0) == SentNotices(pages=2, again=None)
            (message,) = notices(receiver)
            assert message["urlList"] == [page_of(revised), page_of(retracted)]
            assert message["key"] == KEY
            assert message["host"] == "unspun.test"
            proof = await api.client.get(message["keyLocation"])
            assert (proof.text, proof.headers["content-type"]) == (KEY, "text/plain; charset=utf-8")

            assert await api.publish_story(paragraphs=PARAGRAPHS[:5]) == revised
            body = {"reason": "error", "statement": "A test page."}
            await api.holder.post(f"/v1/stories/{retracted}/retract", json=body)
            assert await tell_search_engines(api.runtime, client, 0) == SentNotices(pages=2, again=None)
            assert set(notices(receiver)[1]["urlList"]) == {page_of(revised), page_of(retracted)}
            assert await tell_search_engines(api.runtime, client, 0) == SentNotices(pages=0, again=None)
            assert len(notices(receiver)) == 2

    async def test_are_retried_with_backoff_until_accepted(self, database_url: str) -> None:
        async with telling(database_url) as (api, receiver, client):
            story_id = await api.publish_story()
            for status, headers, attempt, pause in (
                (500, {}, 0, 1), (503, {}, 3, 8), (429, {"Retry-After": "600"}, 0, 10),
                (429, {"Retry-After": "999999"}, 0, 60), (503, {}, 40, 60), (301, {"Location": "/"}, 0, 1),
            ):  # fmt: skip
                receiver.replies[PATH] = Reply(status=status, headers=headers)
                failed = await tell_search_engines(api.runtime, client, attempt)
                assert failed == SentNotices(pages=0, again=timedelta(minutes=pause)), status
            receiver.replies[PATH] = Reply(status=202)
            assert await tell_search_engines(api.runtime, client, 6) == SentNotices(pages=1, again=None)
            assert [message["urlList"] for message in notices(receiver)] == [[page_of(story_id)]] * 7

    async def test_that_are_refused_for_good_are_dropped(self, database_url: str) -> None:
        for status in (400, 403, 422):
            async with telling(database_url) as (api, receiver, client):
                await api.publish_story(url=f"http://o.example/{status}")
                receiver.replies[PATH] = Reply(status=status)
                assert (await tell_search_engines(api.runtime, client, 0)).again is None
                assert await api.rows("SELECT story_id FROM search_notices") == []

    async def test_of_a_story_that_changes_meanwhile_remain(self, database_url: str, site: Site) -> None:
        async with telling(database_url, UNSPUN_FETCH_HOST_MAP=f"{ENGINE}=127.0.0.1:{site.port}") as (
            api,
            _,
            client,
        ):
            story_id = await api.publish_story()

            async def change_first(target: str) -> SiteReply:
                async with api.runtime.pool.transaction() as connection:
                    await put_notice(connection, story_id, api.runtime.clock.now())
                return SiteReply(status=202)

            site.put(ENGINE, PATH, change_first)
            assert await tell_search_engines(api.runtime, client, 0) == SentNotices(
                pages=1, again=timedelta(0)
            )
            site.put(ENGINE, PATH, SiteReply(status=202))
            assert await tell_search_engines(api.runtime, client, 0) == SentNotices(pages=1, again=None)
            assert site.hits[ENGINE, PATH] == 2

    async def test_are_given_up_when_they_are_old_and_sent_in_bounded_messages(
        self, database_url: str
    ) -> None:
        async with telling(database_url) as (api, receiver, client):
            old, new = await api.publish_story(), await api.publish_story(url="http://o.example/1")
            async with api.runtime.pool.transaction() as connection:
                past = api.runtime.clock.now() - GIVEN_UP_AFTER - timedelta(minutes=1)
                await connection.execute("DELETE FROM search_notices WHERE story_id = $1", old)
                await put_notice(connection, old, past)
            assert await tell_search_engines(api.runtime, client, 0) == SentNotices(pages=1, again=None)
            assert [message["urlList"] for message in notices(receiver)] == [[page_of(new)]]

    async def test_are_not_given_up_while_clocks_differ(self, database_url: str) -> None:
        async with telling(database_url) as (api, receiver, client):
            old, new = await api.publish_story(), await api.publish_story(url="http://o.example/1")
            async with api.runtime.pool.transaction() as connection:
                past = -GIVEN_UP_AFTER - timedelta(minutes=1)
                await connection.execute(
                    "UPDATE search_notices SET noted_at = noted_at + $2 WHERE story_id = $1", old, past
                )
            ahead = replace(api.runtime, clock=ShiftedClock(timedelta(days=31)))
            assert await tell_search_engines(ahead, client, 0) == SentNotices(pages=2, again=None)
            assert [message["urlList"] for message in notices(receiver)] == [[page_of(old), page_of(new)]]


class TestAWorker:
    async def test_submits_published_pages(
        self, service: Callable[..., AbstractAsyncContextManager[Service]], site: Site
    ) -> None:
        async with Receiver() as receiver:
            hosts = f"{ENGINE}=127.0.0.1:{receiver.port},{NEWS}=127.0.0.1:{site.port}"
            async with service(**variables(receiver) | {"UNSPUN_FETCH_HOST_MAP": hosts}) as running:
                analysis = await running.analyze(site.put(NEWS, "/turbine", article_page()))
                assert analysis["status"] == "succeeded", analysis
                runtime: Runtime = running.client._transport.app.state.runtime  # type: ignore[attr-defined]  # httpx keeps it there
                await sweep(runtime)
                await until(lambda: bool(notices(receiver)), 20)
                assert notices(receiver)[0]["urlList"] == [page_of(analysis["result"]["story_id"])]
