"""Endpoints that are changed, disabled or deleted during a delivery, and changed keys."""

import asyncio

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from api.cli import main
from api.fetching.client import GuardedClient
from api.jobs.webhook_sender import WebhookSender
from api.operations.webhooks.reseal_secrets import sort_secrets
from api.runtime.fetch_policy import delivery_policy
from api.runtime.key_ring import key_ring
from api.webhooks.encryption import KeyRing
from tests.kit.clients.api_client import WEBHOOK_KEY
from tests.kit.polling import until
from tests.kit.servers.receiver import Reply
from tests.kit.texts.problems import check_problem
from tests.kit.worlds.delivery_world import HOST, World, running_world

NEW = {"url": f"http://{HOST}/new"}


class TestANewAddress:
    async def test_gets_all_that_happened_before_it_answered_and_nothing_sooner(self, world: World) -> None:
        path = f"/v1/webhooks/{(await world.endpoint('/old'))['id']}"
        await world.emit_and_deliver(1)
        await world.emit(1)  # its job starts after the address has changed
        world.receiver.replies["/new"] = Reply(500)
        await world.api.holder.post(f"{path}/update", json=NEW)
        await world.emit_and_deliver(2)
        # as left by a job that started before the change
        await world.api.rows(
            """INSERT INTO deliveries (id, endpoint_id, event_id, event_sequence, event_type, status,
                                       next_attempt_at, created_at)
               SELECT 'dlv_x', e.id, v.id, v.sequence, v.type, 'pending', now(), now()
               FROM webhook_endpoints e, events v WHERE v.sequence = 2"""
        )
        await world.deliver()
        assert world.receiver.of("/new") == []
        world.receiver.replies["/new"] = Reply(204)
        await world.retry()
        await world.retry()
        assert [one.event.sequence for one in world.receiver.of("/old")] == [1]
        assert sorted(one.event.sequence for one in world.receiver.of("/new")) == [2, 3, 4]


class TestADeliveryUnderWay:
    async def _begin(self, world: World) -> tuple[str, asyncio.Event]:
        """The path of an endpoint that has not responded yet, and a function that lets it respond."""
        path = f"/v1/webhooks/{(await world.endpoint())['id']}"
        answers = asyncio.Event()
        world.receiver.replies["/hook"] = Reply(500, after=answers)
        await world.endpoint("/well")
        await world.emit(8)
        await world.sender.round()
        await until(lambda: _arrived(world, 2), 10)
        return path, answers

    @pytest.mark.parametrize("change", ["disable", "delete"])
    async def test_is_the_last_where_its_endpoint_is_no_more(self, world: World, change: str) -> None:
        path, answers = await self._begin(world)
        assert (await world.api.holder.post(f"{path}/{change}")).status_code == 200
        answers.set()
        await world.deliver()
        await world.retry()
        assert len(world.receiver.of("/hook")) == 2, "those that were under way"
        left = await world.api.rows(
            "SELECT DISTINCT d.status FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id "
            "WHERE e.url LIKE '%/hook' AND d.event_type <> 'webhook.ping'"
        )
        assert [row["status"] for row in left] == (["cancelled"] if change == "disable" else [])
        assert len(world.receiver.of("/well")) == 8

    async def test_is_sent_again_where_the_address_changed(self, world: World) -> None:
        path, answers = await self._begin(world)
        await world.api.holder.post(f"{path}/update", json=NEW)
        answers.set()
        for _ in range(3):
            await world.deliver()
            await world.let_be_due()
        assert len(world.receiver.of("/hook")) == 2
        assert sorted(one.event.sequence for one in world.receiver.of("/new")) == [*range(1, 9)]


