"""Delivery of events: signed, once, retried, given up, fair."""

# Long because all tests need the same world of worker, receiver and clock.

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from statistics import median

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from api.fetching.client import GuardedClient
from api.jobs.webhook_sender import WebhookSender
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.runtime.fetch_policy import delivery_policy
from api.storage.log.events import NewEvent, append_events
from schemas.events import EventType
from schemas.keys import Scope
from tests.kit.clients.api_client import bearer
from tests.kit.clients.event_streams import listening
from tests.kit.polling import until
from tests.kit.servers.receiver import Reply
from tests.kit.texts.problems import check_problem
from tests.kit.worlds.delivery_world import HOST, OTHER, World


class TestAnEndpoint:
    async def test_gets_nothing_but_pings_until_it_has_answered_one(self, world: World) -> None:
        world.receiver.replies["/hook"] = Reply(500)
        created = await world.endpoint()
        await world.emit_and_deliver()
        assert [one.event.type for one in world.receiver.received] == ["webhook.ping"]
        world.receiver.replies["/hook"] = Reply(204)
        await world.retry()
        assert (await world.api.holder.get(f"/v1/webhooks/{created['id']}")).json()["status"] == "active"
        await world.emit_and_deliver()
        assert len(world.receiver.of("/hook")) == 1

    async def test_gets_what_it_wants_and_nothing_else(self, world: World) -> None:
        await world.endpoint("/all")
        await world.endpoint("/heavy", predicate="spin.score >= 70")
        await world.endpoint("/failed", event_types=["analysis.failed"])
        await world.story(1, score=90)
        await world.story(2, score=20)
        await world.emit(1, DEFAULT_ACCOUNT)
        await world.emit_and_deliver(1, OTHER)
        got = {
            path: [one.event.sequence for one in world.receiver.of(path)]
            for path in ("/all", "/heavy", "/failed")
        }
        assert {path: sorted(numbers) for path, numbers in got.items()} == {
            "/all": [1, 2, 3],
            "/heavy": [1],
            "/failed": [3],
        }

    async def test_gets_the_event_of_the_log_signed_and_in_its_own_name(self, world: World) -> None:
        created = await world.endpoint()
        await world.story()
        await world.deliver()
        (received,) = world.receiver.of("/hook")
        received.verify(created["secret"])
        with pytest.raises(WebhookVerificationError):
            received.verify("whsec_" + "A" * 43 + "=")
        (event,) = (await world.api.holder.get("/v1/events")).json()["data"]
        assert received.headers["webhook-id"] == event["id"]
        assert world.receiver.received[-1].event.sequence == event["sequence"]
        assert received.headers["content-type"] == "application/json"
        assert received.headers["user-agent"].startswith("Unspun-Webhooks/")
        assert b'"story.published"' in received.body

    async def test_gets_signatures_of_both_secrets_while_one_replaces_the_other(self, world: World) -> None:
        created = await world.endpoint()
        rotated = (await world.api.holder.post(f"/v1/webhooks/{created['id']}/secret/rotate", json={})).json()
        await world.emit_and_deliver()
        (received,) = world.receiver.of("/hook")
        received.verify(created["secret"])
        received.verify(rotated["secret"])

    async def test_gets_the_verdict_too_where_it_asked_for_all_of_it(self, world: World) -> None:
        await world.endpoint("/thin")
        await world.endpoint("/full", payload="full")
        await world.story()
        await world.deliver()
        (thin,), (full,) = world.receiver.of("/thin"), world.receiver.of("/full")
        assert "verdict" not in thin.event.data
        assert full.event.data["verdict"]["claims"][0]["support"] == "attributed"
        assert len(full.body) <= 20_000
        assert {**full.event.data, "verdict": None} == {**thin.event.data, "verdict": None}

    async def test_gets_its_own_headers_beside_ours(self, world: World) -> None:
        created = await world.endpoint(headers={"Authorization": "Bearer gateway", "X-Team": "desk"})
        await world.emit_and_deliver()
        (received,) = world.receiver.of("/hook")
        received.verify(created["secret"])
        assert (received.headers["authorization"], received.headers["x-team"]) == ("Bearer gateway", "desk")
        assert received.headers["content-type"] == "application/json"

    async def test_gets_nothing_at_a_new_address_before_that_has_answered(self, world: World) -> None:
        created = await world.endpoint("/old")
        world.receiver.replies["/old"] = Reply(500)
        world.receiver.replies["/new"] = Reply(500)
        await world.emit_and_deliver(3)
        answer = await world.api.holder.post(
            f"/v1/webhooks/{created['id']}/update", json={"url": f"http://{HOST}/new"}
        )
        assert answer.json()["status"] == "pending"
        await world.retry()
        assert [one.event.type for one in world.receiver.received if one.path == "/new"] == ["webhook.ping"]
        world.receiver.replies["/new"] = Reply(204)
        await world.retry()
        assert sorted(one.event.sequence for one in world.receiver.of("/new")) == [1, 2, 3]

    async def test_is_not_made_active_by_the_answer_of_an_address_that_it_had_before(
        self, world: World
    ) -> None:
        created = await world.endpoint("/first")
        path = f"/v1/webhooks/{created['id']}"
        await world.api.holder.post(f"{path}/update", json={"url": f"http://{HOST}/second"})
        await world.sender.round()  # the ping to the second address is in flight
        await world.api.holder.post(f"{path}/update", json={"url": f"http://{HOST}/third"})
        world.receiver.replies["/third"] = Reply(500)
        await world.deliver()
        assert (await world.api.holder.get(path)).json()["status"] == "pending"

    async def test_gets_no_more_a_second_than_it_asked_for_from_all_workers_together(
        self, world: World
    ) -> None:
        loop, times = asyncio.get_running_loop(), list[float]()

        def note(_: object) -> Reply:
            times.append(loop.time())
            return Reply()

        await world.endpoint(rate_limit=10)
        world.receiver.replies["/hook"] = note
        await world.endpoint("/free")
        stop = asyncio.Event()
        client = GuardedClient(delivery_policy(world.api.runtime.settings))
        other = WebhookSender(world.api.runtime, client, lambda: 0.5, width=100)
        begun = loop.time()
        working = [asyncio.create_task(sender.run(stop)) for sender in (world.sender, other)]
        await world.emit(15)
        await until(lambda: len(times) >= 15 and len(world.receiver.of("/free")) == 15, 10)
        stop.set()
        await asyncio.gather(*working)
        await client.aclose()
        # a slow machine may deliver delayed events together, but none early
        assert all(time >= begun + turn / 10 - 0.05 for turn, time in enumerate(times))
        assert await world.deliveries() == [("succeeded", 1)] * 30


