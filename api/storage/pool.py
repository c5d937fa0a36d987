"""Connections to PostgreSQL. The API's pool and a worker's differ in their statement timeout only.

Nothing here may hang (conventions R13): not for a connection, a lock, a statement, nor in an open transaction.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from api.errors import Unavailable

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

ACQUIRE_TIMEOUT_S = 2.0  # conventions R13
LOCK_TIMEOUT_MS = 1_000  # what a lock guards takes milliseconds; who waits longer is told to come again
IDLE_IN_TRANSACTION_MS = 10_000
CONNECT_TIMEOUT_S = 3.0  # an unreachable server must not hold a request beyond 5 s together with the above
QUEUE_CONNECTIONS = 4  # of each worker, beside its pool

# What PostgreSQL, or the way to it, says when it cannot serve at the moment.
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
    # of several hosts none takes writes yet; or a connection died between two steps of the driver, which then
    # says `cannot switch to state`
    asyncpg.InternalClientError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    ConnectionError,
    TimeoutError,
    OSError,
)


class _Pooled(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Given back without a statement that resets the session, which costs PostgreSQL as much as a read.

    So nothing may outlive its transaction on a pooled connection: no SET but SET LOCAL, no LISTEN, no advisory
    lock but of a transaction. A test reads all statements for that.
    """

    def get_reset_query(self) -> str:
        return ""


class Pool:
    """An asyncpg pool that opens itself when the server is there, so that start-up does not depend on it."""

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
        self._make = partial(
            asyncpg.create_pool,
            database_url,
            connection_class=_Pooled,
            min_size=minimum,
            max_size=maximum,
            timeout=CONNECT_TIMEOUT_S,
            # a little less than the server's own limit: one that is frozen does not enforce it
            command_timeout=max(statement_timeout_ms / 1000 - 0.5, 0.5),
            # a pooler refuses limits of a session: there those of the user hold (roles.FORMAT_LOGIN), and the
            # time limit above, which cancels the statement
            server_settings={"application_name": "unspun", "timezone": "UTC"}
            | ({} if through_pooler else limits),
        )
        self._pool = self._make()
        self._open = False
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """Connect now. Raises one of AWAY when the server is not there."""
        if self._open:
            return
        # the time limit is over the queue for the lock too: who waits for another's attempt does not wait longer
        async with asyncio.timeout(CONNECT_TIMEOUT_S), self._opening:
            if self._open:
                return
            try:
                await self._pool
            except BaseException:
                self._pool = self._make()  # one that failed to open stays closed for good
                raise
            self._open = True

    async def close(self) -> None:
        if self._open:
            self._open = False
            self._pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection, in no transaction. Raises Unavailable when PostgreSQL cannot serve."""
        try:
            await self.open()
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                with _given_up_when_silent(connection):
                    yield connection
        except AWAY as away:
            raise Unavailable("The database does not answer at the moment.", retry_after=5) from away

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one transaction. Raises Unavailable when PostgreSQL cannot serve."""
        async with self.connection() as connection, connection.transaction():
            with _given_up_when_silent(connection):
                yield connection


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
