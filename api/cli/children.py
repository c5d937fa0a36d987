"""Child processes that run other `unspun` commands and stop together."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from api.clock import Clock

_STOP_TIMEOUT_S: Final = 35.0  # API and worker need up to 25 s to stop


class Children:
    """A context manager that stops its children and waits for them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ) | {"PYTHONPATH": str(Path(__file__).parents[2])}
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, command: str) -> None:
        """Run `unspun COMMAND` as a child that ends with this process."""
        self._children[command] = subprocess.Popen(  # noqa: S603  # our own interpreter and code
            [sys.executable, "-m", "api.cli", command, "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C must reach this process only, which stops them in order
            env=self._environ,
        )

    def ended(self) -> str | None:
        """A message about a child that has exited, with its exit code; None while all run."""
        for command, child in self._children.items():
            if (code := child.poll()) is not None:
                return f"`unspun {command}` ended with code {code}"
        return None

    def stop(self) -> None:
        """Send SIGTERM to all, then SIGKILL to those that do not stop in time."""
        for child in self._children.values():
            child.terminate()
        deadline = Clock().monotonic() + _STOP_TIMEOUT_S
        for child in self._children.values():
            try:
                child.wait(max(0.0, deadline - Clock().monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
