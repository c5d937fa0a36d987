"""`make bench`: CPU of the server's process for reads, relative to a constant response of the same size.

The sides take turns in many short rounds, so other load on the machine affects all of them; only ratios within
a round count. `--beside CHECKOUT` also measures another version; `--million` measures lists, look-ups, searches
and counts at a million stories.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from urllib.parse import quote

from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from api.storage.stories.story_lists import StoryFilter
from tests.benchmarks.serving.load import wait_for
from tests.benchmarks.serving.million import bench_million
from tests.benchmarks.serving.sides import PEER, UNSPENT, Side, constant, measure_in_turns, served, verdict
from tests.kit.clients.api_client import BASE_URL, KEY, bearer, running_api
from tests.kit.databases import connected
from tests.kit.servers.api_process import api_process
from tests.kit.texts.many_stories import Many

ROUNDS, REQUESTS = 75, 640
ROUNDS_OF_MILLION = 15
NO_MEMORY = {"UNSPUN_MEMORY_MB": "0"}
NO_COPIES = NO_MEMORY | {"UNSPUN_REDIS_URL": ""}
LISTED = 10_000  # other stories in the database
# Bounds relative to a constant response, to a peer with an ORM, and to the rows of a page.
LEAST_OF_CONSTANT, LEAST_OF_PEER, MAX_OF_ROWS = 0.65, 22, 1.5

# The rows of a page with all columns that a story in a list needs.
SELECT_ROWS = """
SELECT s.listed_at, s.id, s.slug, s.url, s.status, s.title, s.published_at, s.language, s.vertical, s.verdict_id,
       s.version, s.primary_type, s.secondary_type, s.tactic, s.score, s.band, s.stance, s.satire, s.happening,
       s.deck, s.created_at, s.updated_at, s.source_id, s.source_domain, o.slug, o.name, o.type
FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) s
JOIN sources o ON o.id = s.source_id
ORDER BY s.listed_at DESC, s.id DESC LIMIT $18
"""


async def bench(beside: Path | None, rounds: int, requests: int) -> bool:
    """Measure and print. Returns whether all ratios are within bounds."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = stack.enter_context(EmbeddedServers(None))
        await prepare_database(servers.database_url)
        variables = {
            "UNSPUN_DATABASE_URL": servers.database_url,
            "UNSPUN_REDIS_URL": servers.redis_url,
            "UNSPUN_BASE_URL": BASE_URL,  # must be equal for all, since it affects the body and the ETag
        }
        async with running_api(**variables) as api:
            path = f"/v1/stories/{await api.publish_story()}"
            story = await api.client.get(path, headers={"Accept-Encoding": "identity"})
        body = folder / "body"
        body.write_bytes(story.content)
        async with connected(servers.database_url) as filled:
            await Many(stories=LISTED).write(filled)
        floor = await stack.enter_async_context(served(*constant(body)))
        peer = await stack.enter_async_context(
            served(*PEER, path="/docs", variables={"DATABASE_URL": servers.database_url})
        )
        hot = await stack.enter_async_context(api_process(log=folder / "api", **variables | UNSPENT))
        few, url = requests // 10, quote(story.json()["url"], safe="")  # requests to the database take longer
        many = 3 * requests  # small differences need longer measurements
        sides = [
            Side("constant", floor[0], (floor[1],), "/", many),
            Side("hot story", hot.port, (hot.process.pid,), path, many),
            Side(
                "hot story, 304",
                hot.port,
                (hot.process.pid,),
                path,
                many,
                {"If-None-Match": story.headers["etag"]},
                status=304,
            ),
            *(
                Side(name, hot.port, (hot.process.pid,), asked, count, headers)
                for name, asked, count, headers in (
                    ("hot story with a key", path, requests, bearer(KEY)),
                    (f"first page of {LISTED:,} stories", "/v1/stories", few, {}),
                    ("a page of a hundred", "/v1/stories?limit=100", few, {}),
                    ("look-up by URL", f"/v1/lookup?url={url}", few, {}),
                    ("search", "/v1/stories?q=brightwater", few, {}),
                )
            ),
        ]
        for name, settings in (("story from Valkey", NO_MEMORY), ("story from PostgreSQL", NO_COPIES)):
            process = await stack.enter_async_context(
                api_process(log=folder / name, **variables | UNSPENT | settings)
            )
            sides.append(Side(name, process.port, (process.process.pid,), path, requests))
        if beside:
            process = await stack.enter_async_context(
                api_process(log=folder / "beside", code=beside, **variables | UNSPENT)
            )
            sides += [
                Side(
                    f"beside: {s.name}",
                    process.port,
                    (process.process.pid,),
                    s.path,
                    s.requests,
                    s.headers,
                    status=s.status,
                )
                for s in sides[1:8]
            ]
        sides.append(
            Side("the peer, one row", peer[0], (peer[1],), f"/verdicts/{story.json()['verdict']['id']}", few)
        )
        sides.append(Side("the peer, three joins", peer[0], (peer[1],), path.removeprefix("/v1"), few))
        began = time.monotonic()
        await measure_in_turns(sides, rounds)
        of_rows = await _page_in_rows(servers.database_url, hot.port, rounds)
        of_rows_beside = await _page_in_rows(servers.database_url, process.port, rounds) if beside else 0
        print(f"{rounds} rounds of {requests} requests a side, {len(story.content)} bytes, "
              f"{time.monotonic() - began:.0f} s")  # fmt: skip
        print(f"{'':40} CPU a request   over the constant   requests/s")
        for side in sides:
            figures = f"{median(side.costs):10.1f} µs {side.over(sides[0]):19.2f} {median(side.rates):12,.0f}"
            print(f"{side.name:40} {figures}")
        named = {side.name: side for side in sides}
        share, dearer = 1 / named["hot story"].over(sides[0]), sides[2].over(sides[1])
        times = named["the peer, one row"].over(named["hot story"])
        said = [
            (share >= LEAST_OF_CONSTANT,
             f"a hot story at {share:.2f} of the constant's rate a CPU, at least {LEAST_OF_CONSTANT}"),
            (dearer <= 1, f"a 304 at {dearer:.2f} of a 200, at most 1"),
            (times >= LEAST_OF_PEER, f"a hot story at {times:.0f} times the peer's rate a CPU for one row, "
             f"at least {LEAST_OF_PEER}"),
            (of_rows <= MAX_OF_ROWS, f"a page of a hundred stories in {of_rows:.2f} of the time of its rows, "
             f"at most {MAX_OF_ROWS}"),
        ]  # fmt: skip
        for holds, line in said:
            print(f"{verdict(holds)}  {line}")
        if beside:
            print(f"beside: a page of a hundred stories in {of_rows_beside:.2f} of the time of its rows")
        return all(holds for holds, _ in said)


async def _page_in_rows(database_url: str, port: int, rounds: int) -> float:
    """Time of a page of a hundred stories relative to the query of its rows."""
    async with connected(
        database_url, server_settings={"plan_cache_mode": "force_custom_plan", "timezone": "UTC"}
    ) as connection:
        ratios, times = [], 30
        for _ in range(rounds):
            page, began = wait_for(port, "/v1/stories?limit=100", requests=times), time.monotonic()
            for _ in range(times):
                await connection.fetch(SELECT_ROWS, *StoryFilter().values(), 101)
            ratios.append(page / (time.monotonic() - began))
    return median(ratios)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])  # type: ignore[union-attr]  # there is one, above
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="measure this version's API as well")
    parser.add_argument("--million", action="store_true", help="lists at a million stories, some ten minutes")
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="keep the million here, and find it again"
    )
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="a side and round")
    given = parser.parse_args()
    if given.million:
        holds = asyncio.run(bench_million(given.data, given.rounds or ROUNDS_OF_MILLION))
    else:
        holds = asyncio.run(bench(given.beside, given.rounds or ROUNDS, given.requests))
    sys.exit(not holds)


if __name__ == "__main__":
    main()
