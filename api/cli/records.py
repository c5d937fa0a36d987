"""`unspun analyze --jsonl`: one record per line in, one verdict per line out, in the same order."""

import asyncio
import sys
from collections import deque
from collections.abc import Iterable
from typing import Any, BinaryIO, Final

import msgspec

from api.cli.article import Record, article_of_record
from api.clock import Clock
from api.pages.reader import assess_article
from api.processes.pool import ProcessCrashed, Processes, ProcessTimeout
from api.rendering.flat import flat
from api.runtime.load_taxonomy import load_taxonomy
from schemas.taxonomy import Taxonomy

_AHEAD: Final = 4  # queued records per process, to keep all processes busy
_REPORT_S: Final = 2.0


async def analyze_records(
    lines: Iterable[bytes],
    out: BinaryIO,
    processes: Processes,
    *,
    flat_form: bool,
    size: int,
    load: str,
) -> int:
    """Write a verdict for each valid line and return the number of failed lines."""
    taxonomy = load_taxonomy()
    waiting: deque[tuple[int, asyncio.Task[bytes]]] = deque()
    progress = _Progress()
    failed = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        work = processes.run(analyze_line, line, taxonomy, flat_form, load)
        waiting.append((number, asyncio.create_task(work)))
        if len(waiting) >= size * _AHEAD:
            failed += await _write_next(waiting, out)
            progress.advance()
    while waiting:
        failed += await _write_next(waiting, out)
        progress.advance()
    progress.end()
    return failed


def analyze_line(line: bytes, taxonomy: Taxonomy, flat_form: bool, load: str) -> bytes:
    """One verdict as a line of JSON. Raises ValueError if the line is not a record."""
    record = msgspec.json.decode(line, type=Record)
    article = article_of_record(record)
    assessment = assess_article(article, taxonomy, (), load)
    verdict: dict[str, Any] = flat(assessment, taxonomy) if flat_form else msgspec.to_builtins(assessment)
    return msgspec.json.encode({"id": record.id} | verdict) + b"\n"


async def _write_next(waiting: deque[tuple[int, asyncio.Task[bytes]]], out: BinaryIO) -> int:
    number, task = waiting.popleft()
    try:
        out.write(await task)
        out.flush()
    except (ValueError, ProcessCrashed, ProcessTimeout) as error:
        print(f"line {number}: {error}", file=sys.stderr)
        return 1
    return 0


class _Progress:
    """A line on standard error every two seconds."""

    def __init__(self) -> None:
        self._clock = Clock()
        self._start = self._last = self._clock.monotonic()
        self._done = 0
        self._written = False

    def advance(self) -> None:
        self._done += 1
        now = self._clock.monotonic()
        if now - self._last >= _REPORT_S:
            self._last = now
            self._written = True
            rate = self._done / (now - self._start)
            end = "\r" if sys.stderr.isatty() else "\n"
            print(f"{self._done} records done, {rate:.1f} per second", end=end, file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._written and sys.stderr.isatty():
            print(file=sys.stderr)
