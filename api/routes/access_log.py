"""One log line a request (conventions O1), encoded by msgspec: structlog would cost more than some answers do."""

import asyncio
import os
from datetime import datetime
from typing import Any, Literal

import msgspec
import structlog
from msgspec import Struct

_STANDARD_ERROR = 2
_GATHERED_S = 0.01
_TOGETHER = 4_096  # bytes that a pipe takes in one piece, and does not mix with those of other processes


class AccessLine(Struct, kw_only=True, frozen=True, gc=False):
    """The fields of `api.logs`, and the request's. `route` is the template, so that no id makes a new series."""

    ts: datetime
    level: Literal["info"] = "info"
    event: Literal["request"] = "request"
    request_id: str
    method: str
    route: str | None
    status: int
    duration_ms: float
    bytes: int


class AccessLog:
    """Writes to standard error, beside the other lines and in their form.

    Lines of the same hundredth of a second are written together: to write each would cost as much as an answer.
    """

    def __init__(self, level: str, form: str) -> None:
        self.on = level in ("debug", "info")
        self._json = form == "json"
        self._encode = msgspec.json.Encoder().encode_lines
        self._log = structlog.get_logger(__name__)
        self._lines: list[AccessLine] = []

    def write(self, line: AccessLine) -> None:
        if self._json:
            if not self._lines:
                asyncio.get_running_loop().call_later(_GATHERED_S, self.flush)
            self._lines.append(line)
            return
        fields: dict[str, Any] = {
            name: getattr(line, name) for name in ("method", "route", "status", "duration_ms", "request_id")
        }
        self._log.info("request", **fields)

    def flush(self) -> None:
        """Write what is gathered."""
        lines, self._lines = self._encode(self._lines), []
        begin = 0
        while begin < len(lines):
            end = lines.rfind(b"\n", begin, begin + _TOGETHER) + 1
            end = end or lines.index(b"\n", begin) + 1  # a line that is longer goes alone
            os.write(_STANDARD_ERROR, lines[begin:end])
            begin = end
