"""A scripted server of a language model: real HTTP on loopback, which answers as a test chooses."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass
class Asked:
    """One request: its path, its headers with lower-case names, its body as sent and decoded."""

    path: str
    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any]


@dataclass
class Reply:
    """`hang` sends nothing until the client leaves; `drip` sends the head, then a space of body each 10 ms.

    `endless` sends a body without end, `broken` closes the connection within the body. The reply waits for
    `after`.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    hang: bool = False
    drip: bool = False
    endless: bool = False
    broken: bool = False
    after: asyncio.Event | None = None


def completion(
    content: Any = None,
    *,
    finish: str | None = "stop",
    message: dict[str, Any] | None = None,
    prompt_tokens: int = 100,
    usage: dict[str, Any] | None = None,
    **fields: Any,
) -> Reply:
    """A chat completion. `message` adds fields to the message, `fields` to the body."""
    counted = {"prompt_tokens": prompt_tokens, "completion_tokens": 20} if usage is None else usage
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": {"role": "assistant", "content": content} | (message or {}),
    }
    return Reply(msgspec.json.encode({"model": "scripted-1", "choices": [choice], "usage": counted} | fields))


def failure(status: int, error: Any = None, **headers: str) -> Reply:
    """An error with a JSON body; `_` in the headers' names stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(msgspec.json.encode(error), status, {"Content-Type": "application/json"} | named)


Script = Reply | Callable[[Asked], Reply]


class ScriptedModel:
    """`script` answers every request; `asked` are the requests, `base_url` ends in `/v1`.

    `most_at_once` is the highest number of requests in progress. With `tls` it speaks HTTPS.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.script: Script = completion("{}")
        self.asked: list[Asked] = []
        self.base_url = ""
        self.most_at_once = 0
        self._at_once = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "ScriptedModel":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        scheme = "https" if self._tls else "http"
        self.base_url = f"{scheme}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            asked = await _read(reader)
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            await self._answer(asked, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._at_once -= 1
            self._open.discard(writer)
            writer.close()

    async def _answer(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reply = self.script if isinstance(self.script, Reply) else self.script(asked)
        if reply.after is not None:
            await reply.after.wait()
        if reply.hang:
            await reader.read()
            return
        lines = [f"HTTP/1.1 {reply.status} X", "Connection: close"]
        if not (reply.drip or reply.endless):
            lines.append(f"Content-Length: {len(reply.body) + (10 if reply.broken else 0)}")
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + reply.body)
        await writer.drain()
        while reply.drip:
            await asyncio.sleep(0.01)
            writer.write(b" ")
            await writer.drain()
        while reply.endless:
            writer.write(b" " * 65_536)
            await writer.drain()


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    raw = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(head[0].split(" ")[1], headers, raw, msgspec.json.decode(raw))


def refuses(*fields: str, then: Reply, status: int = 400) -> Callable[[Asked], Reply]:
    """Refuses the first of these fields that is sent, as Gemini does; `then` answers requests without them."""

    def script(asked: Asked) -> Reply:
        for name in fields:
            if name in asked.body:
                text = f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'
                return failure(
                    status, [{"error": {"code": 400, "message": text, "status": "INVALID_ARGUMENT"}}]
                )
        return then

    return script
