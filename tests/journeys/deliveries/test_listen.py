"""`unspun webhooks listen`: deliveries derived from the event log, signed and filtered like an endpoint's."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from standardwebhooks.webhooks import Webhook

from api.cli import main
from schemas.keys import Scope
from tests.kit.clients.api_client import KEY, WEBHOOK_KEY, Api, running_api
from tests.kit.clients.command import environment
from tests.kit.servers.api_process import ApiProcess, api_process
from tests.kit.servers.receiver import Receiver, Reply
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.worlds.delivery_world import HOST, running_world

pytestmark = pytest.mark.slow

HOOK = "https://hooks.brightwater.example/unspun"


class Listening:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(await asyncio.wait_for(self.process.stdout.readline(), 20))

    async def message(self) -> str:
        assert self.process.stderr is not None
        return (await asyncio.wait_for(self.process.stderr.readline(), 20)).decode()

    async def end(self) -> int:
        return await asyncio.wait_for(self.process.wait(), 20)


@asynccontextmanager
async def listen(*arguments: str) -> AsyncIterator[Listening]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.cli", "webhooks", "listen", "--json", *arguments),
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Listening(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with running_api(UNSPUN_DATABASE_URL=database_url) as api:
        yield api


@pytest.fixture
async def served(database_url: str, api: Api) -> AsyncIterator[ApiProcess]:
    async with api_process(UNSPUN_DATABASE_URL=database_url, UNSPUN_WEBHOOK_KEYS=WEBHOOK_KEY) as process:
        yield process


async def _story(api: Api, number: int, score: int) -> None:
    article = make_article(url=f"http://news.brightwater.example/{number}")
    await publish(api.runtime, make_edition(article, make_assessment(article, score=score)))


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "code", "why"),
        [
            ((), 2, "give a --key"),
            (("--receive", "1", "--type", "story.published"), 2, "--receive can only be combined"),
            (("--receive", "1"), 2, "give either --endpoint"),
            (("--receive", "1", "--secret", "abc"), 2, "whsec_ and base64"),
            (("--receive", "1", "--endpoint", "whe_1"), 2, "needs a --key"),
            (("--key", "k", "--endpoint", "whe_1", "--full"), 2, "cannot be combined with"),
            (("--key", "k", "--where", "spin.score >="), 2, "--where is invalid"),
            (("--key", "k", "--where", "source.type == 'media'"), 2, "Did you mean `source_type`?"),
            (("--key", "k", "--at", "file:///etc"), 1, "is not an HTTP URL"),
            (("--key", "@no-such-file"), 1, "no-such-file"),
            (("--key", "k", "--endpoint", "whe_1", "--at", "http://127.0.0.1:1"), 1, "refused"),
        ],
    )
    def test_name_the_missing_option(self, arguments: tuple[str, ...], code: int, why: str) -> None:
        refused = CliRunner().invoke(main, ["webhooks", "listen", *arguments])
        assert refused.exit_code == code, refused.output
        assert why in refused.output


class TestFollowingTheLog:
    async def test_is_refused_to_a_key_that_may_not_read_it(self, served: ApiProcess, api: Api) -> None:
        key = await api.make_key(Scope.MANAGE_WEBHOOKS)
        for wrong, status in ((key.secret or "", "403"), ("unspun_live_wrong", "401")):
            async with listen("--at", served.url, "--key", wrong) as listening:
                await listening.message()  # the secret for its signatures
                assert status in await listening.message()
                assert await listening.end() == 1

    async def test_makes_what_an_endpoint_is_sent_signed_with_its_secret(
        self, served: ApiProcess, api: Api
    ) -> None:
        """By the endpoint itself, and by equal options without one."""
        wish = {"predicate": "spin.score >= 70", "payload": "full", "event_types": ["story.published"]}
        created = (await api.holder.post("/v1/webhooks", json={"url": HOOK, **wish})).json()
        for number, score in enumerate((20, 90)):
            await _story(api, number, score)
        common = ("--at", served.url, "--key", KEY, "--after", "0", "--count", "1")
        options = ("--where", "spin.score >= 70", "--full", "--type", "story.published")
        for more in (("--endpoint", created["id"]), ("--secret", created["secret"], *options)):
            async with listen(*common, *more) as listening:
                shown = await listening.line()
                assert await listening.end() == 0
            assert shown["genuine"] is True
            Webhook(created["secret"]).verify(shown["body"], shown["headers"])
            event = json.loads(shown["body"])
            assert (event["sequence"], event["data"]["spin"]["score"]) == (2, 90)
            assert event["data"]["verdict"]["claims"][0]["support"] == "attributed"
            assert shown["headers"]["webhook-id"] == event["id"]

    async def test_forwards_each_event_and_prints_the_response(self, served: ApiProcess, api: Api) -> None:
        async with Receiver() as consumer:
            consumer.replies["/hook"] = Reply(500)
            target = f"http://127.0.0.1:{consumer.port}/hook"
            common = ("--at", served.url, "--key", KEY, "--after", "0", "--forward", target)
            async with listen(*common, "--count", "2") as listening:
                secret = (await listening.message()).split()[-1]
                await _story(api, 1, 50)
                assert "returned 500 (failure)" in await listening.message()
                consumer.replies["/hook"] = Reply(204)
                await _story(api, 2, 50)
                assert "returned 204" in await listening.message()
                assert await listening.end() == 0
            listed = (await api.holder.get("/v1/events")).json()["data"]
            for received, event in zip(consumer.of("/hook"), listed, strict=True):
                received.verify(secret)
                assert json.loads(received.body) == event
                assert received.headers["content-type"] == "application/json"

    async def test_goes_on_where_it_was_when_the_service_was_away(self, served: ApiProcess, api: Api) -> None:
        async with listen("--at", served.url, "--key", KEY) as listening:
            await listening.message()
            shown = asyncio.create_task(listening.line())
            number = 0
            while not shown.done():  # starts with the first event after it has connected
                number += 1
                await _story(api, number, 50)
                await asyncio.wait({shown}, timeout=0.3)
            first = json.loads(shown.result()["body"])["sequence"]
            served.kill()
            assert "retrying" in (said := await listening.message()) or "was interrupted" in said
            await _story(api, number + 1, 50)
            await served.start()
            received = [first]
            while received[-1] < number + 1:
                received.append(json.loads((await listening.line())["body"])["sequence"])
            assert received == list(range(first, number + 2))


class TestReceiving:
    async def test_takes_deliveries_and_refuses_what_is_not_genuine(self, database_url: str) -> None:
        async with running_world(UNSPUN_DATABASE_URL=database_url) as world:
            created = (await world.api.holder.post("/v1/webhooks", json={"url": f"http://{HOST}/"})).json()
        async with listen(*(("--receive", "0", "--secret", created["secret"])), "--count", "3") as listening:
            port = int((await listening.message()).partition("127.0.0.1:")[2].partition("/")[0])
            places = {"UNSPUN_FETCH_HOST_MAP": f"{HOST}=127.0.0.1:{port}"}
            async with running_world(UNSPUN_DATABASE_URL=database_url, **places) as world:
                await world.deliver()
                ping = await listening.line()
                await world.emit_and_deliver()
                event = await listening.line()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                assert b" 400 " in await reader.readline()
                writer.close()
                assert (await listening.line())["genuine"] is False
                assert await listening.end() == 0
                assert json.loads(ping["body"])["type"] == "webhook.ping"
                assert (event["genuine"], json.loads(event["body"])["sequence"]) == (True, 1)
                assert (await world.api.holder.get(f"/v1/webhooks/{created['id']}")).json()[
                    "status"
                ] == "active"
