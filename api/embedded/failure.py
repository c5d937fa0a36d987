"""The error of the embedded servers, and a helper for log excerpts."""

from pathlib import Path

_TAIL_LINES = 15


class EmbeddedError(Exception):
    """An embedded server cannot start or run; the message contains the cause and the fix."""


def tail(log: Path) -> str:
    """The last lines of a log; empty if there is none."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-_TAIL_LINES:])
