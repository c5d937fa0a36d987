"""Child processes that run other commands of `unspun` and end together."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from api.clock import Clock

_PATIENCE_S: Final = 35.0  # API and worker drain for up to 25 s


class Children:
    """A context manager; leaving it stops all children and waits for them."""

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
        """Run `unspun COMMAND`, which will end with this process."""
        self._children[command] = subprocess.Popen(  # noqa: S603  # our own interpreter and code
            [sys.executable, "-m", "api.cli", command, "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us, and we stop them in order
            env=self._environ,
        )

    def ended(self) -> str | None:
        """A child that is not running any more, with its exit code; None while all run."""
        for command, child in self._children.items():
            if (code := child.poll()) is not None:
                return f"`unspun {command}` ended with code {code}"
        return None

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to those that stay."""
        for child in self._children.values():
            child.terminate()
        deadline = Clock().monotonic() + _PATIENCE_S
        for child in self._children.values():
            try:
                child.wait(max(0.0, deadline - Clock().monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
