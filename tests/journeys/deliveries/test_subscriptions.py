"""Fan-out: recipients, batches, order, and endpoints that are far behind."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest
from msgspec.structs import replace
from standardwebhooks.webhooks import WebhookVerificationError
from structlog.testing import capture_logs

from api.jobs.housekeeping import sweep
from api.operations.webhooks.fan_out import EVENTS, MAX_DUE, RECOVERED, fan_out, find_behind, recover_missed
from api.webhooks.breaker import WIDEST
from api.webhooks.payloads import MAX_BYTES
from schemas.assessments import EntityMention
from schemas.enums import EntityType
from schemas.events import EventType
from tests.kit.polling import until
from tests.kit.servers.fakes import StillClock
from tests.kit.servers.receiver import Reply
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.worlds.delivery_world import World, running_world


class TestAFanOut:
    async def test_of_very_many_events_is_done_in_batches_by_any_worker(self, world: World) -> None:
        await world.endpoint(predicate=f"sequence % {EVENTS - 100} == 1")
        await world.emit(3 * EVENTS)
        runtime = world.api.runtime
        brought = [await fan_out(runtime, ())]
        brought += await asyncio.gather(fan_out(runtime, ()), fan_out(runtime, ()))
        while left := await fan_out(runtime, ()):
            brought.append(left)
        assert sum(brought) == 3 * EVENTS
        assert max(brought) == EVENTS
        assert await world.api.rows("SELECT FROM fan_outs") == []
        await world.deliver()
        wanted = range(1, 3 * EVENTS + 1, EVENTS - 100)
        assert sorted(one.event.sequence for one in world.receiver.of("/hook")) == [*wanted]

    async def test_passes_over_an_endpoint_that_is_far_behind_and_makes_up_for_it(self, world: World) -> None:
        slow = await world.endpoint("/slow")
        late = MAX_DUE + 100
        await world.endpoint("/well", predicate=f"sequence > {late}")
        runtime = world.api.runtime
        await world.emit(late)
        while await fan_out(runtime, ()):
            pass
        behind = await find_behind(runtime)
        assert behind == {slow["id"]}
        await world.emit(50)
        await fan_out(runtime, behind)
        rows = "SELECT endpoint_id, count(*) AS n FROM deliveries WHERE event_sequence > $1 GROUP BY 1"
        assert [row["n"] for row in await world.api.rows(rows, late)] == [50], "the other one's"
        await world.deliver()
        assert len(world.receiver.of("/well")) == 50
        got = [one.event.sequence for one in world.receiver.of("/slow")]
        assert sorted(got) == [*range(1, late + 51)], "each, and each once"


class TestARecovery:
    async def test_of_much_leaves_the_others_their_turn(self, world: World) -> None:
        created = [(await world.endpoint(f"/{n}", predicate="sequence % 600 == 1"))["id"] for n in range(3)]
        await world.emit_and_deliver(3 * RECOVERED)
        await world.api.rows("UPDATE webhook_endpoints SET missed_after = 0")
        turns, last = list[str](), ""
        for _ in range(12):
            last = await recover_missed(world.api.runtime, last) or ""
            turns.append(last)
        assert turns == [*created, ""] * 3, "a stretch each, three times"
        assert await recover_missed(world.api.runtime, "") in created, "the end of the log is looked at"
        await world.deliver()
        assert [len(world.receiver.of(f"/{n}")) for n in range(3)] == [3, 3, 3], "nothing twice"


async def let_age(owner_url: str, age: str, *, through: int) -> None:
    """Backdate the events up to a number. The log is append-only, so they are inserted again."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute(f"""
        CREATE TEMP TABLE aged AS SELECT * FROM events WHERE sequence <= {through};
        UPDATE aged SET created_at = now() - interval '{age}';
        DELETE FROM events WHERE sequence <= {through};
        INSERT INTO events SELECT * FROM aged;
    """)
    await connection.close()


class TestAGap:
    """Events that were deleted from the log before an endpoint received them."""

    async def test_is_reported_to_endpoint_account_and_log(self, world: World, owner_url: str) -> None:
        created = await world.endpoint(predicate="sequence % 2 == 1")
        ops = await world.endpoint("/ops", event_types=["webhook.gap"])
        path = f"/v1/webhooks/{created['id']}"
        assert (await world.api.holder.get(path)).json()["lost_through"] is None
        await world.emit_and_deliver(10)
        await world.api.rows("UPDATE webhook_endpoints SET missed_after = 0 WHERE id = $1", created["id"])
        await let_age(owner_url, "31 days", through=6)
        await world.api.rows("DELETE FROM deliveries WHERE event_sequence > 6")
        with capture_logs() as logged:
            await sweep(world.api.runtime)
            await world.deliver()
        lines = [line for line in logged if line["event"] == "events_lost"]
        assert [(line["endpoint"], line["through"]) for line in lines] == [(created["id"], 6)]
        assert (await world.api.holder.get(path)).json()["lost_through"] == 6
        assert (await world.api.holder.get(f"/v1/webhooks/{ops['id']}")).json()["lost_through"] is None
        (gap,) = [one.event for one in world.receiver.of("/ops") if one.event.sequence]
        assert (gap.type, gap.account_id) == (EventType.WEBHOOK_GAP, created["account_id"])
        assert gap.data == {
            "endpoint_id": created["id"], "url": created["url"], "lost_after": 0, "lost_through": 6,
        }  # fmt: skip
        got = [one.event.sequence for one in world.receiver.of("/hook") if one.event.sequence > 6]
        assert sorted(got) == [7, 7, 9, 9, 11], "what is kept came again, and the gap's own event"

    async def test_is_no_news_where_nothing_that_was_missed_is_gone(
        self, world: World, owner_url: str
    ) -> None:
        created = await world.endpoint()
        await world.emit_and_deliver(4)
        await let_age(owner_url, "31 days", through=2)
        await sweep(world.api.runtime)
        await world.api.rows("UPDATE webhook_endpoints SET missed_after = 2")
        await world.deliver()
        assert (await world.api.holder.get(f"/v1/webhooks/{created['id']}")).json()["lost_through"] is None
        assert (await world.api.rows("SELECT max(sequence) AS n FROM events"))[0]["n"] == 4

    @pytest.mark.parametrize("swept", [True, False])
    async def test_in_what_is_to_be_recovered_is_refused(
        self, world: World, owner_url: str, swept: bool
    ) -> None:
        created = await world.endpoint()
        await world.emit_and_deliver(4)
        path = f"/v1/webhooks/{created['id']}/recover"
        long_ago = {"since": (datetime.now(UTC) - timedelta(days=400)).isoformat()}
        assert (await world.api.holder.post(path, json=long_ago)).status_code == 202, "nothing is forgotten"
        await world.deliver()
        for sequence in (4, 3, 2, 1):
            await let_age(owner_url, f"{40 - 2 * sequence} days", through=sequence)
        if swept:
            await world.emit_and_deliver()
            await sweep(world.api.runtime)
        else:
            await world.api.rows("DELETE FROM events WHERE sequence <= 3")
        for body, status in (
            (long_ago, 410),
            ({"since": (datetime.now(UTC) - timedelta(days=33)).isoformat()}, 410),
            ({"since": (datetime.now(UTC) - timedelta(days=31)).isoformat()}, 202),
            ({"after": "1"}, 410),
            ({"after": "0"}, 202),
        ):
            answer = await world.api.holder.post(path, json=body)
            assert answer.status_code == status, (body, answer.text)
        await world.deliver()
        assert (await world.api.holder.get(f"/v1/webhooks/{created['id']}")).json()["lost_through"] is None


class TestAnEndpoint:
    async def test_has_five_requests_under_way_at_most(self, world: World) -> None:
        await world.endpoint()
        await world.emit_and_deliver(10)
        answers = asyncio.Event()
        world.receiver.replies["/hook"] = Reply(after=answers)
        await world.emit(20)
        for _ in range(10):
            await world.sender.round()
        await until(lambda: _came(world, 10 + WIDEST))
        for _ in range(10):
            await world.sender.round()
        assert len(world.sender._attempts) == WIDEST == 5
        answers.set()
        await world.deliver()
        assert len(world.receiver.of("/hook")) == 30

    async def test_can_drop_what_is_older_than_what_it_has(self, world: World) -> None:
        await world.endpoint()
        world.receiver.replies["/hook"] = Reply(500)
        await world.story()
        await world.deliver()
        world.receiver.replies["/hook"] = Reply(204)
        again = make_article(
            url="http://news.brightwater.example/1", paragraphs=["It calls it a breakthrough.", "It is late."]
        )
        await publish(world.api.runtime, make_edition(again, make_assessment(again, claims=[])))
        await world.deliver()
        await world.retry()
        got = [one.event for one in world.receiver.of("/hook")][1:]
        assert [event.type for event in got] == ["verdict.revised", "story.published"], "in no order"
        assert [event.data["version"] for event in got] == [2, 1]
        assert got[0].sequence > got[1].sequence
        assert got[0].data["story_id"] == got[1].data["story_id"]

    async def test_gets_an_example_of_every_type_in_its_own_account(self, world: World) -> None:
        created = await world.endpoint()
        for kind in EventType:
            body = {"event_type": kind.value}
            assert (
                await world.api.holder.post(f"/v1/webhooks/{created['id']}/test", json=body)
            ).status_code == 202
        await world.deliver()
        got = {one.event.type: one for one in world.receiver.received[1:]}
        assert set(got) == set(EventType)
        for received in got.values():
            received.verify(created["secret"])
            assert (received.event.account_id, received.event.sequence) == (created["account_id"], None)

    async def test_is_well_again_once_it_is_enabled_and_answers(self, world: World) -> None:
        path = f"/v1/webhooks/{(await world.endpoint())['id']}"
        world.receiver.replies["/hook"] = Reply(410)
        await world.emit_and_deliver()
        world.receiver.replies["/hook"] = Reply(204)
        assert (await world.api.holder.post(f"{path}/enable")).json()["status"] == "pending"
        await world.deliver()
        shown = (await world.api.holder.get(path)).json()
        assert (shown["status"], shown["disabled_reason"], shown["failing_since"]) == ("active", None, None)


class TestASecret:
    async def test_signs_no_more_once_its_time_is_over(self, database_url: str) -> None:
        clock = StillClock(datetime.now(UTC))
        async with running_world(clock=clock, UNSPUN_DATABASE_URL=database_url) as world:
            created = await world.endpoint()
            path = f"/v1/webhooks/{created['id']}/secret/rotate"
            rotated = (await world.api.holder.post(path, json={"overlap_s": 60})).json()
            for seconds, signatures in ((59, 2), (1, 1)):
                clock.advance(seconds)
                await world.emit_and_deliver()
                last = world.receiver.received[-1]
                last.verify(rotated["secret"])
                assert len(last.headers["webhook-signature"].split()) == signatures
            with pytest.raises(WebhookVerificationError):
                last.verify(created["secret"])


class TestAnEvent:
    async def test_stays_below_twenty_kilobytes_whatever_its_page_says(self, world: World) -> None:
        await world.endpoint()
        letter = "\U0001d54f"  # four bytes
        article = make_article(title=letter * 500)
        found = EntityMention(name="", type=EntityType.ORGANIZATION, salience=0.5, spans=[])
        names = [str(n) + letter * (3_000 if n % 2 else 140) for n in range(60)]
        assessment = replace(make_assessment(article), entities=[replace(found, name=name) for name in names])
        await publish(world.api.runtime, make_edition(article, assessment))
        await world.deliver()
        (received,) = world.receiver.of("/hook")
        assert len(received.body) <= MAX_BYTES
        assert received.event.data["entities"] == [name for name in names if len(name) <= 150][:20]
        assert msgspec.json.encode(msgspec.json.decode(received.body)) == received.body, "no white space"


class TestTheLogOfDeliveries:
    async def test_goes_back_thirty_days_and_is_walked_by_cursor(self, world: World) -> None:
        created = await world.endpoint()
        await world.emit_and_deliver(6)
        path = f"/v1/webhooks/{created['id']}"
        for what in ("deliveries", "attempts"):
            seen, url = list[str](), f"{path}/{what}?limit=3"
            while url:
                page = (await world.api.holder.get(url)).json()
                seen += [one["id"] for one in page["data"]]
                url = page["has_more"] and f"{path}/{what}?limit=3&cursor={page['next_cursor']}"
            assert len(seen) == len(set(seen)) == 7
            assert seen == sorted(seen, reverse=True)
        only = (await world.api.holder.get(f"{path}/deliveries?event_type=webhook.ping")).json()["data"]
        assert len(only) == 1
        for days, left in ((29, 7), (31, 2)):
            await world.api.rows(
                "UPDATE deliveries SET created_at = now() - $1::interval WHERE event_sequence > 1",
                timedelta(days=days),
            )
            await sweep(world.api.runtime)
            assert len((await world.api.holder.get(f"{path}/deliveries")).json()["data"]) == left


async def _came(world: World, count: int) -> bool:
    return len(world.receiver.of("/hook")) >= count
