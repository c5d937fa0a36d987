"""The supervisor: a process that starts both servers and stops them when its owner ends.

It writes lines of JSON to standard output: first the URLs or an error, then a response per command (`stop
postgres`, `start valkey`) from standard input. It detects its owner's death by its parent id; its own death
reaches the servers as a signal (process.spawn).
"""

import argparse
import json
import os
import select
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Final

from api.embedded.failure import EmbeddedError
from api.embedded.folder import open_folder
from api.embedded.postgres import Postgres
from api.embedded.valkey import Valkey

_STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_POLL_S: Final = 0.5  # interval of checks for the owner's death


class _Stop(Exception):
    """A signal requests a stop."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m api.embedded")
    parser.add_argument("--owner", type=int, required=True)
    parser.add_argument("--data-dir", type=Path)
    arguments = parser.parse_args()
    for number in _STOP_SIGNALS:
        signal.signal(number, _raise_stop)
    try:
        with open_folder(arguments.data_dir, arguments.owner) as place:
            _supervise(place, arguments.owner, durable=arguments.data_dir is not None)
    except _Stop:
        return 0
    except (EmbeddedError, OSError) as error:
        _ignore_signals()
        _write({"error": str(error)})
        return 1
    return 0


def _supervise(place: Path, owner: int, *, durable: bool) -> None:
    postgres, valkey = Postgres(place, durable=durable), Valkey(place)
    try:
        postgres.start()
        valkey.start()
        _write({"database_url": postgres.url, "redis_url": valkey.url})
        _serve_commands({"postgres": postgres, "valkey": valkey}, owner)
    finally:
        _ignore_signals()
        valkey.stop()
        postgres.stop()


def _serve_commands(servers: dict[str, Postgres | Valkey], owner: int) -> None:
    """Run commands until the owner ends, its pipe closes, or a server ends unexpectedly."""
    while os.getppid() == owner:
        for name, server in servers.items():
            if server.died():
                raise EmbeddedError(f"the embedded {name} ended unexpectedly; see its log")
        readable, _, _ = select.select([sys.stdin.fileno()], [], [], _POLL_S)
        if readable:
            command = os.read(sys.stdin.fileno(), 1024).decode().split()
            if not command:
                return
            verb, name = command
            try:
                servers[name].stop() if verb == "stop" else servers[name].start()
                _write({})
            except EmbeddedError as error:
                _write({"error": str(error)})


def _write(line: dict[str, str]) -> None:
    try:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the owner has ended; the loop will notice
        sys.stdout = sys.stderr


def _ignore_signals() -> None:
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _raise_stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


if __name__ == "__main__":
    sys.exit(main())
