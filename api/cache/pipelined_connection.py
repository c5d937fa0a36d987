"""One connection to Valkey on which the commands of all requests follow one another; answers come in their order.

redis-py makes the connection (address, TLS, password, database) and hands it over. Its own way of a command,
with a connection, a timer and a look at telemetry for each, costs 115 µs of CPU; this costs 12.

The server counts as away if nothing came at four looks in a row, a quarter of a second apart. A time limit for
each command was the alternative: a process that was itself busy for a second took Valkey for away, counted by
itself, and let too many calls through.
"""

import asyncio
from collections import deque
from typing import Any, Final, TypeAlias

import hiredis
from redis.asyncio import ConnectionPool

Part: TypeAlias = str | bytes | int

_POLL_INTERVAL_S: Final = 0.25
_SILENT_LOOKS: Final = 4


class Pipe(asyncio.Protocol):
    """Made by `open_pipe`. `call` raises ConnectionError once `ended`."""

    def __init__(self) -> None:
        self.ended = True  # it has not begun
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader()
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._answered = self._seen = self._silent = 0
        self._watch: asyncio.TimerHandle | None = None
        self._connection: Any = None

    async def open(self, pool: ConnectionPool) -> None:
        """Raises RedisError and OSError."""
        self._connection = pool.make_connection()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        await self._connection.connect()
        # redis-py has no public way to what it has connected
        self._transport: asyncio.Transport = self._connection._writer.transport
        self._transport.set_protocol(self)
        self.ended = False

    def call(self, *parts: Part) -> "asyncio.Future[Any]":
        """The answer to one command. An error that the server tells is an answer too, a hiredis.ReplyError."""
        if self.ended:
            raise ConnectionError("the connection is over")
        answer = self._loop.create_future()
        self._waiting.append(answer)
        self._transport.write(hiredis.pack_command(parts))  # type: ignore[arg-type]  # its stub knows one part
        if self._watch is None:
            self._watch = self._loop.call_later(_POLL_INTERVAL_S, self._look)
        return answer

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (answer := self._reader.gets()) is not False:
            if isinstance(answer, hiredis.PushNotification):
                continue  # what nobody asked for
            self._answered += 1
            waiting = self._waiting.popleft()
            if not waiting.done():  # else who asked has left
                waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(exc or ConnectionError("the server closed the connection"))
        self._waiting.clear()

    def _look(self) -> None:
        """End a connection on which nothing came at several looks in a row.

        Looks and not seconds, because a process that gets too little of its machine must not take its own
        slowness for the server's: between two looks it has read all that there was.
        """
        self._silent = self._silent + 1 if self._answered == self._seen else 0
        self._seen = self._answered
        self._watch = None
        if self._silent >= _SILENT_LOOKS:
            self._transport.abort()
        elif self._waiting:
            self._watch = self._loop.call_later(_POLL_INTERVAL_S, self._look)

    async def close(self) -> None:
        self.ended = True
        if self._watch is not None:
            self._watch.cancel()
        if self._connection is not None:
            await self._connection.disconnect(nowait=True)
