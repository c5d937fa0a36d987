"""Does a thing once, however often the same request comes (draft-ietf-httpapi-idempotency-key-header).

The answer is written in the transaction of its effect, under an advisory lock that says at once whether an
equal request is at work: a process that dies before it could answer leaves both or neither. A cache beside the
database would be quicker, and would lose the answer exactly when a process died between the two. Only an answer
with an effect is kept: a refusal changes nothing, so repeating it is safe, and no error outlives its cause.
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
    kept: Callable[[T], StoredAnswer],
) -> T | StoredAnswer:
    """What `act` came to in a transaction of its own, or the answer to an earlier, equal request.

    `kept` gives the answer that repeated requests get; `request` is None where nothing names it. Raises what
    `act` raises; IdempotencyKeyInUse while an equal request is at work; IdempotencyKeyReused for another body.
    """
    async with runtime.pool.transaction() as connection:
        if request is None:
            return await act(connection)
        if not await try_lock_request(connection, request.digest):
            raise IdempotencyKeyInUse(
                "The first request with this Idempotency-Key is not through yet.", retry_after=1
            )
        # after the lock, so that it sees what the last holder committed
        record = await find_record(connection, request.digest)
        if record is not None:
            if record.fingerprint != request.fingerprint:
                raise IdempotencyKeyReused("The Idempotency-Key was sent with another body before.")
            return record.answer
        value = await act(connection)
        await insert_record(connection, request, kept(value), runtime.clock.now())
        return value
