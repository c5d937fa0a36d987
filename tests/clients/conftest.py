"""A service over TCP with some stories, and the generated clients."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis.asyncio

from schemas.assessments import Assessment
from schemas.enums import LookupState, StoryStatus
from tests.clients.making import make_python_client
from tests.conftest import Servers
from tests.kit.clients.api_client import running_api
from tests.kit.servers.api_process import ApiProcess, api_process
from tests.kit.texts.factories import make_article, make_edition, publish
from tests.kit.texts.filled import filled
from tests.kit.worlds.lookup_states import make_pages

ADDRESS = "http://news.brightwater.example/turbine"
TITLES = [
    "Brightwater opens its tidal turbine",
    "A second turbine",
    "A third",
    LookupState.KNOWN.value,
]


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The generator's output; its package can then be imported."""
    folder = tmp_path_factory.mktemp("client")
    said = make_python_client(folder)
    sys.path.insert(0, str(folder))
    yield said
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
async def service(
    servers: Servers, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ApiProcess]:
    async with servers.temporary(template, "clients") as name:
        async with redis.asyncio.from_url(servers.redis_url) as valkey:
            await valkey.flushdb()
        variables = {"UNSPUN_DATABASE_URL": servers.as_app(name), "UNSPUN_REDIS_URL": servers.redis_url}
        async with running_api(**variables) as api:
            article = make_article(title=TITLES[0], url=ADDRESS)
            full = filled(
                Assessment, status=StoryStatus.SCORED, not_scorable=None, input_digest=article.digest
            )
            await publish(api.runtime, make_edition(article, full))
            for number, title in enumerate(TITLES[1:3]):
                await api.publish_story(title=title, url=f"{ADDRESS}/{number}")
            await make_pages(api)
        log: Path = tmp_path_factory.mktemp("clients") / "api.log"
        async with api_process(log=log, **variables) as process:
            yield process
