"""Where a request stands in its caller's trace (W3C Trace Context), known to the task that serves it.

It reaches the log lines of the task and the jobs that it queues. Nothing that leaves the service bears it: whose
page is read, or who subscribes, learns nothing of who asked.
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
    """The header's value, None where it is not well formed and counts for nothing."""
    return given if _FORM.fullmatch(given) else None


def trace_id(traceparent: str) -> str:
    return traceparent[3:35]


def span_id(traceparent: str) -> str:
    return traceparent[36:52]


def child_of(traceparent: str, own: str) -> str:
    """The same trace, seen from a step below: `own` is the step's span id, 16 hexadecimal digits."""
    return f"{traceparent[:36]}{own}{traceparent[52:]}"


def current_traceparent() -> str | None:
    """What the task belongs to, if anything."""
    return _current.get()


@contextmanager
def traced(traceparent: str) -> Iterator[None]:
    """All that is done within, and all tasks that it starts, belong to this step of the trace."""
    before = _current.set(traceparent)
    try:
        with structlog.contextvars.bound_contextvars(
            trace_id=trace_id(traceparent), span_id=span_id(traceparent)
        ):
            yield
    finally:
        _current.reset(before)
