"""`unspun keys` and the first key, on a real database."""

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.operations.keys.key_format import is_well_formed, key_digest
from tests.kit.audit_lines import list_audit
from tests.kit.databases import connected


@pytest.fixture
def keys(database_url: str) -> Callable[..., Result]:
    return lambda *arguments: unspun("keys", *arguments, UNSPUN_DATABASE_URL=database_url)


def unspun(*arguments: str, **variables: str) -> Result:
    environment = {name: None for name in os.environ if name.startswith("UNSPUN_")}
    return CliRunner().invoke(main, arguments, env=environment | variables)


def ask(database_url: str, question: Callable[[asyncpg.Connection], Awaitable[Any]]) -> Any:
    async def answer() -> Any:
        async with connected(database_url) as connection:
            return await question(connection)

    return asyncio.run(answer())


class TestKeys:
    def test_needs_a_database(self) -> None:
        refused = unspun("keys", "list")
        assert refused.exit_code == 2
        assert "UNSPUN_DATABASE_URL is not set" in refused.output

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (("create",), 2, "--name"),
            (("create", "--name", "n", "--scope", "all"), 2, "all"),
            (("create", "--name", "n" * 101), 2, "length <= 100"),
            (("create", "--name", "n", "--days", "0"), 2, "--days"),
            (("create", "--name", "n", "--account", "x"), 2, "account_id"),
            (("create", "--name", "n", "--account", "acc_" + "9" * 26), 1, "no such account"),
            (("create", "--name", "n", "--account", "acc_" + "9" * 26, "--new-account", "x"), 1, "not both"),
            (("create", "--name", "n", "--network", "192.0.2.1/24"), 1, "not a network"),
            (("rotate", "key_" + "0" * 26), 1, "no such key"),
            (("rotate", "key_" + "0" * 26, "--overlap", "-1"), 2, "--overlap"),
            (("revoke", "key_" + "0" * 26), 1, "no such key"),
        ],
    )
    def test_prints_the_error(
        self, keys: Callable[..., Result], arguments: tuple[str, ...], code: int, said: str
    ) -> None:
        refused = keys(*arguments)
        assert refused.exit_code == code, refused.output
        assert said in refused.output

    def test_does_not_repeat_a_secret_that_stands_for_an_id(self, keys: Callable[..., Result]) -> None:
        secret = json.loads(keys("create", "--name", "n", "--json").output)["secret"]
        refused = keys("revoke", secret)
        assert refused.exit_code == 1
        assert secret not in refused.output

    def test_makes_a_key_and_shows_its_secret_once(
        self, keys: Callable[..., Result], database_url: str
    ) -> None:
        shown = keys("create", "--name", "reader", "--scope", "stories:read", "--days", "30").output
        (secret,) = re.findall(r"^secret +(\S+)  \(shown only once\)$", shown, re.MULTILINE)
        assert is_well_formed(secret)
        listed = keys("list").output
        assert secret not in listed
        assert secret.rpartition("_")[0] in listed
        assert re.search(r"stories:read  expires \d{4}-\d\d-\d\d \d\d:\d\dZ  reader", listed)
        stored = ask(database_url, lambda c: c.fetchval("SELECT secret_sha256 FROM api_keys"))
        assert stored == key_digest(secret)

    def test_lists_all_accounts_keys_or_those_of_one(self, keys: Callable[..., Result]) -> None:
        one = json.loads(keys("create", "--name", "a", "--new-account", "Newsroom", "--json").output)
        two = json.loads(keys("create", "--name", "b", "--json").output)
        every = [json.loads(line) for line in keys("list", "--json").output.splitlines()]
        assert [key["id"] for key in every] == [two["id"], one["id"]]
        assert all("secret" not in key for key in every)
        (own,) = keys("list", "--account", one["account_id"], "--json").output.splitlines()
        assert json.loads(own)["id"] == one["id"]

    def test_replaces_and_revokes(self, keys: Callable[..., Result], database_url: str) -> None:
        old = json.loads(keys("create", "--name", "n", "--json").output)
        new = json.loads(keys("rotate", old["id"], "--overlap", "60", "--json").output)
        assert new["replaces"] == old["id"]
        assert new["scopes"] == old["scopes"]
        again = keys("rotate", old["id"])
        assert again.exit_code == 1
        assert new["id"] in again.output
        assert "revoked" in keys("revoke", new["id"]).output
        assert "revoked" in keys("list").output.splitlines()[0]
        lines = ask(database_url, lambda c: list_audit(c, new["id"]))
        assert [(line.action, line.actor) for line in lines] == [
            ("key.created", "command_line"),
            ("key.revoked", "command_line"),
        ]


class TestTheFirstKey:
    def test_is_shown_by_the_first_migration_alone(self, empty_database_url: str) -> None:
        (key,) = re.findall(
            r"shown only once: (\S+)", unspun("migrate", UNSPUN_DATABASE_URL=empty_database_url).output
        )
        assert is_well_formed(key)
        again = unspun("migrate", UNSPUN_DATABASE_URL=empty_database_url)
        assert again.exit_code == 0
        assert "unspun_live_" not in again.output
        ((digest, scopes),) = ask(
            empty_database_url, lambda c: c.fetch("SELECT secret_sha256, scopes FROM api_keys")
        )
        assert digest == key_digest(key)
        assert "admin" in scopes

    def test_is_not_made_where_one_is_configured(self, empty_database_url: str) -> None:
        configured = "a" * 30
        shown = unspun(
            "migrate", UNSPUN_DATABASE_URL=empty_database_url, UNSPUN_BOOTSTRAP_ADMIN_KEY=configured
        )
        assert shown.exit_code == 0
        assert "shown only once" not in shown.output
        assert configured not in shown.output
