"""The baseline: an ASGI application that sends one body, in the same HTTP server. `python -m ... PORT FILE`."""

import sys
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server import Server


def load(body: Path) -> Any:
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % body.stat().st_size)],
    }
    end = {"type": "http.response.body", "body": body.read_bytes(), "more_body": False}

    async def constant(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start)
        await send(end)

    return constant


def main() -> None:
    port, body = int(sys.argv[1]), Path(sys.argv[2])
    server = Server("constant", interface=Interfaces.ASGI, address="127.0.0.1", port=port, websockets=False)
    server.serve(target_loader=lambda *_: load(body), wrap_loader=False)


if __name__ == "__main__":
    main()