class TestADelivery:
    @pytest.mark.parametrize(
        ("reply", "state"),
        [
            (Reply(200), ("succeeded", 1)),
            (Reply(302, {"Location": "http://127.0.0.1/"}), ("pending", 1)),
            (Reply(404), ("pending", 1)),
            (Reply(500), ("pending", 1)),
            (Reply(500, {"Webhook-Delivery": "abort-message"}), ("failed", 1)),
            (Reply(200, endless=True), ("succeeded", 1)),
        ],
        ids=["200", "302", "404", "500", "abort", "endless"],
    )
    async def test_is_judged_by_the_answer(self, world: World, reply: Reply, state: tuple[str, int]) -> None:
        await world.endpoint()
        world.receiver.replies["/hook"] = reply
        await world.emit_and_deliver()
        assert await world.deliveries() == [state]
        assert len(world.receiver.of("/hook")) == 1

    async def test_is_tried_ten_times_under_one_id_and_then_failed(self, world: World) -> None:
        await world.endpoint()
        world.receiver.replies["/hook"] = Reply(500)
        await world.emit()
        for _ in range(12):
            world.sender._breakers.clear()  # skips its intervals of half a minute
            world.sender._blocked.clear()
            await world.retry()
        assert await world.deliveries() == [("failed", 10)]
        received = world.receiver.of("/hook")
        assert len(received) == 10
        assert len({one.headers["webhook-id"] for one in received}) == 1

    async def test_is_sent_again_when_its_worker_died_with_it(self, world: World) -> None:
        await world.endpoint()
        await world.emit()
        await world.sender.round()  # claims it and dies
        for task in list(world.sender._attempts):
            task.cancel()
        await asyncio.gather(*world.sender._attempts, return_exceptions=True)
        client = GuardedClient(delivery_policy(world.api.runtime.settings))
        world.sender = WebhookSender(world.api.runtime, client, lambda: 0.5, width=10)
        await world.deliver()
        assert await world.deliveries() == [("pending", 0)]  # until its lease ends
        await world.retry()
        assert await world.deliveries() == [("succeeded", 1)]
        await client.aclose()

    async def test_that_was_taken_and_not_begun_is_given_back_by_a_worker_that_stops(
        self, world: World
    ) -> None:
        await world.endpoint()
        world.receiver.replies["/hook"] = Reply(hang=True)
        await world.emit(8)
        await world.sender.round()  # two are in flight, since it has responded once
        stop = asyncio.Event()
        stop.set()
        leaving = asyncio.create_task(world.sender.run(stop))

        async def given_back() -> bool:
            due = "SELECT count(*) FROM deliveries WHERE status = 'pending' AND next_attempt_at <= now()"
            return (await world.api.rows(due))[0]["count"] == 6

        await until(given_back, 10)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)

    async def test_is_missing_if_the_transaction_failed(self, world: World) -> None:
        await world.endpoint()

        async def fail() -> None:
            clock = world.api.runtime.clock
            async with world.api.runtime.pool.transaction() as connection:
                event = NewEvent(
                    id=clock.new_id("evt"),
                    type=EventType.STORY_PUBLISHED,
                    account_id=None,
                    story_id=None,
                    data={},
                )
                await append_events(connection, [event], clock.now())
                raise ZeroDivisionError

        with suppress(ZeroDivisionError):
            await fail()
        await world.deliver()
        assert world.receiver.of("/hook") == []


