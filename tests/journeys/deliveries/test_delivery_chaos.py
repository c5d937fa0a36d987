"""Every subscriber gets every event while everything fails at random, from one seed.

Processes are killed and frozen, servers stopped, the disk is full, a worker's clock is wrong. `make test-all`
runs a minute of it, `make test-chaos` over 20,000 deliveries in three to ten minutes.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from api.clock import Clock
from api.embedded import EmbeddedServers
from api.errors import Unavailable
from api.operations.database.prepare_database import prepare_database
from api.operations.stories.retract_story import retract_story
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import Runtime, open_runtime
from api.settings import Settings
from api.storage.log.audit_log import Actor, Origin
from api.storage.log.events import list_all_events
from schemas.enums import RetractionReason
from schemas.events import Event
from schemas.retractions import StoryRetraction
from tests.journeys.deliveries.fault_injection import FaultInjector
from tests.journeys.processes.test_killed_worker import HOST as SITE_HOST
from tests.journeys.processes.test_killed_worker import make_page
from tests.kit.clients.api_client import KEY, WEBHOOK_KEY, bearer
from tests.kit.polling import until
from tests.kit.servers.api_process import api_process
from tests.kit.servers.receiver import Received, Receiver, Reply
from tests.kit.servers.small_disk import small_disk
from tests.kit.servers.web_server import Reply as Page
from tests.kit.servers.web_server import Site
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.worlds.delivery_history import Receipt, Subscriber, delivery_faults, log_faults

HOOKS = "hooks.brightwater.example"
SEED = 6
STORIES_A_SECOND = 8.0
ANSWERED_S = 240  # far longer than any fault lasts


@dataclass(frozen=True)
class Scale:
    storm_s: float
    endpoints: int
    stories: int
    pages: int
    deliveries: int
    disk_mb: int


SHORT = Scale(storm_s=30, endpoints=30, stories=150, pages=12, deliveries=1_000, disk_mb=300)
LONG = Scale(storm_s=150, endpoints=90, stories=600, pages=40, deliveries=20_000, disk_mb=1_000)


# Responses of a bad receiver during the faults.
TEMPERS: dict[str, Reply] = {
    "hang": Reply(hang=True),
    "drip": Reply(drip=True),
    "reset": Reply(reset=True),
    "500": Reply(500),
    "redirect": Reply(302),
    "huge": Reply(200, {"Content-Length": "10000000000"}, endless=True),
    "huge refusal": Reply(500, {"Content-Length": "10000000000"}, endless=True),
}
# Subscriptions: types, predicate, and the predicate in Python.
WISHES: list[tuple[list[str], str | None, Callable[[Event], bool]]] = [
    ([], None, lambda event: True),
    (["story.published"], None, lambda event: event.type == "story.published"),
    (
        [],
        "spin.score >= 30",
        lambda event: bool(event.data.get("spin")) and event.data["spin"]["score"] >= 30,
    ),
    (
        ["verdict.revised", "story.retracted"],
        None,
        lambda event: event.type in ("verdict.revised", "story.retracted"),
    ),
    ([], 'type.startsWith("analysis.")', lambda event: event.type.startswith("analysis.")),
    (["webhook.ping"], None, lambda event: False),
]


@dataclass
class World:
    """`secrets` and `healed` are by the path of an endpoint."""

    scale: Scale
    runtime: Runtime
    receiver: Receiver
    injector: FaultInjector
    keys: dict[str, str]
    subscribers: list[Subscriber] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    published: int = 0
    healed: bool = False

    async def call(
        self, method: str, path: str, account: str, *, busy: tuple[int, ...] = (409, 429), **more: Any
    ) -> httpx.Response:
        """Retry until there is a response that is no failure and none of `busy`."""
        headers = {"Authorization": f"Bearer {self.keys[account]}", **more.pop("headers", {})}
        answer: httpx.Response | None = None

        async def is_answered() -> bool:
            nonlocal answer
            with suppress(httpx.TransportError):
                answer = await client.request(method, path, headers=headers, **more)
                return answer.status_code < 500 and answer.status_code not in busy
            return False

        async with httpx.AsyncClient(base_url=self.injector.api.url, timeout=20, trust_env=False) as client:
            await until(is_answered, ANSWERED_S)
        assert answer is not None
        return answer

    def subscribe(self, number: int, account: str, temper: str | None) -> tuple[str, dict[str, Any]]:
        """The path of a new subscriber and its filter."""
        types, predicate, wants = WISHES[number % len(WISHES)]
        path = f"/hook/{number}"
        self.subscribers.append(Subscriber(path, account, wants))

        def answer(received: Received) -> Reply:
            received.verify(self.secrets[path])
            event = received.event
            bad = temper is not None and not self.healed and event.type != "webhook.ping"
            reply = TEMPERS[temper or ""] if bad else Reply()
            if reply.status == 302:
                reply.headers["Location"] = f"http://127.0.0.1:{self.receiver.port}/canary"
            if event.type != "webhook.ping":
                self.receipts.append(Receipt(path, received.headers["webhook-id"], event, taken=reply.good))
            return reply

        self.receiver.replies[path] = answer
        return path, {"url": f"http://{HOOKS}{path}", "event_types": types, "predicate": predicate}


@asynccontextmanager
async def stormy_world(scale: Scale, tmp_path: Path, site: Site) -> AsyncIterator[World]:
    chance, log = random.Random(SEED), tmp_path / "service.log"
    with small_disk(scale.disk_mb) as disk, EmbeddedServers(disk / "data") as servers:
        await prepare_database(servers.database_url)
        async with Receiver() as receiver:
            variables = {
                "UNSPUN_DATABASE_URL": servers.database_url,
                "UNSPUN_REDIS_URL": servers.redis_url,
                "UNSPUN_WEBHOOK_KEYS": WEBHOOK_KEY,
                "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
                "UNSPUN_FETCH_HOST_MAP": ",".join(
                    [f"{HOOKS}=127.0.0.1:{receiver.port}", f"{SITE_HOST}=127.0.0.1:{site.port}"]
                ),
                "UNSPUN_FETCH_DELAY_S": "0",
                "UNSPUN_WORKER_CONCURRENCY": "1",
                "UNSPUN_HEARTBEAT_TIMEOUT_S": "2",
                "UNSPUN_MAX_ENDPOINTS": "1000",
                "UNSPUN_DELIVERY_DELAYS_S": ",".join(["1"] * 5 + ["3"] * 60),
                "UNSPUN_KEY_QUOTAS": "none",
                "UNSPUN_LOG_LEVEL": "error",
            }
            settings = Settings.from_environment(variables)
            runtime = open_runtime(settings, load_taxonomy(), Clock(), statement_timeout_ms=20_000)
            async with api_process(log=log, **variables) as api:
                injector = FaultInjector(disk, servers, api, variables, log, chance)
                try:
                    for _ in range(3):
                        injector.start_worker()
                    yield World(scale, runtime, receiver, injector, {})
                finally:
                    for worker in injector.workers:
                        worker.kill()
                        worker.wait()
                    await runtime.pool.close()
                    await runtime.cache.close()


async def _accounts(world: World) -> list[str]:
    """The administrator's and two others, each with a key."""
    admin = bearer(KEY)
    names = []
    async with httpx.AsyncClient(base_url=world.injector.api.url, headers=admin) as client:
        for number in range(3):
            body = {
                "name": "chaos",
                "scopes": ["stories:read", "analyses:write", "webhooks:manage", "analyses:fresh"],
            } | ({"account_name": f"Desk {number}"} if number else {})
            created = (await client.post("/v1/keys", json=body)).json()
            world.keys[created["account_id"]] = created["secret"]
            names.append(created["account_id"])
    return names


