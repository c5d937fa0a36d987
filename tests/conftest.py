"""Real servers for all tests: embedded ones, or those of UNSPUN_DATABASE_URL and UNSPUN_REDIS_URL."""

import asyncio
import gc
import os
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import redis.asyncio
from hypothesis import HealthCheck, settings

from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from api.processes.pool import Processes
from tests.kit.databases import connected
from tests.kit.servers.pooler import pooled, running_pooler

_NUMBERS = count(1)
_AHEAD = 2  # databases created in advance
# External servers may hold other data: tests touch only databases with this prefix and Valkey's last indices.
_PREFIX = f"unspun_test_{os.getpid()}"
# each process of the suite has an index of its own
_GIVEN_REDIS_INDEX = 15 - int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


_APP_USER, _APP_PASSWORD = "unspun_test", "Th1s-0ne-only-f0r-tests"


def copying(template: str, name: str) -> str:
    """Copying by files takes half as long as copying through the log."""
    return f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"


@dataclass
class Servers:
    """URLs of both servers, PostgreSQL's as its owner; `embedded` is None for external servers."""

    database_url: str
    redis_url: str
    embedded: EmbeddedServers | None

    def database(self, name: str) -> str:
        """The URL of another database on this server, as its owner."""
        return urlunsplit(urlsplit(self.database_url)._replace(path=f"/{name}"))

    def as_app(self, name: str) -> str:
        """The same for the role of API and workers, which may read and write rows only."""
        return pooled(as_user(self.database(name), _APP_USER, _APP_PASSWORD))

    async def execute(self, statement: str) -> None:
        """Run a statement, such as CREATE DATABASE, on the server's own database."""
        async with connected(self.database_url) as connection:
            await connection.execute(statement)

    async def copy(self, template: str, name: str) -> None:
        await self.execute(copying(template, name))

    @asynccontextmanager
    async def temporary(self, template: str, suffix: str) -> AsyncIterator[str]:
        """The name of a copy of the template, dropped at the end."""
        name = f"{template}_{suffix}"
        await self.copy(template, name)
        try:
            yield name
        finally:
            await self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--through-pgbouncer", action="store_true", help="Put PgBouncer between the service and PostgreSQL."
    )


