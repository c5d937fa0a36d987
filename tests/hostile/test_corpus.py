"""20,000 hostile requests to the running service: no crash, no internal connection, no leak.

`make test-hostile` runs it and prints its figures; UNSPUN_HOSTILE_SEED and UNSPUN_HOSTILE_COUNT select another
run.
"""

import asyncio
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from api.fetching.client import GuardedClient
from api.fetching.page import fetch_page
from api.fetching.policy import FetchPolicy
from tests.hostile import body_tricks, urls, wire_tricks
from tests.hostile.canary import Canary, canary
from tests.hostile.corpus import Request, World, corpus
from tests.hostile.raw_client import RawClient, Reply
from tests.hostile.running import Processes, running
from tests.kit.polling import until
from tests.kit.servers.fixed_resolver import FixedResolver
from tests.kit.servers.name_server import NameServer, name_server

pytestmark = pytest.mark.hostile

KEY = "unspun_live_testtest_" + "k" * 36
SEED = int(os.environ.get("UNSPUN_HOSTILE_SEED", "20261125"))
COUNT = int(os.environ.get("UNSPUN_HOSTILE_COUNT", "20000"))
CONNECTIONS = 16
MAKERS = [
    (60, urls.submit_inside), (2, urls.submit_name), (20, urls.look_up_inside),
    (15, wire_tricks.path_trick), (25, wire_tricks.parameters), (10, wire_tricks.method_trick),
    (25, wire_tricks.header_trick), (10, wire_tricks.smuggling),
    (20, body_tricks.broken_json), (20, body_tricks.odd_fields), (3, body_tricks.hostile_draft),
]  # fmt: skip

# hosts of the host map, and records of the name server
MAPPED = {"mapped.hostile.example": "127.0.0.1", "mapped-six.hostile.example": "[::1]"}
NAMED = {
    "loop.hostile.example": ["A 127.0.0.1"],
    "zero.hostile.example": ["A 0.0.0.0"],
    "six.hostile.example": ["AAAA ::1"],
    "wrapped.hostile.example": ["AAAA ::ffff:127.0.0.1"],
    "mixed.hostile.example": ["A 93.184.216.34", "A 127.0.0.1"],
    "meta.hostile.example": ["A 169.254.169.254"],
    "alias.hostile.example": ["CNAME loop.hostile.example."],
    "chain.hostile.example": ["CNAME alias.hostile.example."],
    "isatap.hostile.example": ["AAAA 2001:4860::5efe:7f00:1"],
    "nat.hostile.example": ["AAAA 64:ff9b::7f00:1"],
    "nothing.hostile.example": [],
    "silent.hostile.example": None,
}


async def _check_canary(listeners: Canary) -> None:
    """Checks that the canary notices a connection."""
    policy = FetchPolicy(
        user_agent="Control/1.0",
        allow_loopback=True,
        extra_ports=frozenset(listeners.ports),
        total_seconds=3,
    )
    client = GuardedClient(policy, FixedResolver({"loop.hostile.example": ["127.0.0.1"]}))
    for port in listeners.ports[:2]:
        with pytest.raises(Exception, match="broke off"):
            await fetch_page(client, f"http://loop.hostile.example:{port}/")
    assert len(listeners.calls) == 2
    listeners.calls.clear()


def _judge(request: Request, reply: Reply) -> str | None:
    """The fault of a response, None if it has none."""
    if reply.status <= 0:
        return None if request.drops else "no answer"
    if reply.status >= 500:
        return "a failure of ours"
    if request.refused and reply.status < 300:
        return "accepted"
    kind = reply.headers.get("content-type", "")
    if "x-request-id" not in reply.headers:  # the HTTP parser's own refusal, before the application
        return None if reply.status in (400, 413, 431) and request.drops else "not ours"
    if {"x-injected", "set-cookie", "x"} & reply.headers.keys():
        return "a header that the request brought"
    if reply.status == 304:  # about the reader's own content, including policies
        return None
    if reply.headers.get("x-content-type-options") != "nosniff":
        return "may be sniffed"
    if not reply.headers.get("content-security-policy", "").startswith("default-src 'none'"):
        return "no content security policy"
    if kind.startswith("text/html") and "form-action 'none'" not in reply.headers["content-security-policy"]:
        return "a page without a page's policy"
    has_page = kind.startswith("text/html") and reply.status in (404, 410)
    if reply.status >= 400 and reply.body and kind != "application/problem+json" and not has_page:
        return "no problem document"
    return None


async def _send_all(port: int, requests: Iterator[Request]) -> tuple[Counter[tuple[str, int]], list[str]]:
    figures: Counter[tuple[str, int]] = Counter()
    wrong: list[str] = []

    async def send() -> None:
        client = RawClient(port)
        for request in requests:
            reply = await client.send(request)
            figures[request.kind, reply.status] += 1
            if (fault := _judge(request, reply)) is not None:
                shown = request.wire(b"")[:400]
                wrong.append(f"{fault}: {reply.status} to {request.kind}: {shown!r}: {reply.body[:200]!r}")
        client.close()

    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    return figures, wrong


