"""One log line a request (conventions O1), encoded by msgspec: structlog would cost more than some answers do."""

import asyncio
import os
from datetime import datetime
from typing import Literal

import msgspec
import structlog
from msgspec import Struct

_STANDARD_ERROR = 2
_FOR_PEOPLE = ("method", "route", "status", "duration_ms", "request_id")
_GATHERED_S = 0.01
_TOGETHER = 4_096  # bytes that a pipe takes in one piece, and does not mix with those of other processes


class Answered(Struct, frozen=True, gc=False):
    """A request that was answered, as it is remembered until its line is written; the times are in seconds.

    `route` is the template, so that no id makes a new series.
    """

    at: datetime
    request_id: str
    method: str
    route: str | None
    status: int
    began: float
    ended: float
    size: int


class AccessLine(Struct, kw_only=True, frozen=True, gc=False):
    """The fields of `api.logs`, and the request's."""

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

    Those of one hundredth of a second are made and written together: each alone would cost as much as an answer.
    """

    def __init__(self, level: str, form: str) -> None:
        self.on = level in ("debug", "info")
        self._json = form == "json"
        self._encode = msgspec.json.Encoder().encode_lines
        self._log = structlog.get_logger(__name__)
        self._answered: list[Answered] = []

    def write(self, answered: Answered) -> None:
        if not self._json:
            line = _line(answered)
            fields = {name: getattr(line, name) for name in _FOR_PEOPLE}
            self._log.info("request", **fields)
            return
        if not self._answered:
            asyncio.get_running_loop().call_later(_GATHERED_S, self.flush)
        self._answered.append(answered)

    def flush(self) -> None:
        """Write what is gathered."""
        lines = self._encode(map(_line, self._answered))
        self._answered = []
        begin = 0
        while begin < len(lines):
            end = lines.rfind(b"\n", begin, begin + _TOGETHER) + 1
            end = end or lines.index(b"\n", begin) + 1  # a line that is longer goes alone
            os.write(_STANDARD_ERROR, lines[begin:end])
            begin = end


def _line(answered: Answered) -> AccessLine:
    return AccessLine(
        ts=answered.at,
        request_id=answered.request_id,
        method=answered.method,
        route=answered.route,
        status=answered.status,
        duration_ms=round((answered.ended - answered.began) * 1000, 2),
        bytes=answered.size,
    )