class TestDisabling:
    async def test_happens_at_once_on_410_and_emits_an_event(self, world: World) -> None:
        created = await world.endpoint()
        await world.endpoint("/ops", event_types=["endpoint.disabled"])
        world.receiver.replies["/hook"] = Reply(410)
        await world.emit_and_deliver(3)
        endpoint = (await world.api.holder.get(f"/v1/webhooks/{created['id']}")).json()
        assert (endpoint["status"], endpoint["disabled_reason"]) == ("disabled", "gone")
        (notice,) = world.receiver.of("/ops")
        assert (notice.event.type, notice.event.data["endpoint_id"]) == ("endpoint.disabled", created["id"])
        sent = len(world.receiver.of("/hook"))
        await world.emit_and_deliver(2)
        assert len(world.receiver.of("/hook")) == sent

    async def test_comes_after_five_days_of_failures(self, world: World) -> None:
        created = await world.endpoint()
        world.receiver.replies["/hook"] = Reply(500)
        await world.emit_and_deliver()
        await world.api.rows(
            "UPDATE webhook_endpoints SET failing_since = now() - $1::interval WHERE id = $2",
            timedelta(days=6),
            created["id"],
        )
        await world.retry()
        endpoint = (await world.api.holder.get(f"/v1/webhooks/{created['id']}")).json()
        assert (endpoint["status"], endpoint["disabled_reason"]) == ("disabled", "failing")


class TestABreaker:
    async def test_spares_an_endpoint_that_failed_ten_times_and_gives_it_what_it_missed_later(
        self, world: World
    ) -> None:
        created = await world.endpoint()
        world.receiver.replies["/hook"] = Reply(500)
        await world.emit_and_deliver(12)
        tried = len(world.receiver.of("/hook"))
        assert tried == 9  # nine of ten responses, including the ping's, were failures
        await world.emit_and_deliver(4)
        assert len(world.receiver.of("/hook")) == tried
        assert len(await world.deliveries()) == 9  # an endpoint that failed gets no rows
        world.receiver.replies["/hook"] = Reply(204)
        world.sender._breakers.clear()
        world.sender._blocked.clear()
        await world.api.rows(
            "UPDATE webhook_endpoints SET breaker_until = now() - interval '1 s' WHERE id = $1", created["id"]
        )
        await world.retry()
        await world.retry()
        assert {one.event.sequence for one in world.receiver.of("/hook")[tried:]} == set(range(1, 17))

    async def test_leaves_a_healthy_endpoint_its_speed_beside_a_hundred_that_hang(self, world: World) -> None:
        for number in range(100):
            await world.api.holder.post("/v1/webhooks", json={"url": f"http://{HOST}/hole/{number}"})
        await world.endpoint("/well")
        for number in range(100):
            world.receiver.replies[f"/hole/{number}"] = Reply(hang=True)
        working = asyncio.create_task(world.sender.run(asyncio.Event()))
        clock, waits = world.api.runtime.clock, []
        for count in range(1, 11):
            began = clock.monotonic()
            await world.emit()

            async def arrived(count: int = count) -> bool:
                return len(world.receiver.of("/well")) >= count

            await until(arrived, 10)
            waits.append(clock.monotonic() - began)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        # most of them, even on a slow machine: a benchmark measures the slowest
        assert median(waits) < 2