async def _all_over(database_url: str) -> dict[str, int]:
    connection = await asyncpg.connect(database_url)

    async def none_open() -> bool:
        return await connection.fetchval("SELECT count(*) FROM analysis_jobs WHERE finished_at IS NULL") == 0

    try:
        await until(none_open, 1_200)
        rows = await connection.fetch(
            "SELECT status || ' ' || coalesce(substring(error::text from 'problems/([a-z-]+)'), '') AS e, "
            "count(*) AS n FROM analysis_jobs GROUP BY 1 ORDER BY 1"
        )
        return {row["e"].strip(): row["n"] for row in rows}
    finally:
        await connection.close()


def _environment(database_url: str, redis_url: str, names: NameServer, listeners: Canary) -> dict[str, str]:
    return {
        "UNSPUN_DATABASE_URL": database_url,
        "UNSPUN_REDIS_URL": redis_url,
        "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
        "UNSPUN_DNS_SERVERS": f"127.0.0.1:{names.port}",
        "UNSPUN_FETCH_HOST_MAP": ",".join(
            f"{host}={address}:{listeners.ports[0]}" for host, address in MAPPED.items()
        ),
        "UNSPUN_FETCH_DELAY_S": "0",
        "UNSPUN_LOG_LEVEL": "debug",
        "UNSPUN_WORKER_CONCURRENCY": "4",
        "UNSPUN_MAX_OPEN_ANALYSES": "1000000",
        # let every request in; other tests cover the limits
        "UNSPUN_MAX_URLS_PER_HOST": "1000000",
        "UNSPUN_KEY_QUOTAS": "none",
        "UNSPUN_ADDRESS_QUOTAS": "none",
        "UNSPUN_BAD_KEY_QUOTAS": "none",
    }


class TestTheHostileCorpus:
    async def test_breaks_nothing_reaches_nothing_inside_and_leaks_nothing(
        self, database_url: str, redis_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        wished = [("127.0.0.1", 80), ("127.0.0.1", 443), ("::1", 80)]
        async with name_server() as names, canary(wished) as listeners:
            names.zones |= NAMED
            names.zones |= {f"r{n}.rebind.example": _rebinding for n in range(40)}
            await _check_canary(listeners)
            world = World(key=KEY, canary_ports=tuple(listeners.ports), names=(*MAPPED, *names.zones))
            async with running(tmp_path, _environment(database_url, redis_url, names, listeners)) as service:
                began = time.monotonic()
                figures, wrong = await _send_all(service.port, corpus(SEED, COUNT, world, MAKERS))
                seconds = time.monotonic() - began
                ends = await _all_over(database_url)
                with capsys.disabled():
                    _print(figures, ends, listeners, seconds)
                assert wrong == [], f"{len(wrong)} of {COUNT}:\n" + "\n".join(wrong[:20])
                assert sum(figures.values()) == COUNT
                assert listeners.calls == []
                assert not {"failed internal-error", "failed analysis-crashed"} & ends.keys()
                assert ends["failed target-unreachable"] >= len(MAPPED) + 40
                await _still_serves(service)
            _check_log(service.log, world)


def _rebinding(before: int) -> list[str]:
    return ["A 127.0.0.1"] if before else ["A 192.0.2.1"]


async def _still_serves(service: Processes) -> None:
    assert all(child.poll() is None for child in service.children.values())
    for path in ("/readyz", "/v1/stories", "/docs"):
        assert (await service.client.get(path)).status_code == 200


def _check_log(log: str, world: World) -> None:
    lines = log.splitlines()
    unreadable = [line for line in lines if not _is_line(line)]
    assert unreadable == [], unreadable[:5]
    assert len(lines) > COUNT / 2
    assert [secret for secret in [KEY, KEY.rpartition("_")[2], *world.planted] if secret in log] == []
    events = Counter(json.loads(line)["event"] for line in lines)
    assert not {"request_failed", "analysis_error", "page_process_crashed"} & events.keys(), events
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", log)


def _is_line(line: str) -> bool:
    try:
        return {"ts", "level", "event"} <= json.loads(line).keys()
    except ValueError:
        return False


def _print(
    figures: Counter[tuple[str, int]], ends: dict[str, int], listeners: Canary, seconds: float
) -> None:
    print(f"\n{sum(figures.values())} requests, seed {SEED}, in {seconds:.0f} s")
    for kind in sorted({kind for kind, _ in figures}):
        by_status = {status: n for (k, status), n in sorted(figures.items()) if k == kind}
        print(f"  {kind:18} {sum(by_status.values()):6}  {by_status}")
    print(f"  statuses of 500 and above: {sum(n for (_, status), n in figures.items() if status >= 500)}")
    print(f"  analyses accepted, and how they ended: {ends}")
    print(f"  canary on ports {listeners.ports}: {len(listeners.calls)} connections")
