"""The current request's place in its caller's trace (W3C Trace Context).

It is added to log lines and to queued jobs, never to outgoing requests: publishers and subscribers learn
nothing of the caller.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import structlog

_FORM: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def read_traceparent(given: str) -> str | None:
    """The header's value; returns None if it is malformed."""
    return given if _FORM.fullmatch(given) else None


def trace_id(traceparent: str) -> str:
    return traceparent[3:35]


def span_id(traceparent: str) -> str:
    return traceparent[36:52]


def child_of(traceparent: str, own: str) -> str:
    """A child span in the same trace; `own` is its span id, 16 hexadecimal digits."""
    return f"{traceparent[:36]}{own}{traceparent[52:]}"


def current_traceparent() -> str | None:
    """The trace of the current task, if any."""
    return _current.get()


@contextmanager
def traced(traceparent: str) -> Iterator[None]:
    """Set the trace for this context and the tasks started in it."""
    before = _current.set(traceparent)
    try:
        with structlog.contextvars.bound_contextvars(
            trace_id=trace_id(traceparent), span_id=span_id(traceparent)
        ):
            yield
    finally:
        _current.reset(before)
