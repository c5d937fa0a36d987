"""A primary and its synchronous standby, from the embedded server's programs, for the failover drill."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from api.embedded.folder import account_for
from api.embedded.postgres import Postgres, programs
from tests.kit.databases import connected

STANDBY = "standby"


class Pair:
    """Two servers; the second follows the first until it is promoted."""

    def __init__(self, primary: Postgres, standby: Postgres) -> None:
        self._primary, self._standby = primary, standby

    def url(self, user: str, password: str) -> str:
        """Both hosts; a client uses the one that accepts writes."""
        first, second = urlsplit(self._primary.url), urlsplit(self._standby.url)
        netloc = f"{user}:{password}@127.0.0.1:{first.port},127.0.0.1:{second.port}"
        return urlunsplit(
            first._replace(netloc=netloc, query="sslmode=disable&target_session_attrs=read-write")
        )

    @property
    def owner_url(self) -> str:
        parts = urlsplit(self._primary.url)
        return self.url(unquote(parts.username or ""), unquote(parts.password or ""))

    async def wait_for_standby(self) -> None:
        """From now on, commits wait for the standby."""
        async with connected(self._primary.url) as connection:
            await connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({STANDBY})'")
            await connection.execute("SELECT pg_reload_conf()")
            # this one commits by the new rule
            await connection.execute("CREATE TABLE followed AS SELECT 1 AS n")
            state = await connection.fetchval("SELECT sync_state FROM pg_stat_replication")
            assert state == "quorum", state
            await connection.execute("DROP TABLE followed")

    def kill_primary(self) -> None:
        assert self._primary.pid is not None
        os.kill(self._primary.pid, signal.SIGKILL)

    async def promote(self) -> None:
        async with connected(self._standby.url) as connection:
            assert await connection.fetchval("SELECT pg_promote(true, 60)")


@contextmanager
def running_pair() -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="unspun-pair-"))
    folder.chmod(0o711)
    places = [folder / "one", folder / "two"]
    for place in places:
        place.mkdir(mode=0o711)
    primary, standby = (Postgres(place, durable=True) for place in places)
    try:
        primary.start()
        _copy(primary, places)
        standby.start()
        yield Pair(primary, standby)
    finally:
        standby.stop()
        primary.stop()
        shutil.rmtree(folder)


def _copy(primary: Postgres, places: list[Path]) -> None:
    """A base backup of the primary, configured to follow it."""
    account = account_for(places[0] / "postgres" / "cluster")
    target = places[1] / "postgres"
    target.mkdir(mode=0o700)
    if account:
        os.chown(target, account.uid, account.gid)
    shutil.copy(places[0] / "postgres.password", places[1])
    parts = urlsplit(primary.url)
    subprocess.run(
        [
            str(programs(account) / "pg_basebackup"),
            *("--dbname", f"host=127.0.0.1 port={parts.port} user=postgres application_name={STANDBY}"),
            *("--pgdata", str(target / "cluster"), "--checkpoint=fast", "--wal-method=stream"),
            *("--write-recovery-conf", "--create-slot", "--slot=standby"),
        ],
        env={"PGPASSWORD": unquote(parts.password or ""), "PATH": os.defpath},
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=True,
        capture_output=True,
    )
