"""A client that leaves takes its request with it: the work is cancelled, its connection given back (R14)."""

import asyncio
from typing import Any, Final, TypeAlias

from litestar.types import Receive

LOOKED_FOR_EVERY_S: Final = 0.25  # what answers sooner is hardly worth a look
_GONE: Final = {"type": "http.disconnect"}

Message: TypeAlias = Any  # Litestar's typed dictionaries differ for the two directions


class Attendance:
    """The requests at work in this process; one timer for all, since most are over before it rings."""

    def __init__(self) -> None:
        self._present: set[Presence] = set()
        self._ringing = False

    def enter(self, receive: Receive, *, has_body: bool) -> "Presence":
        """To be called in the task that answers the request; its `done` at the end."""
        presence = Presence(self._present, receive, has_body)
        self._present.add(presence)
        if not self._ringing:
            self._ringing = True
            asyncio.get_running_loop().call_later(LOOKED_FOR_EVERY_S, self._ring)
        return presence

    def _ring(self) -> None:
        for presence in self._present:
            presence.look()
        self._ringing = bool(self._present)
        if self._ringing:
            asyncio.get_running_loop().call_later(LOOKED_FOR_EVERY_S, self._ring)


class Presence:
    """Around one request's `receive`.

    The server keeps a request running whose client is gone. It tells so to who receives, but what it sends before
    belongs to the handler: so nobody looks until the body is read, or there is none.
    """

    __slots__ = ("_gone", "_heard_all", "_listening", "_present", "_receive", "_task", "_watcher", "left")

    def __init__(self, present: "set[Presence]", receive: Receive, has_body: bool) -> None:
        self.left = False
        self._present = present
        self._receive = receive
        self._heard_all = not has_body
        self._listening = False
        self._task = asyncio.current_task()
        self._gone: asyncio.Event | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def receive(self) -> Message:
        """The next message for the handler."""
        if self._gone is not None:
            await self._gone.wait()
            return _GONE
        self._listening = True
        try:
            message = await self._receive()
        finally:
            self._listening = False
        self._heard_all = not message.get("more_body", False)
        return message

    def done(self) -> None:
        self._present.discard(self)
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