class TestAllTransports:
    async def test_have_the_same_event_under_the_same_id(self, world: World) -> None:
        created = await world.endpoint()
        reader = await world.api.make_key(Scope.READ_STORIES, account_id=OTHER)
        async with listening(world.api, reader.secret or "") as stream:
            await world.story()
            (streamed,) = await stream.until_events(1)
        await world.deliver()
        (received,) = world.receiver.of("/hook")
        received.verify(created["secret"])
        (listed,) = (await world.api.client.get("/v1/events", headers=bearer(reader))).json()["data"]
        assert streamed == listed
        assert received.headers["webhook-id"] == listed["id"]
        await world.story()  # the same assessment again
        await world.deliver()
        assert len(world.receiver.of("/hook")) == 1


class TestTheLogOfDeliveries:
    async def test_has_attempts_and_responses(self, world: World) -> None:
        created = await world.endpoint()
        world.receiver.replies["/hook"] = Reply(503, body=b"later \x00" + b"x" * 5_000)
        await world.emit_and_deliver()
        path = f"/v1/webhooks/{created['id']}"
        listed = (await world.api.holder.get(f"{path}/deliveries?status=pending")).json()["data"]
        assert [(one["event_type"], one["attempts"]) for one in listed] == [("story.published", 1)]
        assert listed[0]["next_attempt_at"] is not None
        succeeded = (await world.api.holder.get(f"{path}/deliveries?status=succeeded")).json()["data"]
        assert [one["event_type"] for one in succeeded] == ["webhook.ping"]
        attempts = (await world.api.holder.get(f"{path}/attempts?delivery={listed[0]['id']}")).json()["data"]
        assert [(one["number"], one["status_code"], one["error"]) for one in attempts] == [(1, 503, None)]
        assert attempts[0]["answer"].startswith("later x")
        assert len(attempts[0]["answer"]) <= 1_024

    async def test_has_the_reason_for_a_missing_response(self, world: World) -> None:
        created = await world.endpoint()
        await world.api.rows("UPDATE webhook_endpoints SET url = 'http://127.0.0.1:1/'")
        await world.emit_and_deliver()
        attempts = (await world.api.holder.get(f"/v1/webhooks/{created['id']}/attempts")).json()["data"]
        assert (attempts[0]["status_code"], attempts[0]["error"]) == (None, "URL not allowed")


