"""The event log for clients: pages, long polls and streams with one cursor; private events stay private."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from api.jobs.housekeeping import sweep
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.storage.keys.accounts import insert_account
from api.storage.log.events import NewEvent, append_events
from schemas.event_types import EVENT_KINDS
from schemas.events import EventType
from schemas.keys import Scope
from tests.kit.clients.api_client import KEY, Api, Start, bearer
from tests.kit.clients.event_streams import listening
from tests.kit.databases import connected
from tests.kit.polling import until
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.problems import check_problem

OTHER = "acc_" + "2" * 26


async def emit(api: Api, count: int = 1, account_id: str | None = None) -> None:
    clock = api.runtime.clock
    events = [
        NewEvent(
            id=clock.new_id("evt"),
            type=EventType.ANALYSIS_COMPLETED if account_id else EventType.STORY_PUBLISHED,
            account_id=account_id,
            story_id=None,
            data={"number": number},
        )
        for number in range(count)
    ]
    async with api.runtime.pool.transaction() as connection:
        if account_id is not None:
            await insert_account(connection, account_id, "test", clock.now())
        await append_events(connection, events, clock.now())


async def forget(api: Api, count: int) -> None:
    """Age the first events beyond retention, and sweep."""
    days = api.runtime.settings.events_kept_days
    async with connected(api.owner_url) as owner:  # the service itself may not change events
        await owner.execute("ALTER TABLE events DISABLE TRIGGER events_immutable")
        await owner.execute(
            "UPDATE events SET created_at = created_at - $1::interval WHERE sequence <= $2",
            timedelta(days=days, minutes=1),
            count,
        )
        await owner.execute("ALTER TABLE events ENABLE TRIGGER events_immutable")
    await sweep(api.runtime)


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [event["sequence"] for event in events]


class TestReading:
    @pytest.mark.parametrize("after", ["x", "-1", "1.0", "evt_" + "0" * 26, "9" * 19, "5"])
    async def test_refuses_an_invalid_cursor(self, quiet_api: Api, after: str) -> None:
        for path in ("/v1/events", "/v1/events/stream"):
            check_problem(await quiet_api.holder.get(path, params={"after": after}), 400, "invalid-cursor")

    @pytest.mark.parametrize("query", ["limit=0", "limit=1001", "wait=31", "wait=-1", "type=x"])
    async def test_refuses_parameters_out_of_range(self, quiet_api: Api, query: str) -> None:
        check_problem(await quiet_api.holder.get(f"/v1/events?{query}"), 400, "invalid-request")

    async def test_refuses_the_id_of_an_event_that_is_not_the_callers(self, api: Api) -> None:
        await emit(api, account_id=DEFAULT_ACCOUNT)
        (event,) = (await api.holder.get("/v1/events")).json()["data"]
        other = await api.make_key(Scope.READ_STORIES, account_id=OTHER)
        answer = await api.client.get(f"/v1/events?after={event['id']}", headers=bearer(other))
        check_problem(answer, 400, "invalid-cursor")

    async def test_walks_the_whole_log_in_order(self, api: Api) -> None:
        await emit(api, 7)
        seen: list[int] = []
        page = {"has_more": True, "next_cursor": "0"}
        while page["has_more"]:
            page = (await api.holder.get(f"/v1/events?limit=3&after={page['next_cursor']}")).json()
            seen += numbers(page["data"])
        assert seen == [1, 2, 3, 4, 5, 6, 7]
        assert page["next_cursor"] == "7"

    async def test_goes_on_after_an_events_id_as_after_its_number(self, api: Api) -> None:
        await emit(api, 3)
        events = (await api.holder.get("/v1/events")).json()["data"]
        assert (await api.holder.get(f"/v1/events?after={events[0]['id']}")).json()["data"] == events[1:]

    async def test_shows_private_events_to_their_account_alone(self, api: Api) -> None:
        other = await api.make_key(Scope.READ_STORIES, account_id=OTHER)
        await emit(api, 2, DEFAULT_ACCOUNT)
        await emit(api, 1)
        await emit(api, 1, OTHER)
        mine = (await api.holder.get("/v1/events")).json()
        theirs = (await api.client.get("/v1/events", headers=bearer(other))).json()
        assert numbers(mine["data"]) == [1, 2, 3]
        assert numbers(theirs["data"]) == [3, 4]
        assert mine["next_cursor"] == theirs["next_cursor"] == "4"

    async def test_moves_the_cursor_past_what_is_not_the_callers(self, api: Api) -> None:
        await api.make_key(Scope.READ_STORIES, account_id=OTHER)
        await emit(api, 5, OTHER)
        page = (await api.holder.get("/v1/events")).json()
        assert (page["data"], page["next_cursor"]) == ([], "5")

    async def test_serves_an_event_per_line_as_ndjson(self, api: Api) -> None:
        await emit(api, 2)
        answer = await api.holder.get("/v1/events", headers={"Accept": "application/x-ndjson"})
        assert answer.headers["content-type"] == "application/x-ndjson"
        events = [msgspec.json.decode(line) for line in answer.text.splitlines()]
        assert events == (await api.holder.get("/v1/events")).json()["data"]
        assert "after=2&" in answer.headers["link"]

    async def test_contains_the_score_of_a_story(self, api: Api) -> None:
        story_id = await api.publish_story()
        (event,) = (await api.holder.get("/v1/events")).json()["data"]
        assert (event["type"], event["account_id"]) == ("story.published", None)
        assert event["data"]["story_id"] == story_id
        assert event["data"]["published_at"] == "2026-03-01T08:00:00.000Z"
        assert event["data"]["source"] == "Brightwater News"


class TestForgottenEvents:
    async def test_are_refused_by_their_cursor_and_passed_over_from_the_beginning(self, api: Api) -> None:
        await emit(api, 5)
        await forget(api, 3)
        for path in ("/v1/events", "/v1/events/stream"):
            check_problem(await api.holder.get(f"{path}?after=2"), 410, "events-forgotten")
        assert numbers((await api.holder.get("/v1/events?after=3")).json()["data"]) == [4, 5]
        assert numbers((await api.holder.get("/v1/events")).json()["data"]) == [4, 5]

    async def test_leave_the_numbers_of_later_ones_as_they_were(self, api: Api) -> None:
        await emit(api, 2)
        await forget(api, 2)
        assert (await api.holder.get("/v1/events")).json()["next_cursor"] == "2"
        await emit(api, 1)
        assert numbers((await api.holder.get("/v1/events?after=2")).json()["data"]) == [3]


class TestWaiting:
    async def test_ends_with_the_next_event(self, api: Api) -> None:
        await emit(api, 1)
        waiting = asyncio.create_task(api.holder.get("/v1/events?after=1&wait=30"))
        await emit(api, 1)
        assert numbers((await asyncio.wait_for(waiting, 5)).json()["data"]) == [2]

    async def test_ends_without_one_after_the_time(self, api: Api) -> None:
        began = api.runtime.clock.monotonic()
        page = (await api.holder.get("/v1/events?wait=1")).json()
        assert (page["data"], page["next_cursor"]) == ([], "0")
        assert 1 <= api.runtime.clock.monotonic() - began < 4

    async def test_is_not_ended_by_what_others_alone_may_see(self, api: Api) -> None:
        await api.make_key(Scope.READ_STORIES, account_id=OTHER)
        waiting = asyncio.create_task(api.holder.get("/v1/events?wait=30"))
        await emit(api, 3, OTHER)
        await emit(api, 1)
        assert numbers((await asyncio.wait_for(waiting, 5)).json()["data"]) == [4]


class TestStreaming:
    async def test_sends_what_follows_the_cursor_and_then_what_comes(self, api: Api) -> None:
        await emit(api, 3)
        async with listening(api, KEY, query="after=1") as stream:
            assert numbers(await stream.until_events(2)) == [2, 3]
            await emit(api, 2)
            assert numbers(await stream.until_events(4)) == [2, 3, 4, 5]
        message = stream.messages[0]
        assert (message["id"], message["event"]) == ("2", "story.published")
        (second,) = (await api.holder.get("/v1/events?after=1&limit=1")).json()["data"]
        assert stream.events[0] == second

    async def test_begins_with_what_comes_where_there_is_no_cursor(self, api: Api) -> None:
        await emit(api, 3)
        async with listening(api, KEY) as stream:
            await emit(api, 1)
            assert numbers(await stream.until_events(1)) == [4]

    async def test_has_headers_for_browsers_and_proxies(self, api: Api) -> None:
        async with listening(api, KEY) as stream:
            assert stream.status == 200
            assert stream.headers["content-type"] == "text/event-stream"
            assert stream.headers["cache-control"] == "no-store"
            assert stream.headers["x-accel-buffering"] == "no"
            assert "content-encoding" not in stream.headers
            assert stream.text.startswith(": connected\nretry: 5000\n")

    async def test_shows_private_events_to_their_account_alone(self, api: Api) -> None:
        other = await api.make_key(Scope.READ_STORIES, account_id=OTHER)
        async with listening(api, KEY) as mine, listening(api, other.secret or "") as theirs:
            await emit(api, 1, DEFAULT_ACCOUNT)
            await emit(api, 1, OTHER)
            await emit(api, 1)
            assert numbers(await mine.until_events(2)) == [1, 3]
            assert numbers(await theirs.until_events(2)) == [2, 3]

    async def test_ends_after_its_time(self, start_api: Start) -> None:
        async with start_api(UNSPUN_STREAM_MAX_S="0.3") as api, listening(api, KEY) as stream:
            await asyncio.wait_for(stream.over.wait(), 5)

    async def test_is_refused_to_a_key_that_has_too_many(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_STREAMS_PER_KEY="1") as api:
            async with listening(api, KEY), listening(api, KEY) as second:
                assert second.status == 429
                assert second.headers["retry-after"] == "60"

            async def let_in() -> bool:
                async with listening(api, KEY) as third:
                    return third.status == 200

            await until(let_in, 5)

    async def test_misses_and_repeats_nothing_over_twenty_disconnections(self, api: Api) -> None:
        chance, total = random.Random(6), 120

        async def write() -> None:
            for _ in range(total // 4):
                await emit(api, 2)
                await emit(api, 2, DEFAULT_ACCOUNT)

        writing = asyncio.create_task(write())
        seen: list[int] = []
        for _ in range(20):
            async with listening(api, KEY, headers={"last-event-id": str(seen[-1] if seen else 0)}) as stream:
                if len(seen) < total:
                    await stream.until_events(min(chance.randrange(1, 5), total - len(seen)))
            seen += numbers(stream.events)
        await writing
        if len(seen) < total:
            async with listening(api, KEY, headers={"last-event-id": str(seen[-1])}) as stream:
                seen += numbers(await stream.until_events(total - len(seen)))
        assert seen == list(range(1, total + 1))


class TestChangingTheTransport:
    async def test_misses_nothing_at_any_event(self, api: Api) -> None:
        """Pages, long polls and streams in turn, each from the previous cursor."""
        await emit(api, 4)
        first = (await api.holder.get("/v1/events?limit=2")).json()
        seen = numbers(first["data"])
        async with listening(api, KEY, query=f"after={first['next_cursor']}") as stream:
            await emit(api, 1)
            seen += numbers(await stream.until_events(3))
        waiting = asyncio.create_task(api.holder.get(f"/v1/events?after={stream.messages[-1]['id']}&wait=20"))
        await emit(api, 1)
        seen += numbers((await waiting).json()["data"])
        assert seen == [1, 2, 3, 4, 5, 6]


class TestTheTypes:
    async def test_are_all_listed_with_an_example_that_fits_its_schema(self, quiet_api: Api) -> None:
        page = (await quiet_api.client.get("/v1/event-types")).json()
        assert {entry["type"] for entry in page["data"]} == set(EventType)
        for entry in page["data"]:
            jsonschema_rs.meta.validate(entry["data_schema"])
            jsonschema_rs.validator_for(entry["data_schema"]).validate(entry["example"]["data"])
            assert (entry["example"]["account_id"] is not None) == entry["private"]

    async def test_are_webhooks_of_the_contract(self, quiet_api: Api) -> None:
        document = (await quiet_api.client.get("/openapi.json")).json()
        assert set(document["webhooks"]) == {kind.type.value for kind in EVENT_KINDS}

    async def test_match_the_events_of_the_service(self, api: Api) -> None:
        await publish(api.runtime, make_edition(make_article()))
        again = make_article(paragraphs=["Brightwater calls it a breakthrough.", "It is late."])
        await publish(api.runtime, make_edition(again, make_assessment(again, claims=[])))
        types = {entry["type"]: entry for entry in (await api.client.get("/v1/event-types")).json()["data"]}
        events = (await api.holder.get("/v1/events")).json()["data"]
        assert [event["type"] for event in events] == ["story.published", "verdict.revised"]
        for event in events:
            jsonschema_rs.validator_for(types[event["type"]]["data_schema"]).validate(event["data"])
            assert set(event["data"]) == set(types[event["type"]]["example"]["data"])
