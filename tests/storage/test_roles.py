"""Database roles: rights of the application and of readers, and how a user is admitted."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from api.operations.database.prepare_database import prepare_database
from api.storage.database.grants import set_rights
from api.storage.database.migrate import MigrationFailed
from api.storage.database.scram import scram_verifier
from tests.conftest import Servers, as_user
from tests.kit.databases import connected
from tests.kit.tables import each
from tests.storage.test_prepared_statements import STATEMENTS

USER = "unspun_test_guest"
OURS = [name for name in STATEMENTS if not name.startswith("api.storage.database.grants.")]


@pytest.fixture
async def guest(servers: Servers) -> AsyncIterator[str]:
    """The name of a role that does not exist, and is removed afterwards."""
    yield USER
    await servers.execute(f"DROP ROLE IF EXISTS {USER}")


class TestTheServicesUser:
    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE public.own (n int)",
            "CREATE TABLE queue.own (n int)",
            "CREATE SCHEMA own",
            "CREATE ROLE own",
            "ALTER TABLE stories ADD COLUMN own int",
            "DROP TABLE stories",
            "TRUNCATE stories CASCADE",
            "ALTER TABLE audit_log DISABLE TRIGGER audit_log_immutable",
            "UPDATE audit_log SET action = 'nothing'",
            "DELETE FROM audit_log",
            "TRUNCATE audit_log",
            "UPDATE verdicts SET version = 2",
            "DELETE FROM verdicts",
            "UPDATE events SET type = 'nothing'",
            "DELETE FROM schema_migrations",
            "SET ROLE postgres",
        ],
    )
    async def test_may_not(self, connection: asyncpg.Connection, statement: str) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)

    @each("name", OURS)
    async def test_may_run_every_statement_of_ours(self, quiet_app: asyncpg.Connection, name: str) -> None:
        # planned without values; rights are checked as in a run
        assert await quiet_app.execute(f"EXPLAIN (GENERIC_PLAN) {STATEMENTS[name]}") == "EXPLAIN"

    async def test_brings_limits_of_its_own(self, connection: asyncpg.Connection) -> None:
        for name, value in (("statement_timeout", "1min"), ("lock_timeout", "1s")):
            assert await connection.fetchval("SELECT current_setting($1)", name) == value


@pytest.fixture(scope="session")
async def quiet_app(servers: Servers, template: str) -> AsyncIterator[asyncpg.Connection]:
    async with servers.temporary(template, "roles") as name, connected(servers.as_app(name)) as connection:
        yield connection


class TestAReader:
    async def test_reads_all_and_writes_nothing(self, servers: Servers, owner_url: str, guest: str) -> None:
        await servers.execute(f"CREATE ROLE {guest} LOGIN PASSWORD 'reader' IN ROLE unspun_readonly")
        async with connected(as_user(owner_url, guest, "reader")) as reader:
            tables = await reader.fetch(
                "SELECT schemaname || '.' || tablename AS name FROM pg_tables "
                "WHERE schemaname IN ('public', 'queue')"
            )
            assert len(tables) > 20
            for table in tables:
                await reader.fetch(f"SELECT FROM {table['name']} LIMIT 1")
                for change in ("DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"):
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await reader.execute(change.format(table["name"]))
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.execute("CREATE TABLE own (n int)")


class TestLettingAUserIn:
    async def test_never_touches_the_password_of_a_role_that_is_not_ours(
        self, servers: Servers, owner_url: str, guest: str
    ) -> None:
        await servers.execute(f"CREATE ROLE {guest} LOGIN PASSWORD 'theirs'")
        with pytest.raises(MigrationFailed, match="exists with another password"):
            await set_rights(owner_url, as_user(owner_url, guest, "ours"))
        async with connected(as_user(owner_url, guest, "theirs")) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch("SELECT id FROM stories")

    async def test_refuses_a_password_that_clients_would_prepare_differently(
        self, owner_url: str, guest: str
    ) -> None:
        with pytest.raises(MigrationFailed, match="printable ASCII"):
            await set_rights(owner_url, as_user(owner_url, guest, "p%C3%A4ss"))

    async def test_makes_it_with_the_password_of_the_url_and_changes_it_with_that(
        self, empty_database_url: str, guest: str
    ) -> None:
        for password in ("first-one", "second%40one", "second%40one"):
            url = as_user(empty_database_url, guest, password)
            await prepare_database(empty_database_url, url)
            async with connected(url) as connection:
                assert await connection.fetchval("SELECT count(*) FROM stories") == 0
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute("CREATE TABLE own (n int)")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(as_user(empty_database_url, guest, "first-one"))

    async def test_takes_in_a_user_that_its_administrator_made(
        self, servers: Servers, owner_url: str, guest: str
    ) -> None:
        await servers.execute(f"CREATE ROLE {guest} LOGIN PASSWORD 'theirs'")
        url = as_user(owner_url, guest, "theirs")
        await set_rights(owner_url, url)
        async with connected(url) as connection:
            assert await connection.fetchval("SELECT count(*) FROM stories") == 0

    async def test_prints_the_fix_if_the_owner_may_not_create_roles(
        self, servers: Servers, guest: str
    ) -> None:
        await servers.execute(f"CREATE ROLE {guest} LOGIN PASSWORD 'owner'")
        await servers.execute(f"CREATE DATABASE {guest} OWNER {guest}")
        try:
            owner = as_user(servers.database(guest), guest, "owner")
            await prepare_database(owner)
            with pytest.raises(MigrationFailed, match="as a member of unspun_app"):
                await set_rights(owner, as_user(owner, "unspun_test_other", "new"))
        finally:
            await servers.execute(f"DROP DATABASE {guest} WITH (FORCE)")


class TestScramVerifier:
    def test_holds_no_password_and_never_repeats_itself(self) -> None:
        first, second = scram_verifier("hunter2"), scram_verifier("hunter2")
        assert first != second
        assert "hunter2" not in first
        assert first.startswith("SCRAM-SHA-256$4096:")
