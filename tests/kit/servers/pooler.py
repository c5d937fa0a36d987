"""PgBouncer in transaction mode in front of the test's PostgreSQL, for `make test-pgbouncer`."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from api.embedded.process import free_port

SESSIONS = 5  # fewer than the tests open at once, so that clients share them
_CONFIGURATION = """
[databases]
* = host={host} port={server_port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 500
max_prepared_statements = 200
server_idle_timeout = 5
"""


@dataclass(frozen=True)
class Pooler:
    """Ports of the pooler and of the server behind it."""

    port: int
    server_port: int

    def through(self, url: str) -> str:
        return _at_port(url, self.port)

    def past(self, url: str) -> str:
        return _at_port(url, self.server_port)


_running: Pooler | None = None


def direct_setting(url: str) -> dict[str, str]:
    """The additional setting for this database URL behind a pooler."""
    return {} if _running is None else {"UNSPUN_DIRECT_DATABASE_URL": _running.past(url)}


def pooled(url: str) -> str:
    """The URL through the pooler, if one runs."""
    return url if _running is None else _running.through(url)


@contextmanager
def running_pooler(database_url: str, user: str, password: str) -> Iterator[Pooler]:
    global _running
    binary = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if binary is None:
        pytest.exit("PgBouncer is not installed (on Debian: apt-get install pgbouncer).", returncode=1)
    server = urlsplit(database_url)
    assert server.port is not None
    folder = Path(tempfile.mkdtemp(prefix="unspun-pgbouncer-"))
    folder.chmod(0o755)  # it refuses to run as root, and nobody must read its files
    users, settings, log = (folder / name for name in ("users.txt", "pgbouncer.ini", "pgbouncer.log"))
    users.write_text(f'"{user}" "{password}"\n')
    port = free_port()
    settings.write_text(
        _CONFIGURATION.format(
            host=server.hostname, server_port=server.port, port=port, users=users, sessions=SESSIONS
        )
    )
    with log.open("wb") as output:
        process = subprocess.Popen(
            [binary, str(settings)],
            stdout=output,
            stderr=output,
            user="nobody" if os.geteuid() == 0 else None,
        )
    try:
        _wait(process, port, log)
        _running = Pooler(port=port, server_port=server.port)
        yield _running
    finally:
        _running = None
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.05)


def _at_port(url: str, port: int) -> str:
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}{at}{parts.hostname}:{port}"))
