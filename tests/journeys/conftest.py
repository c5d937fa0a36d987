"""Journeys use the whole service over real servers through HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.kit.servers.proxy import Proxy
from tests.kit.servers.service import Service, running_service
from tests.kit.servers.web_server import Site
from tests.kit.shared import shared_folder
from tests.kit.worlds.delivery_world import World, running_world


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as site:
        yield site


@pytest.fixture
def service(
    database_url: str, redis_url: str, site: Site
) -> Callable[..., AbstractAsyncContextManager[Service]]:
    """`async with service(hosts=[...]) as running:` API and worker; `site` serves these host names."""

    @asynccontextmanager
    async def start(**options: object) -> AsyncIterator[Service]:
        async with running_service(database_url, redis_url, site, **options) as running:  # type: ignore[arg-type]  # options are running_service's own
            yield running

    return start


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with running_world(UNSPUN_DATABASE_URL=database_url) as world:
        yield world


@pytest.fixture
def shared() -> Path:
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared data stand beside the checkout only where the project is developed")
    return folder


async def _proxy(url: str) -> AsyncIterator[Proxy]:
    parts = urlsplit(url)
    proxy = Proxy(parts.hostname or "127.0.0.1", parts.port or 0)
    await proxy.start()
    user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    proxy.url = urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{proxy.port}"))
    yield proxy
    await proxy.stop()


@pytest.fixture
async def database_proxy(database_url: str) -> AsyncIterator[Proxy]:
    async for proxy in _proxy(database_url):
        yield proxy


@pytest.fixture
async def cache_proxy(redis_url: str) -> AsyncIterator[Proxy]:
    async for proxy in _proxy(redis_url):
        yield proxy
