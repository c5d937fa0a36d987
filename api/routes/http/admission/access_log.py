"""One log line a request, encoded by msgspec: structlog would cost more than some answers do.

Lines are written by the hundredth of a second, since one write a line costs as much as a cached answer. A
process that is killed loses the lines of its last ten milliseconds; one that stops writes them.
"""

import asyncio
import os
from datetime import datetime

import msgspec
import structlog
from msgspec import UNSET, Struct, UnsetType

from api.storage.keys.keys import KeyHolder
from api.traces import span_id, trace_id

_STANDARD_ERROR = 2
_FOR_PEOPLE = ("method", "route", "status", "duration_ms", "request_id")
_GATHERED_S = 0.01
_TOGETHER = 4_096  # bytes that a pipe takes in one piece, and does not mix with those of other processes


class AccessLine(Struct, gc=False):
    """The fields of `api.logs`, and the request's: no body, no key, no text of a query.

    `route` is the template, so that no id makes a new series. `cache` says of a read whether its answer was ready
    in this process (`hit`), was made or fetched for it (`miss`), or was not needed (`304`). `account` and
    `key_id` are there where a valid key was sent, `trace_id` and `span_id` where the request belongs to a trace.
    """

    ts: datetime
    level: str
    event: str
    request_id: str
    method: str
    route: str | None
    status: int
    duration_ms: float
    bytes: int
    cache: str | UnsetType = UNSET
    account: str | UnsetType = UNSET
    key_id: str | UnsetType = UNSET
    trace_id: str | UnsetType = UNSET
    span_id: str | UnsetType = UNSET


class AccessLog:
    """Writes to standard error, beside the other lines and in their form.

    Those of one hundredth of a second are written together: each alone would cost as much as an answer.
    """

    def __init__(self, level: str, form: str) -> None:
        self.on = level in ("debug", "info")
        self._json = form == "json"
        self._encode = msgspec.json.Encoder().encode_lines
        self._log = structlog.get_logger(__name__)
        self._lines: list[AccessLine] = []

    def write(
        self,
        at: datetime,
        request_id: str,
        method: str,
        route: str | None,
        status: int,
        took_s: float,
        size: int,
        cache: str | UnsetType,
        traceparent: str | None,
        holder: KeyHolder | None = None,
    ) -> None:
        took_ms = (int(took_s * 100_000) + 1) / 100  # up to two places; `round` takes three times as long
        line = AccessLine(at, "info", "request", request_id, method, route, status, took_ms, size, cache)
        if status == 304:
            line.cache = "304"
        if holder is not None:
            line.account, line.key_id = holder.account_id, holder.key_id
        if traceparent is not None:
            line.trace_id, line.span_id = trace_id(traceparent), span_id(traceparent)
        if self._json:
            if not self._lines:
                asyncio.get_running_loop().call_later(_GATHERED_S, self.flush)
            self._lines.append(line)
        else:
            self._log.info("request", **{name: getattr(line, name) for name in _FOR_PEOPLE})

    def flush(self) -> None:
        """Write what is gathered."""
        lines, self._lines = self._encode(self._lines), []
        begin = 0
        while begin < len(lines):
            end = lines.rfind(b"\n", begin, begin + _TOGETHER) + 1
            end = end or lines.index(b"\n", begin) + 1  # a line that is longer goes alone
            os.write(_STANDARD_ERROR, lines[begin:end])
            begin = end
