"""Runs a request once, even if it is repeated (draft-ietf-httpapi-idempotency-key-header).

The answer is stored in the transaction of its effect, under an advisory lock that reports a concurrent equal
request. A cache beside the database would be faster, but would lose the answer if a process died in between.
Refusals are not stored: they change nothing, so repeating is safe.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.keys.idempotency import (
    RequestIdentity,
    StoredAnswer,
    find_record,
    insert_record,
    try_lock_request,
)

T = TypeVar("T")


async def perform_once(
    runtime: Runtime,
    request: RequestIdentity | None,
    act: Callable[[Connection], Awaitable[T]],
    to_stored: Callable[[T], StoredAnswer],
) -> T | StoredAnswer:
    """The result of `act` in its own transaction, or the stored answer of an earlier equal request.

    `to_stored` converts a result to the answer to store; `request` is None without an idempotency key.
    Raises the exceptions of `act`; IdempotencyKeyInUse while an equal request runs; IdempotencyKeyReused for
    another body.
    """
    async with runtime.pool.transaction() as connection:
        if request is None:
            return await act(connection)
        if not await try_lock_request(connection, request.digest):
            raise IdempotencyKeyInUse(
                "The first request with this Idempotency-Key is still running.", retry_after=1
            )
        # after the lock, to see what its last holder committed
        record = await find_record(connection, request.digest)
        if record is not None:
            if record.fingerprint != request.fingerprint:
                raise IdempotencyKeyReused("The Idempotency-Key was used with another body before.")
            return record.answer
        value = await act(connection)
        await insert_record(connection, request, to_stored(value), runtime.clock.now())
        return value
