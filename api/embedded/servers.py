"""The owner's side: starts the supervisor process, which starts the servers."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from api.embedded.failure import EmbeddedError
from api.settings import environment

_STOP_TIMEOUT_S = 30.0  # above the supervisor's own timeouts

Server = Literal["postgres", "valkey"]


class EmbeddedServers:
    """A context manager for both servers; the URLs are set within it.

    `data_dir` retains the data. None is for tests: temporary data, without sync to disk. A second owner of a
    folder gets EmbeddedError. When the owner dies, even by SIGKILL, the servers stop within about a second.
    """

    def __init__(self, data_dir: Path | None) -> None:
        self._data_dir = data_dir
        self._supervisor: subprocess.Popen[str] | None = None
        self.database_url = ""
        self.redis_url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def supervisor_pid(self) -> int | None:
        """The supervisor's process id, which ends when a server does. None before the start."""
        return self._supervisor.pid if self._supervisor else None

    def start(self) -> None:
        """Start both and wait until they respond: 2 s the first time, 0.5 s later. Raises EmbeddedError."""
        arguments = ["--owner", str(os.getpid())]
        if self._data_dir is not None:
            arguments += ["--data-dir", str(self._data_dir.absolute())]
        # makes `api` importable if the project is not installed
        root = str(Path(__file__).parents[2])
        self._supervisor = subprocess.Popen(
            [sys.executable, "-m", "api.embedded", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C must reach the owner only, which stops the servers last
            env=environment() | {"PYTHONPATH": root},
        )
        try:
            urls = self._response()
        except BaseException:
            self.stop()
            raise
        self.database_url, self.redis_url = urls["database_url"], urls["redis_url"]

    def stop(self) -> None:
        """Stop both and wait; no effect if they are not running."""
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is None:
            return
        supervisor.terminate()
        try:
            supervisor.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            supervisor.kill()
            supervisor.wait()
        for pipe in (supervisor.stdin, supervisor.stdout):
            if pipe:
                pipe.close()

    def stop_server(self, server: Server) -> None:
        """Stop one server, to simulate an outage. Raises EmbeddedError."""
        self._command("stop", server)

    def start_server(self, server: Server) -> None:
        """Restart it at the same address. Raises EmbeddedError."""
        self._command("start", server)

    def running(self) -> bool:
        """Whether the supervisor, and thus both servers, are running."""
        return self._supervisor is not None and self._supervisor.poll() is None

    def _command(self, verb: str, server: Server) -> None:
        if self._supervisor is None or self._supervisor.stdin is None:
            raise EmbeddedError("the embedded servers have not been started")
        self._supervisor.stdin.write(f"{verb} {server}\n")
        self._supervisor.stdin.flush()
        self._response()

    def _response(self) -> dict[str, Any]:
        """The supervisor's next line. Raises EmbeddedError if it reports an error or has ended."""
        assert self._supervisor is not None
        assert self._supervisor.stdout is not None
        line = self._supervisor.stdout.readline()
        if not line:
            raise EmbeddedError("the supervisor of the embedded servers ended unexpectedly")
        response: dict[str, Any] = json.loads(line)
        if "error" in response:
            raise EmbeddedError(response["error"])
        return response
