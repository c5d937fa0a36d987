"""Cancels requests whose client has disconnected.

The server does not cancel them; it only reports the disconnect to `receive`. A listening task per request would
cost more than many responses. One timer for all requests checks four times a second, at half a microsecond per
request; faster responses are never checked.
"""

import asyncio
from collections import Counter
from typing import Any, Final, TypeAlias

from litestar.types import Receive

from api.errors import ReducedCapacity, RequestTimeout

POLL_INTERVAL_S: Final = 0.25  # faster requests are not worth checking
# Share of the places for slow bodies of one key or address, against clients that never finish sending.
_SHARE: Final = 10
_MIN_SLOW: Final = 10
MAX_BYTES: Final = 256 * 1024 * 1024  # of all bodies being received, which take a few times as much memory
_SMALL: Final = 65_536  # the usual body limit; smaller bodies are always accepted
_PAUSE_S: Final = 1
_DISCONNECT: Final = {"type": "http.disconnect"}

Message: TypeAlias = Any  # Litestar's types differ for the two directions


class DisconnectWatch:
    """The active requests of this process, checked by one timer."""

    def __init__(self, body_timeout_s: float, places: int, *, max_bytes: int = MAX_BYTES) -> None:
        """`body_timeout_s`: time for a body to arrive; `places`: maximum number of active requests."""
        self._body_timeout_s = body_timeout_s
        self._max_bytes = max_bytes
        self._bytes = 0
        self._max_slow = max(_MIN_SLOW, places // _SHARE)
        self.active: dict[WatchedRequest, None] = {}  # oldest first
        self._timer_running = False

    def enter(self, receive: Receive, *, has_body: bool) -> "WatchedRequest":
        """Registers a request. Call it in the task that handles the request, and `done` at the end."""
        watched = WatchedRequest(self, receive, self._body_timeout_s if has_body else None)
        self.active[watched] = None
        if not self._timer_running:
            self._timer_running = True
            asyncio.get_running_loop().call_later(POLL_INTERVAL_S, self._check_all)
        return watched

    def count_bytes(self, size: int) -> bool:
        """Adds to the bytes of received bodies (or subtracts); returns whether they are within the limit."""
        self._bytes += size
        return self._bytes <= self._max_bytes

    def _check_all(self) -> None:
        slow: Counter[str] = Counter()
        for watched in self.active:
            watched.start_watching()
            if watched.waits_for_body:
                slow[watched.customer] += 1
                if slow[watched.customer] > self._max_slow:
                    watched.expire_body()
        self._timer_running = bool(self.active)
        if self._timer_running:
            asyncio.get_running_loop().call_later(POLL_INTERVAL_S, self._check_all)


class WatchedRequest:
    """Wraps the `receive` of one request.

    Messages before the disconnect belong to the handler, so the watch starts only after the body is read.
    `customer` is the key or address of the request.
    """

    __slots__ = (
        "_body",
        "_body_read",
        "_bytes",
        "_deadline",
        "_disconnected",
        "_disconnects",
        "_receive",
        "_receiving",
        "_slow_from",
        "_task",
        "_watcher",
        "customer",
        "disconnected",
    )

    def __init__(self, disconnects: DisconnectWatch, receive: Receive, body_timeout_s: float | None) -> None:
        """`body_timeout_s` is None without a body."""
        self.disconnected = False
        self.customer = ""
        self._disconnects = disconnects
        self._bytes = 0
        self._receive = receive
        self._body_read = body_timeout_s is None
        now = asyncio.get_running_loop().time()
        self._slow_from, self._deadline = now + POLL_INTERVAL_S, now + (body_timeout_s or 0)
        self._body: asyncio.Timeout | None = None
        self._receiving = False
        self._task = asyncio.current_task()
        self._disconnected: asyncio.Event | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def receive(self) -> Message:
        """The next message for the handler.

        Raises RequestTimeout if the body takes too long, ReducedCapacity for a large body if all bodies together
        are too large.
        """
        if self._disconnected is not None:
            await self._disconnected.wait()
            return _DISCONNECT
        self._receiving = True
        try:
            if self._body_read:
                message = await self._receive()
            else:
                async with asyncio.timeout_at(self._deadline) as self._body:
                    message = await self._receive()
        except TimeoutError:
            self._body_read = True  # nothing more is read: the connection is closed after the response
            raise RequestTimeout(
                "The body did not arrive in time.", headers={"Connection": "close"}
            ) from None
        finally:
            self._receiving = False
        self._body_read = not message.get("more_body", False)
        if message["type"] == "http.request" and (size := len(message.get("body", b""))):
            self._bytes += size
            if not self._disconnects.count_bytes(size) and self._bytes > _SMALL:
                self._body_read = True
                raise ReducedCapacity(
                    "Too many large request bodies are being received.",
                    retry_after=_PAUSE_S,
                    headers={"Connection": "close"},
                )
        return message

    @property
    def waits_for_body(self) -> bool:
        """Whether the handler has waited unusually long for the body."""
        waits = self._receiving and not self._body_read
        return waits and asyncio.get_running_loop().time() >= self._slow_from

    def expire_body(self) -> None:
        """Ends the time for the body."""
        if self._body is not None:
            self._body.reschedule(0)

    def done(self) -> None:
        self._disconnects.active.pop(self, None)
        self._disconnects.count_bytes(-self._bytes)
        if self._watcher is not None:
            self._watcher.cancel()

    def start_watching(self) -> None:
        """Starts the watch, unless the handler itself is receiving."""
        if self._body_read and not self._receiving and self._disconnected is None:
            self._disconnected = asyncio.Event()
            self._watcher = asyncio.get_running_loop().create_task(self._watch(self._disconnected))

    async def _watch(self, gone: asyncio.Event) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.disconnected = True
        gone.set()
        if self._task is not None:
            self._task.cancel()
