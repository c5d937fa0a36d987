"""Real servers for all tests: the embedded ones, or those of UNSPUN_DATABASE_URL and UNSPUN_REDIS_URL."""

import multiprocessing
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import redis.asyncio
from hypothesis import HealthCheck, settings

from api.embedded import EmbeddedServers
from api.jobs.preloads import PRELOADS
from api.operations.prepare_database import prepare_database
from tests.pooler import pooled, running_pooler

_NUMBERS = count(1)
# Given servers may hold data of others: only databases of our own naming, and Valkey's last indices, are touched.
_PREFIX = f"unspun_test_{os.getpid()}"
# each process of the suite empties an index of its own
_GIVEN_REDIS_INDEX = 15 - int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


_APP_USER, _APP_PASSWORD = "unspun_test", "Th1s-0ne-only-f0r-tests"


@dataclass
class Servers:
    """Addresses of both servers, PostgreSQL's as its owner; `embedded` is None where they were given."""

    database_url: str
    redis_url: str
    embedded: EmbeddedServers | None

    def database(self, name: str) -> str:
        """The URL of another database on the same server, as its owner."""
        return urlunsplit(urlsplit(self.database_url)._replace(path=f"/{name}"))

    def as_app(self, name: str) -> str:
        """The same as API and workers come: they may read and write rows, and no more."""
        return pooled(as_user(self.database(name), _APP_USER, _APP_PASSWORD))

    async def execute(self, statement: str) -> None:
        """One statement on the server's own database, such as CREATE DATABASE."""
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def copy(self, template: str, name: str) -> None:
        """A database like another. By its files: through the log it would take twice as long."""
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--through-pgbouncer", action="store_true", help="Put PgBouncer between the service and PostgreSQL."
    )


# A test finds what is wrong, not how busy the machine is.
settings.register_profile("unspun", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unspun")


def pytest_configure() -> None:
    """Let the fork server hold the engine, whichever test starts it: it is one for all tests of a process.

    Without, every page process would load the engine anew, and the sample pages take five times as long.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(PRELOADS["full"]))


def as_user(url: str, user: str, password: str) -> str:
    """The URL for another user."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.netloc.rpartition('@')[2]}"))


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Both servers, started at most once a session, with PgBouncer in front where it is asked for."""
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
    """Servers of this test alone, which it may stop and start."""
    with EmbeddedServers(None) as embedded:
        yield embedded


@pytest.fixture(scope="session")
async def template(servers: Servers) -> AsyncIterator[str]:
    """The name of a migrated database that is copied for each test."""
    name = f"{_PREFIX}_template"
    await servers.execute(f"CREATE DATABASE {name}")
    await prepare_database(servers.database(name), as_user(servers.database(name), _APP_USER, _APP_PASSWORD))
    yield name
    await servers.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_url(servers: Servers, template: str) -> AsyncIterator[str]:
    """A migrated, empty database of this test alone, as API and workers see it."""
    name = f"{_PREFIX}_{next(_NUMBERS)}"
    await servers.copy(template, name)
    yield servers.as_app(name)
    await servers.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def owner_url(servers: Servers, database_url: str) -> str:
    """The database of `database_url` as its owner, who may do everything."""
    return servers.database(urlsplit(database_url).path.lstrip("/"))


@pytest.fixture
async def empty_database_url(servers: Servers) -> AsyncIterator[str]:
    """A database without any table, for tests of migrations."""
    name = f"{_PREFIX}_{next(_NUMBERS)}"
    await servers.execute(f"CREATE DATABASE {name}")
    yield servers.database(name)
    await servers.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def redis_url(servers: Servers) -> str:
    """An emptied Valkey."""
    async with redis.asyncio.from_url(servers.redis_url) as client:
        await client.flushdb()
    return servers.redis_url
