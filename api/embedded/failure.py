"""The one error of the embedded servers, and the end of a log that explains it."""

from pathlib import Path

_TAIL_LINES = 15


class EmbeddedError(Exception):
    """An embedded server cannot start or run; the text says why and what to do."""


def tail(log: Path) -> str:
    """The last lines of a log, empty when there is none."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-_TAIL_LINES:])
