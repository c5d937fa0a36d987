"""Every statement is prepared against the migrated database, so misspelt columns fail here."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import asyncpg
import pytest

import api.queue
import api.storage
from tests.kit.databases import connected
from tests.kit.tables import each

_STATEMENT = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b")


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def _statements() -> dict[str, str]:
    return {
        f"{module.__name__}.{name}": value
        for package in (api.storage, api.queue)
        for module in _modules(package)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and _STATEMENT.match(value)
    }


STATEMENTS = _statements()


@pytest.fixture(scope="session")
async def connection(servers, template) -> asyncpg.Connection:  # type: ignore[no-untyped-def]  # fixtures of the root conftest
    async with servers.temporary(template, "sql") as name, connected(servers.database(name)) as connection:
        yield connection


class TestEveryStatement:
    @each("name", STATEMENTS)
    async def test_fits_the_tables(self, connection: asyncpg.Connection, name: str) -> None:
        prepared = await connection.prepare(STATEMENTS[name])
        numbers = {int(number) for number in re.findall(r"\$(\d+)", STATEMENTS[name])}
        assert numbers == set(range(1, len(prepared.get_parameters()) + 1))

    @each("name", STATEMENTS)
    def test_lists_its_columns(self, name: str) -> None:
        assert re.search(r"(?:SELECT|RETURNING|,)\s+(?:\w+\.)?\*", STATEMENTS[name]) is None

    @each("name", STATEMENTS)
    def test_leaves_nothing_on_its_connection(self, name: str) -> None:
        # pooled connections are returned unchanged
        assert re.search(r"advisory_(?:un)?lock|set_config", STATEMENTS[name]) is None

    def test_is_found_by_this_test(self) -> None:
        assert len(STATEMENTS) > 40
        assert len(set(STATEMENTS.values())) == len(STATEMENTS)
