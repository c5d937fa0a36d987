"""A web site for tests: real HTTP on loopback, a handler for each (host, path), any bytes.

It runs in its own thread, so a busy service never slows it down.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass
class Reply:
    """`hold` sends nothing until the site closes.

    `endless` repeats the body, with pauses of `pause_s`.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    hold: bool = False
    endless: bool = False
    pause_s: float = 0.0


# Called in the site's thread; a coroutine runs in the test's event loop.
Handler = Callable[[str], Reply | Awaitable[Reply]]


class Site:
    """`pages[(host, path)]` is a Reply or a function of the whole target; `hits` counts requests.

    `asked` are the headers of each request, with lower-case names.
    """

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], Reply | Handler] = {}
        self.hits: dict[tuple[str, str], int] = {}
        self.asked: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._of_test = asyncio.get_running_loop()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="site", daemon=True)

    async def __aenter__(self) -> "Site":
        self._thread.start()
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._begin(), self._loop))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._end(), self._loop))
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()

    async def _begin(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    def put(self, host: str, path: str, page: Reply | Handler | bytes | str) -> str:
        """Serve `page`; returns its URL, without the port that the host map adds."""
        if isinstance(page, str):
            page = page.encode()
        self.pages[host, path] = Reply(page) if isinstance(page, bytes) else page
        return f"http://{host}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            target = head.split(" ", 2)[1]
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:] if line)
            }
            host = headers.get("host", "").partition(":")[0]
            self.asked.setdefault((host, target.partition("?")[0]), []).append(headers)
            reply = await self._reply(host, target)
            if reply.hold:
                await reader.read()
                return
            lines = [f"HTTP/1.1 {reply.status} X", "Connection: close"]
            lines += [] if reply.endless else [f"Content-Length: {len(reply.body)}"]
            lines += [f"{name}: {value}" for name, value in reply.headers.items()]
            writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + reply.body)
            await writer.drain()
            while reply.endless:
                await asyncio.sleep(reply.pause_s)
                writer.write(reply.body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _reply(self, host: str, target: str) -> Reply:
        key = (host, target.partition("?")[0])
        self.hits[key] = self.hits.get(key, 0) + 1
        page = self.pages.get(key) or self.pages.get((host, "*"))
        if page is None:
            return Reply(b"no such page", status=404)
        if isinstance(page, Reply):
            return page
        created = page(target)
        if isinstance(created, Reply):
            return created
        # a waiting handler waits for the test
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_awaited(created), self._of_test))


async def _awaited(created: Awaitable[Reply]) -> Reply:
    return await created
