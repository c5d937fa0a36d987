"""Connection pools for PostgreSQL; the API's and the workers' differ only in the statement timeout.

Every wait has a limit: for a connection, a lock, a statement, in an open transaction. Otherwise a slow server
would fill the process with waiting requests.
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

# A wait for a connection ends after VAIN_LOOKS consecutive checks in which nobody received one, or after
# MAX_LOOKS. Checks, not seconds: an event loop that was blocked for two seconds has checked once.
LOOK_S = 0.25
VAIN_LOOKS = 8
MAX_LOOKS = 20
MAX_IDLE_S = 300.0  # for connections above the minimum
MAX_AGE_S = 3_600.0  # PostgreSQL's backend process grows with use
LOCK_TIMEOUT_MS = 1_000  # locks are held for milliseconds; the client retries
IDLE_IN_TRANSACTION_MS = 10_000
CONNECT_TIMEOUT_S = 3.0  # with the above, an unreachable server holds a request for 5 s at most
QUEUE_CONNECTIONS = 4  # of each worker, in addition to its pool

# Errors of PostgreSQL, or the connection to it, that mean temporary unavailability.
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # SQLSTATE classes 53 (no room, too many connections), 57 (shut down, not up yet, cancelled), 58 (I/O)
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    # no host accepts writes yet, or the connection died within the driver (`cannot switch to state`)
    asyncpg.InternalClientError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    ConnectionError,
    TimeoutError,
    OSError,
)
NO_ROOM = (asyncpg.DiskFullError, asyncpg.PostgresIOError)
NO_ROOM_S = 60.0  # the disk counts as full for this long after the last error


class _Pooled(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection without session state: no SET except SET LOCAL, no LISTEN, only transactional advisory
    locks.

    It therefore needs no reset statement, which costs as much as a read. A test checks all statements.
    """


class Pool:
    """A pool that opens connections in the background.

    A request without an idle connection waits for the first that is returned or opened. (In asyncpg's pool, the
    request opens one itself and fails with it, even if others are returned.) The first request opens the pool,
    so start-up does not depend on the server.
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
            # a list's filters decide its index, so a generic plan fits none; costs 20 µs
            "plan_cache_mode": "force_custom_plan",
            # most data is in memory: prefer an index even for a few hundred sources
            "random_page_cost": "1.1",
            # many small requests: a second core is better used for another request
            "max_parallel_workers_per_gather": "0",
        }
        self._connect = partial(
            asyncpg.connect,
            database_url,
            connection_class=_Pooled,
            timeout=CONNECT_TIMEOUT_S,
            # slightly below the server's limit: a frozen server does not enforce it
            command_timeout=max(statement_timeout_ms / 1000 - 0.5, 0.5),
            # a pooler refuses session limits: the user's apply (grants.FORMAT_LOGIN), and the timeout above,
            # which cancels the statement
            server_settings={"application_name": "unspun", "timezone": "UTC"}
            | ({} if through_pooler else limits),
        )
        self._minimum, self._maximum = min(minimum, maximum), maximum
        self._opened: dict[
            Connection, float
        ] = {}  # when each was opened, by the loop's clock, including those in use
        self._idle: deque[tuple[Connection, float]] = deque()  # idle since; most recently used last
        self._waiting: deque[asyncio.Future[Connection]] = deque()
        self._opening: set[asyncio.Task[None]] = set()
        self._handouts = 0
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
        """A connection without a transaction. Raises Unavailable if PostgreSQL cannot serve."""
        try:
            connection = await self._take()
            try:
                with _terminated_on_failure(connection):
                    yield connection
            finally:
                self._return(connection)
        except AWAY as error:
            if isinstance(error, NO_ROOM):
                self._note_no_room(error)
            raise Unavailable("The database does not answer at the moment.", retry_after=5) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside a transaction. Raises Unavailable if PostgreSQL cannot serve."""
        async with self.connection() as connection, connection.transaction():
            with _terminated_on_failure(connection):
                yield connection

    def lacks_room(self) -> bool:
        """Whether the server recently had no disk space for writes."""
        now = asyncio.get_running_loop().time()
        return self._no_room_at is not None and now - self._no_room_at < NO_ROOM_S

    def _note_no_room(self, error: Exception) -> None:
        if not self.lacks_room():
            log.error("database_has_no_room", reason=str(error))
        self._no_room_at = asyncio.get_running_loop().time()

    async def _take(self) -> Connection:
        """Raises TimeoutError, or the error of the attempt to open a connection if none is open."""
        if self._closed:
            raise asyncpg.InterfaceError("pool is closed")
        while self._idle:
            connection, _ = self._idle.pop()
            if not connection.is_closed():
                self._handouts += 1
                return connection
            del self._opened[connection]
        waiting: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self._open_more()
        try:
            await self._wait_for_turn(waiting)
        except BaseException:
            if not waiting.done():
                self._waiting.remove(waiting)
            elif not waiting.exception():
                self._pass_on(waiting.result())
            raise
        return waiting.result()

    async def _wait_for_turn(self, waiting: asyncio.Future[Connection]) -> None:
        stalled = 0
        for _ in range(MAX_LOOKS):
            before = self._handouts
            await asyncio.wait({waiting}, timeout=LOOK_S)
            if waiting.done():
                return
            # if none is open, the attempt to open one has its own timeout
            stalled = stalled + 1 if self._opened and before == self._handouts else 0
            if stalled == VAIN_LOOKS:
                break
        raise TimeoutError("no connection was given back")

    def _return(self, connection: Connection) -> None:
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
            self._pass_on(connection)
        while len(self._opened) > self._minimum and self._idle and now - self._idle[0][1] > MAX_IDLE_S:
            unused, _ = self._idle.popleft()
            unused.terminate()
            del self._opened[unused]

    def _pass_on(self, connection: Connection) -> None:
        """Give the connection to the longest waiting request, or make it idle."""
        if self._waiting:
            self._handouts += 1
            self._waiting.popleft().set_result(connection)
        else:
            self._idle.append((connection, asyncio.get_running_loop().time()))

    def _open_more(self) -> None:
        """Open as many as requests wait for, or the minimum requires."""
        wanted = max(len(self._waiting), self._minimum - len(self._opened)) - len(self._opening)
        allowed = self._maximum - len(self._opened) - len(self._opening)
        for _ in range(min(wanted, allowed)):
            self._opening.add(asyncio.create_task(self._open_one()))

    async def _open_one(self) -> None:
        this = asyncio.current_task()
        try:
            connection = await self._connect()
        except Exception as error:
            if not self._opened and self._opening == {this}:
                while self._waiting:
                    self._waiting.popleft().set_exception(error)
        else:
            self._opened[connection] = asyncio.get_running_loop().time()
            self._pass_on(connection)
        finally:
            self._opening.discard(this)


def queue_pool(database_url: str, *, timeout_ms: int) -> asyncpg.Pool:
    """The queue's own pool; it listens on one connection for the worker's lifetime."""
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
def _terminated_on_failure(connection: Connection) -> Iterator[None]:
    """Drop a connection after a timeout: a rollback would take as long again.

    Also drop it if its server no longer accepts writes, as a new connection finds the one that does, or if the
    driver lost its state.
    """
    try:
        yield
    except (TimeoutError, asyncpg.ReadOnlySQLTransactionError, asyncpg.InternalClientError):
        connection.terminate()
        raise
