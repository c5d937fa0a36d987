"""`make bench ARGS=--million`: lists, look-ups, searches and counts at a million stories and at ten thousand.

Measures CPU of the API's process and of PostgreSQL. `tests/kit/texts/many_stories.py` writes the stories;
`--data FOLDER` keeps them for the next run.
"""

import time
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

import asyncpg

from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from api.routes.http.request.cursors import Cursors
from tests.benchmarks.serving.sides import CONNECTIONS, UNSPENT, Side, measure_in_turns, verdict
from tests.kit.clients.api_client import KEY, running_api
from tests.kit.databases import connected
from tests.kit.servers.api_process import api_process
from tests.kit.texts.many_stories import BEGAN, Many

FEW, MANY = 10_000, 1_000_000
MAX_OF_FEW = 2.0  # keyset pages read the same number of rows in any table; the rest is the depth of the index
BASE_URL = "http://bench.example"
REQUESTS = 160
SLOW_REQUESTS, AT_ONCE = 16, 4
POSTMASTER = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int"
TITLE = "Brightwater opens its tidal turbine"


def asked(many: Many) -> dict[str, tuple[str, bool]]:
    """Measured paths by name, and whether each has a bound."""
    middle = [BEGAN + timedelta(minutes=many.stories // 2), many.an_id("sty", many.stories // 2)]
    deep = Cursors(BASE_URL).seal("/v1/stories", {}, middle)
    common, rare = many.an_id("ent", 3), many.an_id("ent", many.entities // 2)
    big, small = many.an_id("src", 0), many.an_id("src", many.sources // 4)
    lists = {
        "first page": "",
        "a page in the middle": f"cursor={deep}",
        "a page of a hundred": "limit=100",
        "highest score first": "sort=score",
        "last changed first": "sort=updated_at",
        "of a type": "spin_type=hype",
        "of a type, highest first": "spin_type=hype&sort=score",
        "of a type with a high score": "spin_type=hype&min_score=60",
        "of a vertical": "vertical=health",
        "of a kind of source": "source_type=media",
        "of a large source": f"source={big}",
        "of a small source, highest first": f"source={small}&sort=score",
        "of an entity in many": f"entity={common}",
        "of an entity in few": f"entity={rare}",
        "since a time": f"published_after={(BEGAN + timedelta(minutes=many.stories // 3)):%Y-%m-%dT%H:%M:%SZ}",
        "not scorable": "status=not_scorable",
    }
    paths = {name: (f"/v1/stories?{query}", True) for name, query in lists.items()}
    paths |= {
        "claims of a kind and support": ("/v1/claims?kind=market&support=asserted", True),
        "look-up by URL": (
            f"/v1/lookup?url={quote(f'https://news.brightwater.example/{many.stories}')}",
            True,
        ),
        "search for a rare name": (f"/v1/stories?q={quote(many.name(many.entities // 2))}", False),
        "search for a word in a tenth": ("/v1/stories?q=quarry", False),
        "counts by month of a source": (f"/v1/stats?by=month&source={small}", False),
        "counts by type of all": ("/v1/stats?by=spin_type", False),
    }
    return paths


async def bench_million(data: Path | None, rounds: int) -> bool:
    """Measure and print. Returns whether all bounds hold."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        servers = stack.enter_context(EmbeddedServers(data))
        owner = await asyncpg.connect(servers.database_url)
        stack.push_async_callback(owner.close)
        await owner.execute("ALTER SYSTEM SET autovacuum = off")
        await owner.execute("SELECT pg_reload_conf()")
        postmaster = await owner.fetchval(POSTMASTER)
        sides: dict[str, list[Side]] = {}
        for count in (FEW, MANY):
            many = Many(stories=count, sources=count // 200, entities=count // 50, claims_each=2)
            variables = {
                "UNSPUN_DATABASE_URL": (await _filled(owner, servers.database_url, many)),
                "UNSPUN_BASE_URL": BASE_URL,
                "UNSPUN_REDIS_URL": servers.redis_url,
                "UNSPUN_MEMORY_MB": "0",  # look-ups query the database too
            }
            process = await stack.enter_async_context(
                api_process(log=folder / str(count), **variables | UNSPENT)
            )
            for name, (path, _) in asked(many).items():
                # queries that read many rows: fewer at once, so that none times out
                slow = path.startswith("/v1/stats") or "q=" in path
                requests, connections = (SLOW_REQUESTS, AT_ONCE) if slow else (REQUESTS, CONNECTIONS)
                side = Side(
                    name,
                    process.port,
                    (process.process.pid, postmaster),
                    path,
                    requests,
                    connections=connections,
                )
                sides.setdefault(name, []).append(side)
        began = time.monotonic()
        await measure_in_turns([side for pair in sides.values() for side in pair], rounds)
        print(f"{rounds} rounds, {time.monotonic() - began:.0f} s; CPU of API and PostgreSQL a request")
        print(f"{'':44} {FEW:>10,}   {MANY:>10,}   ratio")
        all_hold = True
        for name, (_, bound) in asked(Many(stories=FEW)).items():
            few, much = sides[name]
            ratio = much.over(few)
            holds = ratio <= MAX_OF_FEW or not bound
            all_hold &= holds
            said = verdict(holds) if bound else ""
            print(
                f"{name:44} {median(few.costs):7.0f} µs   {median(much.costs):7.0f} µs   {ratio:5.2f}  {said}"
            )
        print(
            f"{verdict(all_hold)}  lists and look-ups at {MANY:,} stories at most {MAX_OF_FEW} times as dear"
        )
        return all_hold


async def _filled(owner: asyncpg.Connection, url: str, many: Many) -> str:
    """The URL of a database with these stories, which is created if missing."""
    name = f"of_{many.stories}"
    address = url.replace("/postgres?", f"/{name}?")
    if await owner.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        return address
    began = time.monotonic()
    await owner.execute(f"CREATE DATABASE {name}")
    await prepare_database(address)
    async with connected(address) as connection:
        await many.write(connection)
        size = await connection.fetchval("SELECT pg_size_pretty(pg_database_size(current_database()))")
    async with running_api(UNSPUN_DATABASE_URL=address, UNSPUN_BOOTSTRAP_ADMIN_KEY=KEY) as api:
        await api.publish_story(url=f"https://news.brightwater.example/{many.stories}", title=TITLE)
    print(f"{many.stories:,} stories in {time.monotonic() - began:.0f} s, {size}", flush=True)
    return address
