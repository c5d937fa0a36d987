"""One log line a request (conventions O1), encoded by msgspec: structlog would cost more than some answers do."""

import os
from datetime import datetime
from typing import Any, Literal

import msgspec
import structlog
from msgspec import Struct

_STANDARD_ERROR = 2


class AccessLine(Struct, kw_only=True, frozen=True):
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
    """Writes to standard error, beside the other lines and in their form."""

    def __init__(self, level: str, form: str) -> None:
        self.on = level in ("debug", "info")
        self._json = form == "json"
        self._encode = msgspec.json.Encoder().encode
        self._log = structlog.get_logger(__name__)

    def write(self, line: AccessLine) -> None:
        """One write a line, so that lines of several processes do not mix."""
        if self._json:
            os.write(_STANDARD_ERROR, self._encode(line) + b"\n")
            return
        fields: dict[str, Any] = {
            name: getattr(line, name) for name in ("method", "route", "status", "duration_ms", "request_id")
        }
        self._log.info("request", **fields)
