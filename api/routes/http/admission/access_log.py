"""The access log: one line per request, encoded by msgspec, because structlog is slower than some responses.

Lines are written every 10 ms, because one write per line costs as much as a cached response. A killed process
loses its last 10 ms; a stopping one writes them.
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
_TEXT_FIELDS = ("method", "route", "status", "duration_ms", "request_id")
_FLUSH_INTERVAL_S = 0.01
_ATOMIC_BYTES = 4_096  # PIPE_BUF: pipe writes up to this size are atomic


class AccessLine(Struct, gc=False):
    """The fields of `api.logs` and of the request; no body, key or query string.

    `route` is the path template, to limit the number of series. `cache` describes a read: `hit` from memory,
    `miss`, or `304`. `account` and `key_id` are set for valid keys, `trace_id` and `span_id` if the request has
    a trace.
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
    """Writes access lines in batches to standard error, in the format of the other logs."""

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
        took_ms = (
            int(took_s * 100_000) + 1
        ) / 100  # two decimals, rounded up; `round` takes three times as long
        line = AccessLine(at, "info", "request", request_id, method, route, status, took_ms, size, cache)
        if status == 304:
            line.cache = "304"
        if holder is not None:
            line.account, line.key_id = holder.account_id, holder.key_id
        if traceparent is not None:
            line.trace_id, line.span_id = trace_id(traceparent), span_id(traceparent)
        if self._json:
            if not self._lines:
                asyncio.get_running_loop().call_later(_FLUSH_INTERVAL_S, self.flush)
            self._lines.append(line)
        else:
            self._log.info("request", **{name: getattr(line, name) for name in _TEXT_FIELDS})

    def flush(self) -> None:
        """Write the collected lines."""
        lines, self._lines = self._encode(self._lines), []
        begin = 0
        while begin < len(lines):
            end = lines.rfind(b"\n", begin, begin + _ATOMIC_BYTES) + 1
            end = end or lines.index(b"\n", begin) + 1  # a longer line is written alone
            os.write(_STANDARD_ERROR, lines[begin:end])
            begin = end
