"""A client of the event stream of the application in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
from litestar import Litestar


class Served(Protocol):
    app: Litestar


@dataclass
class Stream:
    """`status` and `headers` of the response; `text` is all that was received; `over` is set when the server
    ends it.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def messages(self) -> list[dict[str, Any]]:
        blocks = [block for block in self.text.split("\n\n") if "\ndata: " in f"\n{block}"]
        return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(message["data"]) for message in self.messages]

    async def until_events(self, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        async with asyncio.timeout(seconds), self.news:
            await self.news.wait_for(lambda: len(self.messages) >= count)
        return self.events


@asynccontextmanager
async def listening(
    api: Served, key: str, *, query: str = "", headers: dict[str, str] | None = None
) -> AsyncIterator[Stream]:
    """A stream that is open until the block ends, when the client disconnects."""
    stream, leave = Stream(), asyncio.Event()
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            stream.status = message["status"]
            stream.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        async with stream.news:
            stream.text += message["body"].decode()
            if not message.get("more_body"):
                stream.over.set()
            stream.news.notify_all()

    sent = {"host": "unspun.test", "authorization": f"Bearer {key}", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/v1/events/stream",
        "raw_path": b"/v1/events/stream",
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    task = asyncio.create_task(api.app(scope, receive, send))  # type: ignore[arg-type]  # plain dictionaries
    try:
        async with asyncio.timeout(10), stream.news:
            await stream.news.wait_for(lambda: stream.text or stream.over.is_set())
        yield stream
    finally:
        leave.set()
        await asyncio.wait_for(task, 10)
