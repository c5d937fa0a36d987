"""Connections to PostgreSQL. The API's pool and a worker's differ in their statement timeout only.

Every wait ends: for a connection, a lock, a statement, in an open transaction. Else a slow server would fill the
process with requests that wait.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TypeAlias

import asyncpg
import structlog

from api.errors import Unavailable

log = structlog.get_logger(__name__)

Connection: TypeAlias = asyncpg.Connection

# A wait for a connection ends after so many looks in a row in which none was given to anybody, and in any case
# after the most. Looks and not a time limit: an event loop that stood still for two seconds has looked once.
LOOK_S = 0.25
VAIN_LOOKS = 8
MAX_LOOKS = 20
MAX_IDLE_S = 300.0  # of those above the minimum
MAX_AGE_S = 3_600.0  # PostgreSQL's process of a connection grows with what it was asked
LOCK_TIMEOUT_MS = 1_000  # what a lock guards takes milliseconds; who waits longer is told to come again
IDLE_IN_TRANSACTION_MS = 10_000
CONNECT_TIMEOUT_S = 3.0  # an unreachable server must not hold a request beyond 5 s together with the above
QUEUE_CONNECTIONS = 4  # of each worker, beside its pool

# What PostgreSQL, or the way to it, says when it cannot serve at the moment.
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # SQLSTATE classes 53 (no room, too many connections), 57 (shut down, not up yet, cancelled), 58 (I/O)
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    # of several hosts none takes writes yet; or a connection died between two steps of the driver, which then
    # says `cannot switch to state`
    asyncpg.InternalClientError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    ConnectionError,
    TimeoutError,
    OSError,
)
NO_ROOM = (asyncpg.DiskFullError, asyncpg.PostgresIOError)
NO_ROOM_S = 60.0  # so long after the last of these no room is assumed


class _Pooled(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Nothing may outlive its transaction on it: no SET but SET LOCAL, no LISTEN, no advisory lock but of a
    transaction. So it needs no statement that resets the session, which costs PostgreSQL as much as a read. A
    test reads all statements for that.
    """


