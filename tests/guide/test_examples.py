"""Every example of the guide works as its page shows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Servers
from tests.guide.compared import complaints
from tests.guide.examples import examples_of, pages
from tests.guide.reading import reading_service
from tests.guide.session import reader_folder, run
from tests.kit.clients.api_client import KEY
from tests.kit.servers.api_process import ApiProcess

pytestmark = pytest.mark.slow

WITH_EXAMPLES = [name for name, path in pages().items() if examples_of(path.read_text())]


@pytest.fixture(scope="module")
async def service(
    servers: Servers, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ApiProcess]:
    async with servers.temporary(template, "guide") as name:
        log = tmp_path_factory.mktemp("guide") / "service.log"
        async with reading_service(servers.as_app(name), servers.redis_url, log) as api:
            yield api


class TestExamples:
    @pytest.mark.parametrize("name", WITH_EXAMPLES)
    async def test_do_what_their_page_says(self, name: str, service: ApiProcess, tmp_path: Path) -> None:
        ran = await run(examples_of(pages()[name].read_text()), service.url, reader_folder(tmp_path, KEY))
        found = [complaint for one in ran for complaint in complaints(one)]
        assert found == [], f"{name}: " + "\n".join(found) + "\n`make guide` writes the answers anew"
