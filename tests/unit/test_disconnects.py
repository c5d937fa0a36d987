"""The total memory of request bodies is bounded; small ones always pass."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from api.errors import ReducedCapacity
from api.routes.http.admission.disconnects import DisconnectWatch

MB = 1_000_000


def sent(*sizes: int) -> Callable[[], Awaitable[Any]]:
    left = list(sizes)

    async def receive() -> Any:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": bytes(left.pop(0)), "more_body": bool(left)}

    return receive


class TestBodies:
    async def test_are_refused_where_they_are_too_large_together(self) -> None:
        disconnects = DisconnectWatch(30, 500, max_bytes=3 * MB)
        first = disconnects.enter(sent(MB, MB), has_body=True)
        second = disconnects.enter(sent(MB, MB), has_body=True)
        for _ in range(2):
            await first.receive()
        await second.receive()
        with pytest.raises(ReducedCapacity):
            await second.receive()
        small = disconnects.enter(sent(60_000), has_body=True)
        assert len((await small.receive())["body"]) == 60_000
        for watched in (first, second, small):
            watched.done()

    async def test_make_room_at_their_end(self) -> None:
        disconnects = DisconnectWatch(30, 500, max_bytes=MB)
        for _ in range(3):
            watched = disconnects.enter(sent(MB), has_body=True)
            await watched.receive()
            watched.done()

    async def test_that_were_refused_make_room_too(self) -> None:
        disconnects = DisconnectWatch(30, 500, max_bytes=MB)
        refused = disconnects.enter(sent(2 * MB), has_body=True)
        with pytest.raises(ReducedCapacity):
            await refused.receive()
        refused.done()
        after = disconnects.enter(sent(MB), has_body=True)
        await after.receive()
        after.done()