# Load on the machine must not fail a test. `make test` tries few examples of each property, always the same;
# `make test-all` passes --hypothesis-profile=all.
settings.register_profile("all", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("few", settings.get_profile("all"), max_examples=20, derandomize=True)
settings.load_profile("few")


def pytest_configure() -> None:
    gc.set_threshold(
        10_000, 20, 1_000
    )  # a thousand applications leave some 50,000 objects each; see `_collected`


@pytest.fixture(scope="module", autouse=True)
def _collected() -> None:
    """Exclude long-lived objects, such as models, from garbage collection.

    A full collection takes seconds and stops the event loop of test and service.
    """
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the share of `make test` in a run of all tests."""
    reports = [
        report
        for kind in ("passed", "failed", "error", "skipped", "")
        for report in terminalreporter.stats.get(kind, [])
        if isinstance(report, pytest.TestReport)
    ]
    quick_s = sum(report.duration for report in reports if "slow" not in report.keywords)
    if all("slow" not in report.keywords for report in reports):
        return
    processes = config.getoption("numprocesses", None) or 1
    terminalreporter.write_line(f"{quick_s / processes:.0f} s of it are those of `make test`")


def as_user(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.netloc.rpartition('@')[2]}"))


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Both servers, started once a session at most, behind PgBouncer if requested."""
    with ExitStack() as stack:
        servers = stack.enter_context(_servers())
        if request.config.getoption("--through-pgbouncer"):
            stack.enter_context(running_pooler(servers.database_url, _APP_USER, _APP_PASSWORD))
        yield servers


@contextmanager
def _servers() -> Iterator[Servers]:
    database_url, redis_url = os.environ.get("UNSPUN_DATABASE_URL"), os.environ.get("UNSPUN_REDIS_URL")
    if database_url and redis_url:
        yield Servers(database_url, f"{redis_url.rpartition('/')[0]}/{_GIVEN_REDIS_INDEX}", None)
        return
    with EmbeddedServers(None) as embedded:
        yield Servers(embedded.database_url, embedded.redis_url, embedded)


@pytest.fixture
def own_servers() -> Iterator[EmbeddedServers]:
    with EmbeddedServers(None) as embedded:
        yield embedded


@pytest.fixture(scope="session")
async def template(servers: Servers) -> AsyncIterator[str]:
    """The name of a migrated database that each test copies."""
    name = f"{_PREFIX}_template"
    await servers.execute(f"CREATE DATABASE {name}")
    url = servers.database(name)
    # thousands of connections verify the password, so one round instead of 4,096
    quick = f"{url}{'&' if urlsplit(url).query else '?'}scram_iterations=1"
    await prepare_database(quick, as_user(url, _APP_USER, _APP_PASSWORD))
    yield name
    await servers.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Copies:
    """Copies of the template, created in advance and dropped in a thread beside the tests."""

    def __init__(self, servers: Servers, template: str) -> None:
        self._servers, self._template = servers, template
        self._runner = asyncio.Runner()  # used by the thread only
        self._connection: asyncpg.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="databases")
        self._made: deque[Future[str]] = deque()
        self._dropped: list[Future[None]] = []

    async def take(self) -> str:
        while len(self._made) <= _AHEAD:
            self._made.append(self._thread.submit(self._make))
        return await asyncio.wrap_future(self._made.popleft())

    def give_back(self, name: str) -> None:
        """Drop the copy: a thousand of them would fill ten gigabytes of memory."""
        self._dropped.append(self._thread.submit(self._drop, name))

    def close(self) -> None:
        """Drop unused copies and wait for all drops. Raises the exception of a drop."""
        for made in self._made:
            self.give_back(made.result())
        for dropped in self._dropped:
            dropped.result()
        self._thread.submit(self._hang_up).result()
        self._thread.shutdown()

    def _make(self) -> str:
        name = f"{_PREFIX}_{next(_NUMBERS)}"
        self._runner.run(self._execute(copying(self._template, name)))
        return name

    def _drop(self, name: str) -> None:
        self._runner.run(self._execute(f"DROP DATABASE {name} WITH (FORCE)"))

    async def _execute(self, statement: str) -> None:
        if self._connection is None:
            self._connection = await asyncpg.connect(self._servers.database_url)
        await self._connection.execute(statement)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._runner.run(self._connection.close())
        self._runner.close()


@pytest.fixture(scope="session")
def copies(servers: Servers, template: str) -> Iterator[Copies]:
    copies = Copies(servers, template)
    yield copies
    copies.close()


@pytest.fixture
async def database_url(servers: Servers, copies: Copies) -> AsyncIterator[str]:
    """A migrated, empty database of this test alone, for the role of API and workers."""
    name = await copies.take()
    yield servers.as_app(name)
    copies.give_back(name)


@pytest.fixture
def owner_url(servers: Servers, database_url: str) -> str:
    return servers.database(urlsplit(database_url).path.lstrip("/"))


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(database_url) as connection:
        yield connection


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(owner_url) as connection:
        yield connection


@pytest.fixture
async def empty_database_url(servers: Servers) -> AsyncIterator[str]:
    """A database without tables, for tests of migrations."""
    name = f"{_PREFIX}_{next(_NUMBERS)}"
    await servers.execute(f"CREATE DATABASE {name}")
    yield servers.database(name)
    await servers.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def redis_url(servers: Servers) -> str:
    async with redis.asyncio.from_url(servers.redis_url) as client:
        await client.flushdb()
    return servers.redis_url


@pytest.fixture(scope="module")
async def page_processes() -> AsyncIterator[Processes]:
    """A worker's process for pages and feeds, with shorter timeouts."""
    pool = Processes(size=1, memory_mb=800, cpu_s=30)
    yield pool
    pool.close()