class TestSendingAgain:
    async def test_is_refused_to_an_endpoint_that_is_not_active(self, world: World) -> None:
        created = await world.endpoint()
        await world.api.holder.post(f"/v1/webhooks/{created['id']}/disable")
        for call, body in (("test", {}), ("recover", {"since": "2999-01-01T00:00:00Z"})):
            answer = await world.api.holder.post(f"/v1/webhooks/{created['id']}/{call}", json=body)
            assert answer.status_code == 409

    async def test_keeps_the_events_id(self, world: World) -> None:
        created = await world.endpoint()
        await world.emit_and_deliver()
        (delivery, _) = (await world.api.holder.get(f"/v1/webhooks/{created['id']}/deliveries")).json()[
            "data"
        ]
        path = f"/v1/webhooks/{created['id']}/deliveries"
        resent = (await world.api.holder.post(f"{path}/{delivery['id']}/resend")).json()
        assert (resent["attempts"], resent["finished_at"]) == (1, None)
        assert resent["succeeded_at"] == delivery["succeeded_at"] == delivery["finished_at"]
        await world.retry()
        (again, _) = (await world.api.holder.get(path)).json()["data"]
        assert (again["attempts"], again["succeeded_at"]) == (2, delivery["succeeded_at"])
        assert again["finished_at"] > again["succeeded_at"]
        attempts = (await world.api.holder.get(f"/v1/webhooks/{created['id']}/attempts")).json()["data"]
        assert [one["number"] for one in attempts if one["delivery_id"] == delivery["id"]] == [2, 1]
        first, second = world.receiver.of("/hook")
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.body == second.body

    async def test_recovers_what_was_missed_while_disabled_and_only_that(self, world: World) -> None:
        began = world.api.runtime.clock.now()
        created = await world.endpoint()
        await world.emit_and_deliver(2)
        await world.api.holder.post(f"/v1/webhooks/{created['id']}/disable")
        await world.emit_and_deliver(3)
        await world.api.holder.post(f"/v1/webhooks/{created['id']}/enable")
        await world.deliver()
        assert len(world.receiver.of("/hook")) == 2
        answer = await world.api.holder.post(
            f"/v1/webhooks/{created['id']}/recover", json={"since": began.isoformat()}
        )
        assert answer.status_code == 202
        await world.deliver()
        assert sorted(one.event.sequence for one in world.receiver.of("/hook")) == [1, 2, 3, 4, 5]

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "#"),
            ({"since": "2026-01-01T00:00:00Z", "after": "1"}, "#"),
            ({"since": "2999-01-01T00:00:00Z", "until": "2998-01-01T00:00:00Z"}, "#/until"),
        ],
    )
    async def test_is_refused_for_an_invalid_period(
        self, world: World, body: dict[str, str], pointer: str
    ) -> None:
        created = await world.endpoint()
        answer = await world.api.holder.post(f"/v1/webhooks/{created['id']}/recover", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)

    async def test_is_refused_after_a_cursor_beyond_the_end(self, world: World) -> None:
        created = await world.endpoint()
        answer = await world.api.holder.post(f"/v1/webhooks/{created['id']}/recover", json={"after": "7"})
        check_problem(answer, 400, "invalid-cursor")

    async def test_recovers_between_two_times_and_nothing_else(self, world: World) -> None:
        created = await world.endpoint()
        path = f"/v1/webhooks/{created['id']}"
        await world.api.holder.post(f"{path}/disable")
        await world.emit(3)
        began = world.api.runtime.clock.now() + timedelta(milliseconds=1)
        await until(lambda: _past(world, began))
        await world.emit(2)
        ended = world.api.runtime.clock.now()
        await until(lambda: _past(world, ended))
        await world.emit(3)
        await world.api.holder.post(f"{path}/enable")
        await world.deliver()
        stretch = {"since": began.isoformat(), "until": ended.isoformat()}
        assert (await world.api.holder.post(f"{path}/recover", json=stretch)).status_code == 202
        await world.deliver()
        assert sorted(one.event.sequence for one in world.receiver.of("/hook")) == [4, 5]

    async def test_recovers_what_follows_the_last_event_of_another_transport(self, world: World) -> None:
        await world.emit_and_deliver(4)
        page = (await world.api.holder.get("/v1/events?limit=2")).json()
        created = await world.endpoint()
        await world.api.holder.post(
            f"/v1/webhooks/{created['id']}/recover", json={"after": page["data"][-1]["id"]}
        )
        await world.emit_and_deliver(1)
        received = world.receiver.of("/hook")
        assert sorted(one.event.sequence for one in received) == [3, 4, 5]
        last = max(received, key=lambda one: one.event.sequence).headers["webhook-id"]
        await world.emit(2)
        rest = (await world.api.holder.get(f"/v1/events?after={last}")).json()["data"]
        assert [event["sequence"] for event in rest] == [6, 7]

    @pytest.mark.parametrize("payload", ["thin", "full"])
    async def test_sends_an_example_outside_the_log(self, world: World, payload: str) -> None:
        created = await world.endpoint(event_types=["analysis.failed"], payload=payload)
        path = f"/v1/webhooks/{created['id']}/test"
        assert (await world.api.holder.post(path, json={"event_type": "appeal.decided"})).status_code == 202
        await world.deliver()
        (received,) = world.receiver.of("/hook")
        received.verify(created["secret"])
        assert (received.event.type, received.event.sequence) == ("appeal.decided", None)
        assert (await world.api.holder.get("/v1/events")).json()["data"] == []


async def _past(world: World, moment: datetime) -> bool:
    return world.api.runtime.clock.now() > moment
