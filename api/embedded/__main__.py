"""The supervisor: a process of its own that starts both servers and stops them when its owner ends.

It speaks lines of JSON on standard output: first the two URLs or an error, then one answer a command. It
takes commands (`stop postgres`, `start valkey`) on standard input. Its owner's death is seen in its
parent's number; its own, even by SIGKILL, reaches the servers as a signal (process.spawn).
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

_ENDING: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_LOOK_S: Final = 0.5  # how often the owner's life is looked at


class _Stop(Exception):
    """A signal asks to end."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m api.embedded")
    parser.add_argument("--owner", type=int, required=True)
    parser.add_argument("--data-dir", type=Path)
    arguments = parser.parse_args()
    for number in _ENDING:
        signal.signal(number, _raise_stop)
    try:
        with open_folder(arguments.data_dir, arguments.owner) as place:
            _supervise(place, arguments.owner, durable=arguments.data_dir is not None)
    except _Stop:
        return 0
    except (EmbeddedError, OSError) as error:
        _ignore_signals()
        _say({"error": str(error)})
        return 1
    return 0


def _supervise(place: Path, owner: int, *, durable: bool) -> None:
    postgres, valkey = Postgres(place, durable=durable), Valkey(place)
    try:
        postgres.start()
        valkey.start()
        _say({"database_url": postgres.url, "redis_url": valkey.url})
        _obey({"postgres": postgres, "valkey": valkey}, owner)
    finally:
        _ignore_signals()
        valkey.stop()
        postgres.stop()


def _obey(servers: dict[str, Postgres | Valkey], owner: int) -> None:
    """Until the owner ends, its pipe closes, or a server ends by itself."""
    while os.getppid() == owner:
        for name, server in servers.items():
            if server.died():
                raise EmbeddedError(f"the embedded {name} ended unexpectedly; see its log")
        readable, _, _ = select.select([sys.stdin.fileno()], [], [], _LOOK_S)
        if readable:
            command = os.read(sys.stdin.fileno(), 1024).decode().split()
            if not command:
                return
            verb, name = command
            try:
                servers[name].stop() if verb == "stop" else servers[name].start()
                _say({})
            except EmbeddedError as error:
                _say({"error": str(error)})


def _say(line: dict[str, str]) -> None:
    try:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the owner is gone; the loop will see it
        sys.stdout = sys.stderr


def _ignore_signals() -> None:
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


def _raise_stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


if __name__ == "__main__":
    sys.exit(main())
