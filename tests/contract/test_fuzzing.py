"""Schemathesis sends valid and invalid requests to every operation."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import Servers
from tests.contract.fuzzing import Run, fuzz

pytestmark = pytest.mark.slow

# Each run covers these; `make fuzz` runs all phases.
COVERED: Final = "^(listStories|getStory|createKey|getAppeal)$"


@pytest.fixture
async def database(servers: Servers, template: str) -> AsyncIterator[str]:
    async with servers.temporary(template, "fuzzing") as name:
        yield name


def check(run: Run) -> None:
    assert run.code == 0, run.output[-20_000:]
    assert run.server_log == "", "the service logs what it did not foresee"


async def test_every_operation_keeps_its_document_in_a_few_requests_each(
    servers: Servers, database: str, tmp_path: Path, redis_url: str
) -> None:
    short = ("--phases", "examples,fuzzing,stateful", "--max-examples", "3")
    check(await fuzz(servers, database, tmp_path, redis_url, short))


async def test_some_operations_keep_their_document_value_by_value(
    servers: Servers, database: str, tmp_path: Path, redis_url: str
) -> None:
    some = ("--phases", "coverage", "--include-operation-id-regex", COVERED)
    check(await fuzz(servers, database, tmp_path, redis_url, some))


@pytest.mark.fuzz
async def test_every_operation_keeps_its_document_at_length(
    servers: Servers, database: str, tmp_path: Path, redis_url: str
) -> None:
    check(await fuzz(servers, database, tmp_path, redis_url, ("--max-examples", "60"), seeds=True))
