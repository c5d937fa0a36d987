"""A client that leaves takes its request with it: the work is cancelled, its connection given back.

The server does not cancel a request whose client is gone; it only tells whoever calls `receive`. A listening
task for each request would cost more than many answers. One timer for all requests of the process looks four
times a second and costs half a microsecond a request; an answer that is done sooner never meets it.
"""

import asyncio
from collections import Counter
from typing import Any, Final, TypeAlias

from litestar.types import Receive

from api.errors import ReducedCapacity, RequestTimeout

POLL_INTERVAL_S: Final = 0.25  # what answers sooner is hardly worth a look
# Of the places, for bodies of one key or address that are on their way: nobody takes all with such as never come.
_SHARE: Final = 10
_LEAST_SLOW: Final = 10
MAX_BYTES: Final = (
    256 * 1024 * 1024
)  # of all bodies that are in hand, which take a few times as much in memory
_SMALL: Final = 65_536  # as most bodies may have; none so small is refused for those of others
_PAUSE_S: Final = 1
_GONE: Final = {"type": "http.disconnect"}

Message: TypeAlias = Any  # Litestar's typed dictionaries differ for the two directions


class DisconnectWatch:
    """The requests at work in this process; one timer for all, since most are over before it rings."""

    def __init__(self, body_timeout_s: float, places: int, *, most_bytes: int = MAX_BYTES) -> None:
        """`body_timeout_s`: how long a body may take to arrive; `places`: how many requests may be at work."""
        self._body_timeout_s = body_timeout_s
        self._most_bytes = most_bytes
        self._bytes = 0
        self._most_slow = max(_LEAST_SLOW, places // _SHARE)
        self.present: dict[WatchedRequest, None] = {}  # the oldest first
        self._ringing = False

    def enter(self, receive: Receive, *, has_body: bool) -> "WatchedRequest":
        """To be called in the task that answers the request; its `done` at the end."""
        watched = WatchedRequest(self, receive, self._body_timeout_s if has_body else None)
        self.present[watched] = None
        if not self._ringing:
            self._ringing = True
            asyncio.get_running_loop().call_later(POLL_INTERVAL_S, self._ring)
        return watched

    def take(self, size: int) -> bool:
        """So many bytes more of bodies are in hand, or fewer; whether these are as many as may be."""
        self._bytes += size
        return self._bytes <= self._most_bytes

    def _ring(self) -> None:
        slow: Counter[str] = Counter()
        for watched in self.present:
            watched.look()
            if watched.waits_for_body:
                slow[watched.customer] += 1
                if slow[watched.customer] > self._most_slow:
                    watched.give_up()
        self._ringing = bool(self.present)
        if self._ringing:
            asyncio.get_running_loop().call_later(POLL_INTERVAL_S, self._ring)


class WatchedRequest:
    """Around one request's `receive`.

    The server keeps a request running whose client is gone. It tells so to who receives, but what it sends before
    belongs to the handler: so nobody looks until the body is read, or there is none. `customer` is whose request
    it is.
    """

    __slots__ = (
        "_attendance",
        "_body",
        "_bytes",
        "_deadline",
        "_gone",
        "_heard_all",
        "_listening",
        "_receive",
        "_slow_from",
        "_task",
        "_watcher",
        "customer",
        "left",
    )

    def __init__(self, disconnects: DisconnectWatch, receive: Receive, body_timeout_s: float | None) -> None:
        """`body_timeout_s` is None where there is no body."""
        self.left = False
        self.customer = ""
        self._attendance = disconnects
        self._bytes = 0
        self._receive = receive
        self._heard_all = body_timeout_s is None
        now = asyncio.get_running_loop().time()
        self._slow_from, self._deadline = now + POLL_INTERVAL_S, now + (body_timeout_s or 0)
        self._body: asyncio.Timeout | None = None
        self._listening = False
        self._task = asyncio.current_task()
        self._gone: asyncio.Event | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def receive(self) -> Message:
        """The next message for the handler.

        Raises RequestTimeout where the body takes too long to arrive, ReducedCapacity for a large one where those
        of all requests are too large together.
        """
        if self._gone is not None:
            await self._gone.wait()
            return _GONE
        self._listening = True
        try:
            if self._heard_all:
                message = await self._receive()
            else:
                async with asyncio.timeout_at(self._deadline) as self._body:
                    message = await self._receive()
        except TimeoutError:
            self._heard_all = True  # as much as will be heard: the connection is closed with the answer
            raise RequestTimeout(
                "The body did not arrive in time.", headers={"Connection": "close"}
            ) from None
        finally:
            self._listening = False
        self._heard_all = not message.get("more_body", False)
        if message["type"] == "http.request" and (size := len(message.get("body", b""))):
            self._bytes += size
            if not self._attendance.take(size) and self._bytes > _SMALL:
                self._heard_all = True
                raise ReducedCapacity(
                    "Too many large request bodies are being received.",
                    retry_after=_PAUSE_S,
                    headers={"Connection": "close"},
                )
        return message

    @property
    def waits_for_body(self) -> bool:
        """Whether the handler has waited for it for longer than bodies take to arrive."""
        waits = self._listening and not self._heard_all
        return waits and asyncio.get_running_loop().time() >= self._slow_from

    def give_up(self) -> None:
        """Let the body's time be over."""
        if self._body is not None:
            self._body.reschedule(0)

    def done(self) -> None:
        self._attendance.present.pop(self, None)
        self._attendance.take(-self._bytes)
        if self._watcher is not None:
            self._watcher.cancel()

    def look(self) -> None:
        """Begin to watch, unless it is the handler that will hear of it."""
        if self._heard_all and not self._listening and self._gone is None:
            self._gone = asyncio.Event()
            self._watcher = asyncio.get_running_loop().create_task(self._watch(self._gone))

    async def _watch(self, gone: asyncio.Event) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.left = True
        gone.set()
        if self._task is not None:
            self._task.cancel()
