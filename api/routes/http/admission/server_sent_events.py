"""The event log as server-sent events (WHATWG HTML section 9.2)."""

import asyncio
from collections.abc import MutableMapping
from typing import Any, Final

from litestar.types import Receive, Send

from api.errors import EventsForgotten, Unavailable
from api.operations.webhooks.read_events import read_events
from api.routes.http.admission.caller import Caller
from api.routes.http.admission.long_poll_limits import PIECE_S, LongPollLimits, WaitingKind, WaitingRequest
from api.routes.http.response.answers import UNCACHED, Answer
from api.runtime.event_tail import EventTail, TailEvent, tail_event
from api.runtime.runtime import Runtime
from api.storage.keys.keys import KeyHolder

COMMENT_INTERVAL_S: Final = 15.0  # keeps idle connections open; WHATWG HTML section 9.2.7 advises 15 s
RETRY_MS: Final = 5_000
_BATCH: Final = 500
_RETRY_S: Final = 1.0  # pause while the database is unavailable

_HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", UNCACHED),
    (b"x-accel-buffering", b"no"),
]


class EventStream(Answer):
    """Sends the events after `after`, until something ends the stream cleanly and the client reconnects.

    It ends when the client disconnects, the process stops, the key is revoked, or the time is up.
    """

    __slots__ = ("_after", "_caller", "_holder", "_long_polls", "_runtime", "_tail")

    def __init__(
        self,
        runtime: Runtime,
        tail: EventTail,
        long_polls: LongPollLimits,
        caller: Caller,
        holder: KeyHolder,
        *,
        after: int,
    ) -> None:
        """Raises QuotaExceeded for a key with too many streams, ReducedCapacity."""
        super().__init__(200, _HEADERS)
        long_polls.check(caller, WaitingKind.STREAM)
        self._runtime = runtime
        self._tail = tail
        self._long_polls = long_polls
        self._caller = caller
        self._holder = holder
        self._after = after

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        if scope["method"] != "HEAD":
            disconnected = asyncio.create_task(_wait_for_disconnect(receive))
            try:
                with self._long_polls.place(self._caller, WaitingKind.STREAM) as place:
                    await self._run(disconnected, place, send)
            finally:
                disconnected.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _run(self, disconnected: asyncio.Task[None], place: WaitingRequest, send: Send) -> None:
        async def write(text: bytes) -> None:
            await send({"type": "http.response.body", "body": text, "more_body": True})

        clock = self._runtime.clock
        ends_at = clock.monotonic() + self._runtime.settings.stream_max_s
        # no empty line before the first event: some clients take a block without data for an event
        await write(b": connected\nretry: %d\n" % RETRY_MS)
        comment_at = clock.monotonic() + COMMENT_INTERVAL_S
        while (
            not (disconnected.done() or place.revoked or self._runtime.leaving())
            and clock.monotonic() < ends_at
        ):
            try:
                news = await self._next_message()
                if not news and clock.monotonic() >= comment_at:
                    news = b": nothing new\n"
                if news:
                    await write(news)
                    comment_at = clock.monotonic() + COMMENT_INTERVAL_S
                    continue
                await self._wait(
                    disconnected, min(PIECE_S, comment_at - clock.monotonic(), ends_at - clock.monotonic())
                )
            except Unavailable:
                await asyncio.wait({disconnected}, timeout=_RETRY_S)
            except EventsForgotten:  # the client is too slow; its next request gets the error
                return

    async def _next_message(self) -> bytes:
        """The new events as a message; empty if there are none."""
        account_id = self._holder.account_id
        recent = self._tail.since(self._after, account_id)
        if recent is not None:
            events, self._after = recent
            return b"".join(map(_message, events))
        found = await read_events(self._runtime, after=self._after, account_id=account_id, limit=_BATCH)
        self._after = found.cursor
        return b"".join(_message(tail_event(event)) for event in found.events)

    async def _wait(self, disconnected: asyncio.Task[None], seconds: float) -> None:
        """Waits for new events, the client's disconnect, or the time limit."""
        news = asyncio.create_task(self._tail.wait_beyond(self._after, seconds))
        try:
            await asyncio.wait({disconnected, news}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()


async def _wait_for_disconnect(receive: Receive) -> None:
    """Returns when the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _message(event: TailEvent) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.sequence, event.type.encode(), event.body)
