"""The restore drill: a backup is restored in a new cluster, row for row, and served."""

import os
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import pytest

from api.embedded import EmbeddedServers
from api.embedded.postgres import programs
from api.operations.database.prepare_database import prepare_database
from tests.conftest import Servers, as_user
from tests.kit.clients.api_client import Api, bearer, running_api
from tests.kit.databases import connected
from tests.kit.polling import until

DEPLOY = Path(__file__).parents[3] / "deploy"
READER = "unspun_test_backup"
TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'queue') ORDER BY 1
"""
# Rows and their order-independent checksum; quoted by the statement above.
CONTENT = "SELECT count(*) AS rows, md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) AS sum FROM {} t"
SEQUENCES = """
SELECT schemaname || '.' || sequencename AS name, last_value FROM pg_sequences
WHERE schemaname IN ('public', 'queue') ORDER BY 1
"""


def script(name: str, file: Path, url: str) -> "subprocess.CompletedProcess[str]":
    """Run a script on this database with the embedded server's programs."""
    parts = urlsplit(url)
    variables = {
        "PATH": f"{programs(None)}:{os.defpath}",
        "PGHOST": str(parts.hostname),
        "PGPORT": str(parts.port),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
        "PGSSLMODE": "disable",
    }
    return subprocess.run(
        ["sh", str(DEPLOY / name), str(file)], env=variables, capture_output=True, text=True, check=False
    )


async def content(url: str) -> dict[str, object]:
    """Row count and checksum of every table, value of every sequence."""
    async with connected(url) as connection:
        found: dict[str, object] = {
            table: tuple(await connection.fetchrow(CONTENT.format(table)))
            for (table,) in await connection.fetch(TABLES)
        }
        return found | {row["name"]: row["last_value"] for row in await connection.fetch(SEQUENCES)}


async def publish(api: Api, town: str) -> str:
    return await api.publish_story(title=f"{town} opens its turbine", url=f"http://{town}.example/turbine")


@pytest.fixture
async def reader_url(servers: Servers, owner_url: str) -> AsyncIterator[str]:
    await servers.execute(f"CREATE ROLE {READER} LOGIN PASSWORD 'reader' IN ROLE unspun_readonly")
    yield as_user(owner_url, READER, "reader")
    await servers.execute(f"DROP ROLE {READER}")


@asynccontextmanager
async def new_database(servers: EmbeddedServers) -> AsyncIterator[str]:
    async with connected(servers.database_url) as connection:
        await connection.execute("CREATE DATABASE restored")
    yield urlunsplit(urlsplit(servers.database_url)._replace(path="/restored"))


class TestABackUp:
    def test_prints_its_failure_and_leaves_nothing(self, tmp_path: Path) -> None:
        failed = script("backup.sh", tmp_path / "kept", "postgresql://nobody:x@127.0.0.1:1/unspun")
        assert failed.returncode != 0
        assert "refused" in failed.stderr
        assert list(tmp_path.iterdir()) == []

    async def test_is_not_poured_over_other_data(self, owner_url: str, tmp_path: Path) -> None:
        before = await content(owner_url)
        refused = script("restore.sh", tmp_path / "kept", owner_url)
        assert refused.returncode == 1
        assert "restore into an empty one" in refused.stderr
        assert await content(owner_url) == before

    async def test_is_restored_row_for_row_and_served(
        self, database_url: str, owner_url: str, reader_url: str, own_servers: EmbeddedServers, tmp_path: Path
    ) -> None:
        async with running_api(UNSPUN_DATABASE_URL=database_url) as api:
            stories = [await publish(api, town) for town in ("Lanternfield", "Otterby")]
            key = await api.make_key()
            submission = {"url": "http://wire.lanternfield.example/next"}
            open_one = (await api.holder.post("/v1/analyses", json=submission)).json()
            shown = {story: await api.client.get(f"/v1/stories/{story}") for story in stories}
        began = time.monotonic()
        saved = script("backup.sh", file := tmp_path / "unspun.dump", reader_url)
        assert saved.returncode == 0, saved.stderr
        assert file.stat().st_mode & 0o077 == 0
        async with new_database(own_servers) as new_owner_url:
            restored = script("restore.sh", file, new_owner_url)
            assert restored.returncode == 0, restored.stderr
            new_url = as_user(new_owner_url, "unspun", "a-new-password")
            await prepare_database(new_owner_url, new_url)
            assert await content(new_owner_url) == (before := await content(owner_url))
            assert len(before) > 20
            async with running_api(UNSPUN_DATABASE_URL=new_url) as api:
                assert (await api.client.get("/readyz")).status_code == 200
                print(f"\nback-up, restore and first answer: {time.monotonic() - began:.1f} s")
                for story, answer in shown.items():
                    again = await api.client.get(f"/v1/stories/{story}")
                    assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])
                assert (await api.client.get("/v1/keys", headers=bearer(key))).status_code in (200, 403)
                # open jobs are still queued, and new ones follow
                assert (await api.holder.get(f"/v1/analyses/{open_one['id']}")).json()["status"] == "queued"
                assert await publish(api, "Wickmere")

                async def numbered_on() -> bool:
                    return bool((await api.rows("SELECT max(sequence) AS n FROM events"))[0]["n"] == 3)

                await until(numbered_on)