class Pool:
    """Connections that are opened beside the requests, never inside one that another's connection could serve.

    Who finds none idle waits for whichever comes first: one that is given back, or a new one. (asyncpg's own pool
    has such a request open one, and fail with it while others come back.) Start-up does not depend on the server;
    the first request opens it.
    """

    def __init__(
        self,
        database_url: str,
        *,
        minimum: int,
        maximum: int,
        statement_timeout_ms: int,
        through_pooler: bool = False,
    ) -> None:
        limits = {
            "statement_timeout": str(statement_timeout_ms),
            "lock_timeout": str(LOCK_TIMEOUT_MS),
            "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_MS),
            # a list's filters decide which index serves it, so a plan made for any filters serves none; 20 us
            "plan_cache_mode": "force_custom_plan",
            # what is read is in memory mostly: one of a few hundred sources is found by its index
            "random_page_cost": "1.1",
            # many small requests at once: what one takes of a second core another waits for
            "max_parallel_workers_per_gather": "0",
        }
        self._connect = partial(
            asyncpg.connect,
            database_url,
            connection_class=_Pooled,
            timeout=CONNECT_TIMEOUT_S,
            # a little less than the server's own limit: one that is frozen does not enforce it
            command_timeout=max(statement_timeout_ms / 1000 - 0.5, 0.5),
            # a pooler refuses limits of a session: there those of the user hold (roles.FORMAT_LOGIN), and the
            # time limit above, which cancels the statement
            server_settings={"application_name": "unspun", "timezone": "UTC"}
            | ({} if through_pooler else limits),
        )
        self._minimum, self._maximum = min(minimum, maximum), maximum
        self._opened: dict[Connection, float] = {}  # when, on the loop's clock; those in use among them
        self._idle: deque[tuple[Connection, float]] = deque()  # since when; the last used last
        self._waiting: deque[asyncio.Future[Connection]] = deque()
        self._opening: set[asyncio.Task[None]] = set()
        self._given = 0
        self._no_room_at: float | None = None
        self._closed = False

    async def close(self) -> None:
        self._closed = True
        for opening in self._opening:
            opening.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        for connection in self._opened:
            connection.terminate()
        self._opened.clear()
        self._idle.clear()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection, in no transaction. Raises Unavailable when PostgreSQL cannot serve."""
        try:
            connection = await self._take()
            try:
                with _given_up_when_silent(connection):
                    yield connection
            finally:
                self._give_back(connection)
        except AWAY as away:
            if isinstance(away, NO_ROOM):
                self._note_no_room(away)
            raise Unavailable("The database does not answer at the moment.", retry_after=5) from away

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one transaction. Raises Unavailable when PostgreSQL cannot serve."""
        async with self.connection() as connection, connection.transaction():
            with _given_up_when_silent(connection):
                yield connection

    def lacks_room(self) -> bool:
        """Whether the server lately had no room for what was written."""
        now = asyncio.get_running_loop().time()
        return self._no_room_at is not None and now - self._no_room_at < NO_ROOM_S

    def _note_no_room(self, error: Exception) -> None:
        if not self.lacks_room():
            log.error("database_has_no_room", reason=str(error))
        self._no_room_at = asyncio.get_running_loop().time()

    async def _take(self) -> Connection:
        """Raises TimeoutError; where no connection is open, what the attempt to open one raised."""
        if self._closed:
            raise asyncpg.InterfaceError("pool is closed")
        while self._idle:
            connection, _ = self._idle.pop()
            if not connection.is_closed():
                self._given += 1
                return connection
            del self._opened[connection]
        waiting: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self._open_more()
        try:
            await self._look_until(waiting)
        except BaseException:
            if not waiting.done():
                self._waiting.remove(waiting)
            elif not waiting.exception():
                self._hand_on(waiting.result())
            raise
        return waiting.result()

    async def _look_until(self, waiting: asyncio.Future[Connection]) -> None:
        vain = 0
        for _ in range(MAX_LOOKS):
            given = self._given
            await asyncio.wait({waiting}, timeout=LOOK_S)
            if waiting.done():
                return
            # where none is open the attempt to open one has a time limit of its own
            vain = vain + 1 if self._opened and given == self._given else 0
            if vain == VAIN_LOOKS:
                break
        raise TimeoutError("no connection was given back")

    def _give_back(self, connection: Connection) -> None:
        if self._closed:
            return
        now = asyncio.get_running_loop().time()
        if not connection.is_closed():
            is_old = now - self._opened[connection] > MAX_AGE_S and bool(self._idle)
            if is_old or connection.is_in_transaction():
                connection.terminate()
        if connection.is_closed():
            del self._opened[connection]
            self._open_more()
        else:
            self._hand_on(connection)
        while len(self._opened) > self._minimum and self._idle and now - self._idle[0][1] > MAX_IDLE_S:
            unused, _ = self._idle.popleft()
            unused.terminate()
            del self._opened[unused]

    def _hand_on(self, connection: Connection) -> None:
        """To who has waited longest, or to nobody yet."""
        if self._waiting:
            self._given += 1
            self._waiting.popleft().set_result(connection)
        else:
            self._idle.append((connection, asyncio.get_running_loop().time()))

    def _open_more(self) -> None:
        """As many as are waited for, and as the minimum lacks."""
        wanted = max(len(self._waiting), self._minimum - len(self._opened)) - len(self._opening)
        room = self._maximum - len(self._opened) - len(self._opening)
        for _ in range(min(wanted, room)):
            self._opening.add(asyncio.create_task(self._open_one()))

    async def _open_one(self) -> None:
        this = asyncio.current_task()
        try:
            connection = await self._connect()
        except Exception as failed:
            if not self._opened and self._opening == {this}:
                while self._waiting:
                    self._waiting.popleft().set_exception(failed)
        else:
            self._opened[connection] = asyncio.get_running_loop().time()
            self._hand_on(connection)
        finally:
            self._opening.discard(this)


def queue_pool(database_url: str, *, timeout_ms: int) -> asyncpg.Pool:
    """The queue's own connections: it listens on one of them, for as long as the worker lives."""
    return asyncpg.create_pool(
        database_url,
        min_size=2,
        max_size=QUEUE_CONNECTIONS,
        timeout=CONNECT_TIMEOUT_S,
        command_timeout=timeout_ms / 1000,
        server_settings={
            "application_name": "unspun queue",
            "lock_timeout": str(LOCK_TIMEOUT_MS),
            "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_MS),
            "timezone": "UTC",
        },
    )


@contextmanager
def _given_up_when_silent(connection: Connection) -> Iterator[None]:
    """Drop a connection whose server did not answer: to ask it for a rollback would take as long again.

    Also one whose server takes no writes any more: the next connection finds the one that does. And one that the
    driver lost track of.
    """
    try:
        yield
    except (TimeoutError, asyncpg.ReadOnlySQLTransactionError, asyncpg.InternalClientError):
        connection.terminate()
        raise
