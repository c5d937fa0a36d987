"""A model that answers by script, and the page about which it is asked."""

from collections.abc import AsyncIterator

import pytest

from tests.kit.servers.scripted_model import ScriptedModel
from tests.kit.servers.web_server import Site
from tests.kit.worlds.second_opinions import put_page, says


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as server:
        server.script = says()
        yield server


@pytest.fixture
def url(site: Site) -> str:
    return put_page(site)
