"""Embedded servers: one owner for each folder, no remains after its death, data preserved."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio

from api.embedded import EmbeddedError, EmbeddedServers
from api.embedded.folder import Account, open_folder, reachable, reachable_copy
from api.embedded.postgres import Postgres
from tests.kit.databases import connected

ROOT = Path(__file__).resolve().parents[3]
STRANGER = Account(uid=54_321, gid=54_321)  # an unprivileged user, whoever runs the tests
# An owner that prints its supervisor's PID and its database's URL, and waits to be killed.
OWNER = """
import sys
from pathlib import Path
from api.embedded import EmbeddedServers
servers = EmbeddedServers(Path(sys.argv[1]))
servers.start()
print(servers.supervisor_pid, servers.database_url, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary folder that every account can enter, unlike pytest's own."""
    created = Path(tempfile.mkdtemp(prefix="unspun-test-"))
    created.chmod(0o711)
    yield created
    shutil.rmtree(created)


@pytest.fixture
def start_owner(folder: Path) -> Iterator[Callable[[], "tuple[subprocess.Popen[str], int, str]"]]:
    """Starts an owner of servers in `folder`: the process, its supervisor and its database."""
    owners: list[subprocess.Popen[str]] = []

    def start() -> "tuple[subprocess.Popen[str], int, str]":
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        owners.append(owner)
        assert owner.stdout is not None
        supervisor, url = owner.stdout.readline().split()
        return owner, int(supervisor), url

    yield start
    for owner in owners:
        owner.kill()
        owner.communicate()
    # the servers end after their owner, and write into the folder until then
    wait_until(lambda: not processes_of(folder, supervisor=-1))


def processes_of(folder: Path, supervisor: int) -> list[str]:
    """Running processes of a set of servers, without zombies."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    found = []
    for line in listed.splitlines():
        pid, parent, state, command = line.split(None, 3)
        own = str(supervisor) in (pid, parent) or str(folder) in command
        if own and not state.startswith("Z") and "ps -ww" not in command:
            found.append(line)
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition never held"
        time.sleep(0.05)


class TestEmbeddedServers:
    def test_refuses_a_folder_that_is_in_use(self, start_owner, folder: Path) -> None:
        owner, _, _ = start_owner()
        with pytest.raises(EmbeddedError, match=rf"in use by process {owner.pid}.*UNSPUN_DATA_DIR"):
            EmbeddedServers(folder).start()

    @pytest.mark.slow
    def test_refuses_data_of_another_version(self, start_owner, folder: Path) -> None:
        owner, supervisor, _ = start_owner()
        owner.communicate("")
        wait_until(lambda: not processes_of(folder, supervisor))
        (folder / "postgres" / "cluster" / "PG_VERSION").write_text("17\n")
        with pytest.raises(EmbeddedError, match=r"has data of PostgreSQL 17, but version 18 is installed"):
            EmbeddedServers(folder).start()

    def test_refuses_a_folder_that_cannot_be_made(self, folder: Path) -> None:
        (folder / "file").write_text("")
        with pytest.raises(EmbeddedError, match="UNSPUN_DATA_DIR"):
            EmbeddedServers(folder / "file" / "data").start()

    @pytest.mark.slow
    @pytest.mark.parametrize("victim", ["owner", "supervisor"])
    def test_leaves_nothing_behind_when_one_is_killed(self, start_owner, folder: Path, victim: str) -> None:
        if victim == "supervisor" and not sys.platform.startswith("linux"):
            pytest.skip("only Linux has a signal for a parent's death")
        owner, supervisor, _ = start_owner()
        assert len(processes_of(folder, supervisor)) >= 3
        os.kill(owner.pid if victim == "owner" else supervisor, signal.SIGKILL)
        owner.communicate("")
        wait_until(lambda: not processes_of(folder, supervisor))

    @pytest.mark.slow
    async def test_keeps_its_data_when_the_owner_is_killed(self, start_owner, folder: Path) -> None:
        owner, _, url = start_owner()
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        owner.kill()
        owner.wait()
        await connection.close(timeout=5)
        with EmbeddedServers(folder) as servers:  # at once: it waits for the old servers to end
            async with connected(servers.database_url) as connection:
                assert await connection.fetchval("SELECT answer FROM kept") == 42

    @pytest.mark.slow
    async def test_keeps_its_data_when_everything_is_killed(self, start_owner, folder: Path) -> None:
        owner, supervisor, url = start_owner()
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        postmaster = int((folder / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
        for pid in (postmaster, supervisor, owner.pid):
            os.kill(pid, signal.SIGKILL)
        owner.wait()
        await connection.close(timeout=5)
        with EmbeddedServers(folder) as servers:
            async with connected(servers.database_url) as connection:
                assert await connection.fetchval("SELECT answer FROM kept") == 42

    @pytest.mark.slow
    async def test_ends_a_server_that_lost_its_supervisor(self, folder: Path) -> None:
        orphan = Postgres(folder, durable=True)
        orphan.start()
        with EmbeddedServers(folder) as servers:
            assert orphan.died()
            await (await asyncpg.connect(servers.database_url)).close()

    @pytest.mark.slow
    async def test_starts_where_another_program_has_the_old_servers_number(
        self, start_owner, folder: Path
    ) -> None:
        owner, supervisor, _ = start_owner()
        owner.communicate("")
        wait_until(lambda: not processes_of(folder, supervisor))
        stale = folder / "postgres" / "cluster" / "postmaster.pid"
        stale.write_text(f"{os.getpid()}\n{stale.parent}\n1\n5432\n\n127.0.0.1\n\nready\n")
        with EmbeddedServers(folder) as servers:
            assert servers.running()

    async def test_takes_a_server_away_and_brings_it_back_at_its_address(
        self, own_servers: EmbeddedServers
    ) -> None:
        own_servers.stop_server("postgres")
        own_servers.stop_server("valkey")
        with pytest.raises(OSError):
            await asyncpg.connect(own_servers.database_url, timeout=2)
        own_servers.start_server("postgres")
        own_servers.start_server("valkey")
        async with connected(own_servers.database_url) as connection:
            assert await connection.fetchval("SELECT 1") == 1
        async with redis.asyncio.from_url(own_servers.redis_url) as client:
            assert await client.ping()

    @pytest.mark.slow
    async def test_ends_when_a_server_ends_by_itself(self, start_owner, folder: Path) -> None:
        _, supervisor, _ = start_owner()
        os.kill(int((folder / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0]), 9)
        wait_until(lambda: len(processes_of(folder, supervisor)) <= 1)  # only the owner, not yet stopped

    async def test_requires_the_password(self, own_servers: EmbeddedServers) -> None:
        url = own_servers.database_url
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url.replace(url.split(":")[2].partition("@")[0], "guess"))
        async with redis.asyncio.from_url(own_servers.redis_url.replace("redis://:", "redis://:x")) as client:
            with pytest.raises(redis.AuthenticationError):
                await client.ping()

    @pytest.mark.slow
    def test_separates_two_folders(self, own_servers: EmbeddedServers) -> None:
        with EmbeddedServers(None) as other:
            assert other.database_url != own_servers.database_url
            assert other.redis_url != own_servers.redis_url


class TestReachable:
    def test_is_false_below_a_closed_folder(self, folder: Path) -> None:
        closed = folder / "closed"
        inner = closed / "inner"
        inner.mkdir(parents=True)
        closed.chmod(0o700)
        assert not reachable(inner, STRANGER)

    def test_is_true_for_the_user_itself(self, folder: Path) -> None:
        assert reachable(folder, None)

    def test_asks_of_files_that_they_can_be_read(self, folder: Path) -> None:
        file = folder / "file"
        file.write_text("")
        file.chmod(0o600)
        assert not reachable(file, STRANGER)
        file.chmod(0o644)
        assert reachable(file, STRANGER)


class TestReachableCopy:
    def test_is_created_once_and_world_readable(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("api.embedded.folder._ROOT_CACHE", folder / "cache")
        closed = folder / "package"
        (closed / "bin").mkdir(parents=True)
        (closed / "bin" / "server").write_text("program")
        (closed / "bin" / "server").chmod(0o700)
        closed.chmod(0o700)
        copy = reachable_copy("package-1", [closed])
        assert reachable(copy / "package" / "bin" / "server", STRANGER)
        assert os.access(copy / "package" / "bin" / "server", os.X_OK)
        assert reachable_copy("package-1", [closed]) == copy
        assert [entry.name for entry in copy.parent.iterdir()] == ["package-1"]


class TestOpenFolder:
    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL under another account")
    def test_keeps_the_data_elsewhere_where_the_other_account_cannot_go(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.embedded.folder._ROOT_DATA", folder / "var")
        data_dir = folder / "closed" / "checkout" / ".unspun"
        data_dir.mkdir(parents=True)
        (folder / "closed").chmod(0o700)
        with open_folder(data_dir, os.getpid()) as place:
            assert place.parent == folder / "var"
            assert place.name.startswith("checkout-")
        with open_folder(data_dir, os.getpid()) as again:
            assert again == place

    def test_removes_a_temporary_folder(self) -> None:
        with open_folder(None, os.getpid()) as place:
            (place / "file").write_text("")
        assert not place.exists()

    @pytest.mark.parametrize(
        ("enough", "variables", "in_memory"),
        [(0, {}, True), (2**60, {}, False), (0, {"TMPDIR": "/tmp"}, False)],
        ids=["room", "no room", "another folder is named"],
    )
    def test_makes_it_in_memory_where_there_is_room(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        enough: int,
        variables: dict[str, str],
        in_memory: bool,
    ) -> None:
        monkeypatch.setattr("api.embedded.folder._MEMORY", tmp_path)
        monkeypatch.setattr("api.embedded.folder._ENOUGH_BYTES", enough)
        monkeypatch.setattr("api.embedded.folder.environment", lambda: variables)
        with open_folder(None, os.getpid()) as place:
            assert (place.parent == tmp_path) is in_memory
