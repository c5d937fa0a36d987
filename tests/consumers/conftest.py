"""A service over TCP, and programs of consumers that use it."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import Servers
from tests.kit.clients.api_client import Api, running_api
from tests.kit.servers.api_process import ApiProcess, api_process

HERE: Final = Path(__file__).parent


@dataclass
class Running:
    """An API process, an API in this process over the same database, and the folder of exports."""

    api: Api
    process: ApiProcess
    exports: Path


@pytest.fixture(scope="session")
async def running(
    servers: Servers, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("consumers")
    async with servers.temporary(template, "consumers") as name:
        variables = {
            "UNSPUN_DATABASE_URL": servers.as_app(name),
            "UNSPUN_EXPORTS_FOLDER": str(folder / "exports"),
        }
        async with running_api(**variables) as api, api_process(log=folder / "log", **variables) as process:
            yield Running(api, process, folder / "exports")


@dataclass
class Program:
    """A running program; `lines` are the JSON values that it printed."""

    lines: list[Any] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, reached: Callable[[list[Any]], object], seconds: float = 30) -> None:
        """Returns once the condition holds for the lines. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self.news:
            await self.news.wait_for(lambda: reached(self.lines))


@asynccontextmanager
async def node(script: str, *arguments: str) -> AsyncIterator[Program]:
    """A script of this folder, ended with the block. Skips the test if there is no Node."""
    if shutil.which("node") is None:
        pytest.skip("node is not on this machine")
    assert (HERE / "node_modules").is_dir(), "`make test-consumers` installs what it needs"
    process = await asyncio.create_subprocess_exec(
        "node", HERE / script, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    program, output = Program(), process.stdout

    async def read() -> None:
        async for line in output:
            async with program.news:
                program.lines.append(json.loads(line))
                program.news.notify_all()

    reading = asyncio.create_task(read())
    try:
        yield program
    finally:
        if process.returncode is None:
            process.terminate()
        await reading
        await process.wait()