async def _subscribe(world: World, accounts: list[str]) -> None:
    """All combinations of filters, accounts and tempers; every third receiver is bad."""
    bad = list(TEMPERS)
    for number in range(world.scale.endpoints):
        account = accounts[number // len(WISHES) % len(accounts)]
        temper = bad[number // 3 % len(bad)] if number % 3 == 1 else None
        path, body = world.subscribe(number, account, temper)
        created = (await world.call("POST", "/v1/webhooks", account, json=body)).json()
        world.secrets[path], world.ids[path] = created["secret"], created["id"]

    async def active() -> bool:
        rows = await _rows(world, "SELECT count(*) AS n FROM webhook_endpoints WHERE status = 'active'")
        return bool(rows[0]["n"] == world.scale.endpoints)

    await until(active, 90)


async def _publish(world: World, over: asyncio.Event) -> None:
    """Publishes stories, revisions and retractions directly to the database, ignoring failures."""
    chance, number = random.Random(SEED + 1), 0
    origin = Origin(actor=Actor.SERVICE)
    while not over.is_set():
        number += 1
        world.published = number
        article = make_article(
            url=f"http://press{number % 7}.brightwater.example/{number}", title=f"Turbine {number}"
        )
        with suppress(Unavailable, asyncpg.PostgresError):
            score = chance.randrange(101)
            published = await publish(
                world.runtime, make_edition(article, make_assessment(article, score=score))
            )
            if number % 10 == 0:
                again = make_article(url=article.url or "", title=f"Turbine {number}, again")
                await publish(world.runtime, make_edition(again, make_assessment(again, score=score // 2)))
            if number % 25 == 0:
                async with world.runtime.pool.transaction() as connection:
                    why = StoryRetraction(reason=RetractionReason.ERROR, statement="A mistake.")
                    await retract_story(connection, world.runtime, published.story_id, why, origin=origin)
        await asyncio.sleep(chance.expovariate(STORIES_A_SECOND))


async def _submit(world: World, accounts: list[str], site: Site) -> None:
    """Submits pages with callbacks; cancels some, and some do not exist."""
    chance = random.Random(SEED + 2)
    for number in range(world.scale.pages):
        if number % 8:
            site.put(SITE_HOST, f"/{number}", Page(make_page(number)))
        account = chance.choice(accounts)
        subscriber = chance.choice([one for one in world.subscribers if one.account_id == account])
        body = {"url": f"http://{SITE_HOST}/{number}", "callback": world.ids[subscriber.name]}
        named = {"Idempotency-Key": f"page-{number}"}
        answer = await world.call("POST", "/v1/analyses", account, json=body, headers=named)
        assert answer.status_code in (200, 202), answer.text
        subscriber.called.add(answer.json()["id"])
        if number % 9 == 0:
            # 409: it is already over
            await world.call("POST", f"/v1/analyses/{answer.json()['id']}/cancel", account, busy=(429,))
        await asyncio.sleep(world.scale.storm_s / world.scale.pages * chance.uniform(0, 1.5))


async def _follow(world: World, account: str, over: asyncio.Event, seen: list[Event]) -> None:
    """A client that alternates page, long poll and stream, and resumes at its cursor."""
    chance, after = random.Random(SEED + 3), "0"
    headers = {"Authorization": f"Bearer {world.keys[account]}"}
    async with httpx.AsyncClient(base_url=world.injector.api.url, headers=headers, timeout=20) as client:
        while not over.is_set() or (seen and len(seen) < await _visible(world, account)):
            with suppress(httpx.HTTPError):
                if chance.random() < 0.5:
                    page = await client.get(
                        "/v1/events", params={"after": after, "limit": 50, "wait": chance.choice([0, 2])}
                    )
                    page.raise_for_status()
                    seen += msgspec.convert(page.json()["data"], list[Event])
                    after = page.json()["next_cursor"]
                    continue
                left = chance.randrange(1, 40)
                async with client.stream(
                    "GET", "/v1/events/stream", headers={"Last-Event-ID": after}
                ) as stream:
                    stream.raise_for_status()
                    async for line in stream.aiter_lines():
                        if line.startswith("id: "):
                            after = line.removeprefix("id: ")
                        if line.startswith("data: "):
                            seen.append(msgspec.json.decode(line.removeprefix("data: "), type=Event))
                            left -= 1
                        if (not line or line.startswith(":")) and (left <= 0 or over.is_set()):
                            break
                continue
            await asyncio.sleep(0.3)


async def _visible(world: World, account: str) -> int:
    rows = await _rows(
        world, "SELECT count(*) AS n FROM events WHERE account_id IS NULL OR account_id = $1", account
    )
    return int(rows[0]["n"])


async def _rows(world: World, query: str, *values: Any) -> list[Any]:
    while True:
        with suppress(Unavailable):
            async with world.runtime.pool.connection() as connection:
                return await connection.fetch(query, *values)
        await asyncio.sleep(0.2)


async def _settled(world: World) -> bool:
    (left,) = await _rows(
        world,
        """SELECT (SELECT count(*) FROM deliveries WHERE status = 'pending') AS pending,
                  (SELECT count(*) FROM fan_outs) AS jobs,
                  (SELECT count(*) FROM webhook_endpoints WHERE missed_after IS NOT NULL) AS missed,
                  (SELECT count(*) FROM analysis_jobs WHERE status IN ('queued', 'running')) AS reading""",
    )
    return not any(left.values())


class TestRandomFaults:
    @pytest.mark.parametrize(
        "scale",
        [
            pytest.param(SHORT, marks=pytest.mark.slow, id="short"),
            pytest.param(LONG, marks=pytest.mark.chaos, id="long"),
        ],
    )
    async def test_costs_no_event_and_no_delivery(
        self, scale: Scale, tmp_path: Path, site: Site, capsys: pytest.CaptureFixture[str]
    ) -> None:
        async with stormy_world(scale, tmp_path, site) as world:
            accounts = await _accounts(world)
            await _subscribe(world, accounts)
            over, quiet, seen = asyncio.Event(), asyncio.Event(), list[Event]()
            publishing = asyncio.create_task(_publish(world, over))
            following = asyncio.create_task(_follow(world, accounts[1], quiet, seen))
            submitting = asyncio.create_task(_submit(world, accounts, site))

            def is_enough() -> bool:
                return world.published >= scale.stories or publishing.done()

            await world.injector.inject(scale.storm_s, is_enough, past_the_lease=scale is LONG)
            await submitting
            over.set()
            await publishing
            world.healed = True
            await until(lambda: _settled(world), 420)
            quiet.set()
            await asyncio.wait_for(following, 60)

            async with world.runtime.pool.connection() as connection:
                counted = await connection.fetchval("SELECT n FROM event_counter")
                logged = await list_all_events(connection, after=0, through=counted, limit=counted)
                log = [Event(**msgspec.structs.asdict(event)) for event in logged]  # as clients read them
                scored = """SELECT id FROM verdicts WHERE assessment->>'status' = 'scored'"""
                verdicts = [row["id"] for row in await connection.fetch(scored)]
                attempts = await connection.fetchval("SELECT count(*) FROM delivery_attempts")
            faults = [
                *log_faults(log, counted, verdicts),
                *delivery_faults(log, world.subscribers, world.receipts),
            ]
            taken = sum(receipt.taken for receipt in world.receipts)
            due = sum(one.due(event) for one in world.subscribers for event in log)
            with capsys.disabled():
                counts = ", ".join(f"{name} {times}" for name, times in sorted(world.injector.counts.items()))
                print(f"\nseed {SEED}: {len(log)} events, {due} deliveries due to {scale.endpoints} endpoints, "
                      f"{taken} taken, {attempts} attempts written down; {len(verdicts)} verdicts; "
                      f"{len(seen)} events read over three transports; {counts}")  # fmt: skip
            ends = {event.data["analysis_id"] for event in log if event.type.startswith("analysis.")}
            assert ends == set().union(*(one.called for one in world.subscribers))
            mine = [event for event in log if event.account_id in (None, accounts[1])]
            assert seen == mine, "the reader of the log missed or repeated something"
            assert faults == []
            assert taken >= due >= scale.deliveries
            assert not [one for one in world.receiver.received if one.path == "/canary"]
