"""The application in this process over real servers; tests publish stories without a worker."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from api.clock import Clock
from tests.conftest import Servers
from tests.kit.clients.api_client import Api, Start, running_api
from tests.kit.clients.public_reads import SETTINGS


@pytest.fixture
async def api(database_url: str, owner_url: str, redis_url: str) -> AsyncIterator[Api]:
    """The application with default settings, an empty database and an empty Valkey."""
    variables = {"UNSPUN_DATABASE_URL": database_url, "UNSPUN_REDIS_URL": redis_url}
    async with running_api(owner_url=owner_url, **variables) as running:
        yield running


@pytest.fixture(scope="session")
async def quiet_api(servers: Servers, template: str) -> AsyncIterator[Api]:
    """One application for all tests of refusals, which store nothing."""
    async with (
        servers.temporary(template, "quiet") as name,
        running_api(UNSPUN_DATABASE_URL=servers.as_app(name), UNSPUN_BAD_KEY_QUOTAS="none") as running,
    ):
        yield running


@pytest.fixture
def start_api(database_url: str, owner_url: str, redis_url: str) -> Start:
    """`async with start_api(UNSPUN_...=...) as api:` the application with these settings."""

    def start(*, clock: Clock | None = None, **variables: str) -> AbstractAsyncContextManager[Api]:
        given = {"UNSPUN_DATABASE_URL": database_url, "UNSPUN_REDIS_URL": redis_url}
        return running_api(owner_url=owner_url, clock=clock, **given | variables)

    return start


@pytest.fixture
async def full_api(start_api: Start, tmp_path: Path) -> AsyncIterator[Api]:
    """With the settings that enable all public reads."""
    async with start_api(**SETTINGS, UNSPUN_EXPORTS_FOLDER=str(tmp_path / "exports")) as api:
        yield api
