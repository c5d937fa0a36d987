"""Responses served from memory equal the routes' byte for byte, and are never stale."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.operations.stories.retract_story import retract_story
from api.routes.http.response.prepared_responses import prepared
from api.storage.log.audit_log import Actor, Origin
from schemas.enums import RetractionReason
from schemas.retractions import StoryRetraction
from tests.conftest import Servers
from tests.kit.clients.api_client import Api, Start, running_api
from tests.kit.clients.log_lines import request_lines
from tests.kit.polling import until
from tests.kit.servers.fakes import StillClock
from tests.kit.servers.proxy import through_proxy
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.problems import check_problem

Message = dict[str, Any]
ORIGIN = Origin(actor=Actor.SERVICE)
RETRACTION = StoryRetraction(reason=RetractionReason.ERROR, statement="It was a test page.")
FORMS = ("", ".json", ".jsonld", ".md", ".html")
ACCEPTS = (
    None, "*/*", "application/json", "text/html", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
    "text/markdown", "application/ld+json;q=0.5, text/markdown;q=0.6", "image/png", "",
)  # fmt: skip
CODINGS = (None, "gzip", "gzip, deflate, br", "br;q=0.1, gzip", "identity", "gzip;q=0", "*")


HOST = (b"host", b"unspun.test")


async def call(
    api: Api,
    method: str,
    path: str,
    headers: list[tuple[bytes, bytes]],
    *,
    version: str = "1.1",
    hosts: tuple[tuple[bytes, bytes], ...] = (HOST,),
) -> list[Message]:
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": version, "scheme": "http", "root_path": "",
        "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [*hosts, *headers], "client": ("192.0.2.1", 4000),
        "server": ("unspun.test", 80), "state": {},
    }  # fmt: skip
    sent: list[Message] = []

    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        return await asyncio.Event().wait()  # type: ignore[return-value]  # the client stays

    async def send(message: Message) -> None:
        sent.append(dict(message) | {"headers": list(message.get("headers", ()))})

    await api.app(scope, receive, send)  # type: ignore[arg-type]  # these are dictionaries too
    return sent


def is_kept(api: Api, path: str, accept: str | None = None) -> bool:
    headers = {} if accept is None else {b"accept": accept.encode()}
    return prepared(api.runtime.documents, path, headers) is not None


async def story_of(api: Api, path: str) -> Any:
    """The served story, after a first request that caches it."""

    async def held() -> bool:
        await api.client.get(path)
        return is_kept(api, path)

    await until(held, 5)  # a new process has yet to read the changes
    return (await api.client.get(path)).json()


@pytest.fixture(scope="module")
async def both(servers: Servers, template: str) -> AsyncIterator[tuple[Api, Api, list[str]]]:
    """An application with the response cache and one without, over one database; and paths of documents."""
    async with servers.temporary(template, "kept") as name, AsyncExitStack() as stack:
        url = servers.database(name)
        keeping, routing = [
            await stack.enter_async_context(
                running_api(clock=StillClock(), UNSPUN_DATABASE_URL=url, UNSPUN_MEMORY_MB=megabytes)
            )
            for megabytes in ("64", "0")
        ]
        story = (await routing.client.get(f"/v1/stories/{await routing.publish_story()}")).json()
        await keeping.runtime.changes.refresh()
        verdict = story["verdict"]["id"]
        paths = [
            *(f"/v1/stories/{story['id']}{form}" for form in FORMS),
            *(f"/v1/stories/{story['slug']}{form}" for form in FORMS),
            *(f"/v1/verdicts/{verdict}{form}" for form in FORMS),
            f"/v1/verdicts/{verdict}/passages",
            f"/v1/verdicts/{verdict}/plain",
            *(f"/v1/taxonomy{form}" for form in FORMS),
            "/v1/taxonomy/fog",
            *(f"/v1/taxonomy/fog/jargon_saturation{form}" for form in FORMS),
            "/problems/gone",
            "/problems",
            "/ns",
            "/ns.md",
            "/",
        ]
        yield keeping, routing, paths


class TestACachedResponse:
    @given(data=st.data())
    @settings(
        max_examples=300,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    async def test_is_the_routes_own_to_the_byte(
        self, both: tuple[Api, Api, list[str]], data: st.DataObject
    ) -> None:
        keeping, routing, paths = both
        path = data.draw(st.sampled_from(paths))
        accept, coding = data.draw(st.sampled_from(ACCEPTS)), data.draw(st.sampled_from(CODINGS))
        asked = [(b"x-request-id", b"the-same")]
        if accept is not None:
            asked.append((b"accept", accept.encode()))
        if coding is not None:
            asked.append((b"accept-encoding", coding.encode()))
        first = await call(routing, "GET", path, asked)
        assert await call(keeping, "GET", path, asked) == first
        assert is_kept(keeping, path, accept) or first[0]["status"] == 406 or path == "/"
        given = dict(first[0]["headers"])
        tag = given.get(b"etag", b'"none"')
        date = given.get(b"last-modified", b"Thu, 01 Jan 1970 00:16:40 GMT")
        conditions = st.sampled_from(
            [
                [],
                [(b"if-none-match", tag)],
                [(b"if-none-match", b'W/"x", W/' + tag)],
                [(b"if-none-match", b'"x"'), (b"if-none-match", tag)],
                [(b"if-none-match", b"*")],
                [(b"if-none-match", b'"other"'), (b"if-modified-since", date)],
                [(b"if-modified-since", date)],
                [(b"if-modified-since", b"Thu, 01 Jan 1970 00:16:40 GMT")],
                [(b"if-modified-since", b"Thu, 01 Jan 2099 00:16:40 GMT")],
                [(b"if-modified-since", b"nonsense")],
                [(b"authorization", b"Basic eDp5")],
                [(b"x-forwarded-for", b"198.51.100.7"), (b"user-agent", b"x")],
            ]
        )
        asked += data.draw(conditions)
        method = data.draw(st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "TRACE"]))
        assert await call(keeping, method, path, asked) == await call(routing, method, path, asked)

    async def test_has_an_id_of_its_own_and_a_line_in_the_log(
        self, start_api: Start, capfd: pytest.CaptureFixture[str]
    ) -> None:
        async with start_api(UNSPUN_LOG_LEVEL="info") as api:
            path = f"/v1/stories/{await api.publish_story()}"
            await api.runtime.changes.refresh()
            answers = [await api.client.get(path) for _ in range(3)]
            assert is_kept(api, path)
        lines = request_lines(capfd.readouterr().err)
        assert [line.pop("request_id") for line in lines] == [a.headers["x-request-id"] for a in answers]
        assert len({answer.headers["x-request-id"] for answer in answers}) == 3
        assert [line.pop("cache") for line in lines] == ["miss", "hit", "hit"]
        for line in lines:
            assert line.pop("duration_ms") > 0
            del line["ts"]
        assert lines[0] == lines[1] == lines[2]
        assert lines[0]["route"] == "/v1/stories/{story}"

    async def test_costs_what_a_read_costs(self, start_api: Start) -> None:
        async with start_api(UNSPUN_ADDRESS_QUOTAS="burst=10/60") as api:
            path = f"/v1/stories/{await api.publish_story()}"
            await api.runtime.changes.refresh()
            left = [(await api.client.get(path)).headers.get("ratelimit") for _ in range(10)]
            assert is_kept(api, path)
            assert [state.partition("r=")[2].partition(";")[0] for state in left] == [
                str(n) for n in range(9, -1, -1)
            ]
            check_problem(await api.client.get(path), 429, "quota-exceeded")

    async def test_costs_a_key_nothing_when_nothing_has_changed(self, api: Api) -> None:
        path = f"/v1/stories/{await api.publish_story()}"
        await api.runtime.changes.refresh()
        tag = (await api.holder.get(path)).headers["etag"]
        before = (await api.holder.get(path)).headers["ratelimit"]
        again = await api.holder.get(path, headers={"If-None-Match": tag})
        assert is_kept(api, path)
        assert (again.status_code, again.headers["ratelimit"]) == (304, before)

    async def test_is_not_given_where_reads_are_not_public(self, start_api: Start) -> None:
        async with start_api(UNSPUN_PUBLIC_READS="false") as api:
            path = f"/v1/stories/{await api.publish_story()}"
            await api.runtime.changes.refresh()
            assert (await api.holder.get(path)).status_code == 200
            check_problem(await api.client.get(path), 401, "unauthorized")
            assert len(api.runtime.documents) == 0

    async def test_is_not_cached_under_other_spellings(self, api: Api) -> None:
        path = f"/v1/stories/{await api.publish_story()}"
        await story_of(api, path)
        held = len(api.runtime.documents)
        for spelt in (f"/{path}", f"{path}/", path.replace("/v1/", "/v1//")):
            await call(api, "GET", spelt, [])
        assert len(api.runtime.documents) == held


class TestAChange:
    async def test_is_seen_at_once_by_the_process_that_made_it(self, api: Api) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article))).story_id
        path = f"/v1/stories/{story_id}"
        before = (await story_of(api, path))["verdict"]["spin"]["score"]
        await publish(api.runtime, make_edition(article, make_assessment(article, score=before + 5)))
        assert (await story_of(api, path))["verdict"]["spin"]["score"] == before + 5

    async def test_is_seen_within_two_seconds_by_processes_without_notification(
        self, api: Api, start_api: Start
    ) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article))).story_id
        path = f"/v1/stories/{story_id}"
        score = (await story_of(api, path))["verdict"]["spin"]["score"]
        async with start_api(UNSPUN_REDIS_URL="") as other:
            await publish(other.runtime, make_edition(article, make_assessment(article, score=score + 5)))

        async def seen() -> bool:
            return bool((await api.client.get(path)).json()["verdict"]["spin"]["score"] == score + 5)

        await until(seen, 2.5)

    async def test_is_seen_by_notified_processes_at_once(self, api: Api, start_api: Start) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article))).story_id
        path = f"/v1/stories/{story_id}"
        async with start_api() as other:
            score = (await story_of(other, path))["verdict"]["spin"]["score"]
            for step in range(1, 6):
                await publish(
                    api.runtime, make_edition(article, make_assessment(article, score=score + step))
                )

                async def seen(wanted: int = score + step) -> bool:
                    return bool((await other.client.get(path)).json()["verdict"]["spin"]["score"] == wanted)

                await until(seen, 0.5)  # five times sooner than a second: it was notified

    async def test_of_a_publisher_takes_its_stories_along(self, api: Api) -> None:
        path = f"/v1/stories/{await api.publish_story()}"
        story = await story_of(api, path)
        paths = [path, f"{path}.md", f"/v1/verdicts/{story['verdict']['id']}.html"]
        for one in paths:
            await api.client.get(one)
            assert is_kept(api, one)
        source = story["source"]["id"]
        corrected = await api.holder.post(f"/v1/sources/{source}/correct", json={"name": "Quillon Daily"})
        assert corrected.status_code == 200
        for one in paths:
            assert not is_kept(api, one)
            assert "Quillon Daily" in (await api.client.get(one)).text

    async def test_leaves_nothing_of_a_retracted_story(self, api: Api) -> None:
        path = f"/v1/stories/{await api.publish_story()}"
        story = await story_of(api, path)
        verdict = f"/v1/verdicts/{story['verdict']['id']}"
        paths = [
            path,
            f"/v1/stories/{story['slug']}",
            f"{path}.html",
            verdict,
            f"{verdict}/passages",
            f"{verdict}/plain",
        ]
        for one in paths:
            await api.client.get(one)
            assert is_kept(api, one)
        async with api.runtime.pool.transaction() as connection:  # as another process does
            await retract_story(connection, api.runtime, story["id"], RETRACTION, origin=ORIGIN)

        async def gone() -> bool:
            return {(await api.client.get(one)).status_code for one in paths} == {410}

        await until(gone, 2.5)
        assert not any(is_kept(api, one) for one in paths)

    async def test_is_not_hidden_by_a_slow_reader(self, api: Api) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article))).story_id
        key = f"doc:{story_id}:json"
        old = await api.runtime.cache.call("GET", key)
        score = make_assessment(article).spin.score  # type: ignore[union-attr]  # it is scored
        await publish(api.runtime, make_edition(article, make_assessment(article, score=score + 5)))
        await api.runtime.cache.call("SET", key, old or b"")
        assert (await story_of(api, f"/v1/stories/{story_id}"))["verdict"]["spin"]["score"] == score + 5


class TestWithoutTheDatabase:
    async def test_nothing_is_served_from_memory_after_two_seconds(
        self, start_api: Start, database_url: str
    ) -> None:
        clock = StillClock()
        async with (
            through_proxy(database_url) as proxy,
            start_api(UNSPUN_DATABASE_URL=proxy.url, clock=clock) as api,
        ):
            path = f"/v1/stories/{await api.publish_story()}"
            await story_of(api, path)
            await proxy.stop()
            assert clock.monotonic() < api.runtime.changes.fresh_until
            assert (await api.client.get(path)).status_code == 200
            clock.advance(2)
            assert clock.monotonic() >= api.runtime.changes.fresh_until
            assert (await api.client.get(path)).status_code == 200  # from Valkey
            await api.runtime.cache.call("FLUSHDB")
            check_problem(await api.client.get(path), 503, "unavailable")
            await proxy.start()
            await api.runtime.changes.refresh()
            assert len(api.runtime.documents) == 0
            await story_of(api, path)