class TestTheKeyRing:
    async def test_may_lack_the_key_of_one_endpoint_without_harm_to_others(self, world: World) -> None:
        lost = await world.endpoint("/lost")
        headed = await world.endpoint("/headed", headers={"X-Team": "desk"})
        await world.endpoint("/well")
        other = KeyRing(Fernet.generate_key().decode())
        await world.api.rows(
            "UPDATE webhook_secrets SET sealed = $1 WHERE endpoint_id = $2",
            other.seal("whsec_x", lost["id"]),
            lost["id"],
        )
        await world.api.rows(
            "UPDATE webhook_endpoints SET headers = $1 WHERE id = $2",
            other.seal("{}", f"{headed['id']} headers"),
            headed["id"],
        )
        await world.emit_and_deliver(2)
        assert len(world.receiver.of("/well")) == 2
        assert world.receiver.of("/lost") == world.receiver.of("/headed") == []
        for endpoint in (lost, headed):
            attempts = (await world.api.holder.get(f"/v1/webhooks/{endpoint['id']}/attempts")).json()["data"]
            assert attempts[0]["error"] == "The service cannot open the endpoint's secret."
        path = f"/v1/webhooks/{lost['id']}/secret"
        check_problem(await world.api.holder.get(path), 503, "unavailable")
        rotated = (await world.api.holder.post(f"{path}/rotate", json={})).json()
        await world.retry()
        for received in world.receiver.of("/lost"):
            received.verify(rotated["secret"])
        assert len(world.receiver.of("/lost")) == 2

    async def test_opens_no_secret_that_was_put_in_anothers_place(self, world: World) -> None:
        theirs = await world.endpoint("/theirs")
        ours = await world.endpoint("/ours", headers={"X-Team": "desk"})
        await world.api.rows(
            """UPDATE webhook_secrets SET sealed = (SELECT sealed FROM webhook_secrets WHERE endpoint_id = $1)
               WHERE endpoint_id = $2""",
            ours["id"],
            theirs["id"],
        )
        check_problem(await world.api.holder.get(f"/v1/webhooks/{theirs['id']}/secret"), 503, "unavailable")
        await world.emit_and_deliver()
        assert world.receiver.of("/theirs") == []
        (got,) = world.receiver.of("/ours")
        got.verify(ours["secret"])

    async def test_opens_what_was_sealed_before_seals_were_bound(self, world: World) -> None:
        created = await world.endpoint(headers={"X-Team": "desk"})
        unbound = Fernet(WEBHOOK_KEY)
        await world.api.rows(
            "UPDATE webhook_secrets SET sealed = $1", unbound.encrypt(created["secret"].encode())
        )
        await world.api.rows(
            "UPDATE webhook_endpoints SET headers = $1", unbound.encrypt(b'{"X-Team": "old desk"}')
        )
        await world.emit_and_deliver()
        ring = key_ring(world.api.runtime.settings)
        async with world.api.runtime.pool.transaction() as connection:
            found = [await sort_secrets(connection, ring, reseal=True) for _ in range(2)]
        assert [(one.older, one.current, one.lost) for one in found] == [(2, 0, 0), (0, 2, 0)]
        await world.emit_and_deliver()
        got = world.receiver.of("/hook")
        assert [one.headers["x-team"] for one in got] == ["old desk"] * 2
        for received in got:
            received.verify(created["secret"])

    @pytest.mark.slow
    async def test_may_lose_a_key_after_reencryption(self, database_url: str) -> None:
        new = Fernet.generate_key().decode()
        async with running_world(UNSPUN_DATABASE_URL=database_url) as world:
            created = await world.endpoint(headers={"X-Team": "desk"})
            await world.endpoint("/second")
        rings = {"UNSPUN_WEBHOOK_KEYS": f"{new}.{WEBHOOK_KEY}", "UNSPUN_DATABASE_URL": database_url}
        async with running_world(**rings) as world:
            await world.api.rows(
                "INSERT INTO webhook_secrets (endpoint_id, sealed, created_at, expires_at) "
                "VALUES ($1, $2, now(), now() + interval '1 hour')",
                created["id"],
                KeyRing(Fernet.generate_key().decode()).seal("whsec_x", created["id"]),
            )
            looked = await asyncio.to_thread(lambda: CliRunner().invoke(main, ["doctor"], env=rings))
            assert "that no key decrypts: 1" in looked.output
            assert "encrypted with an older key: 3" in looked.output
            for expected in ("3 re-encrypted, 0 already", "0 re-encrypted, 3 already"):
                done = await asyncio.to_thread(
                    lambda: CliRunner().invoke(main, ["webhooks", "reseal"], env=rings)
                )
                assert expected in done.output
                assert "1 cannot be decrypted" in done.output
                assert done.exit_code == 1
            lines = await world.api.rows("SELECT action FROM audit_log WHERE actor = 'command_line'")
            assert [line["action"] for line in lines] == ["webhook_keys.changed"] * 2
        async with running_world(UNSPUN_WEBHOOK_KEYS=new, UNSPUN_DATABASE_URL=database_url) as world:
            await world.api.rows(
                "UPDATE webhook_endpoints SET url = replace(url, 'second', 'hook') WHERE url LIKE '%/hook'"
            )
            await world.emit_and_deliver()
            (received,) = world.receiver.of("/hook")
            received.verify(created["secret"])
            assert received.headers["x-team"] == "desk"


async def _arrived(world: World, count: int) -> bool:
    return len(world.receiver.of("/hook")) >= count


class TestManyChanges:
    @pytest.mark.slow
    async def test_are_never_refused_for_what_workers_write_down_meanwhile(self, world: World) -> None:
        limits = (None, 50)
        created = [await world.endpoint(f"/{n}", rate_limit=limits[n // 3]) for n in range(6)]
        paths = [f"/v1/webhooks/{one['id']}" for one in created]
        for number in range(6):
            world.receiver.replies[f"/{number}"] = Reply(500 if number % 2 else 204)
        stop = asyncio.Event()
        client = GuardedClient(delivery_policy(world.api.runtime.settings))
        other = WebhookSender(world.api.runtime, client, lambda: 0.5, width=100)
        working = [asyncio.create_task(sender.run(stop)) for sender in (world.sender, other)]
        statuses = []

        async def change(path: str) -> None:
            for turn in range(8):
                await world.emit(20)
                for what, body in (
                    ("disable", None),
                    ("enable", None),
                    ("update", {"description": f"{turn}"}),
                ):
                    statuses.append((await world.api.holder.post(f"{path}/{what}", json=body)).status_code)
            statuses.append((await world.api.holder.post(f"{path}/delete")).status_code)

        await asyncio.gather(*map(change, paths))
        stop.set()
        await asyncio.gather(*working)
        await client.aclose()
        assert set(statuses) == {200}
