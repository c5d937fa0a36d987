"""A receiver of webhooks on this machine: verifies what comes, and answers as a consumer should."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final

MAX_BYTES: Final = 1_048_576
_TIMEOUT_S: Final = 15.0


def receiver(port: int, take: Callable[[dict[str, str], bytes], bool]) -> HTTPServer:
    """On 127.0.0.1. `take` gets the headers, with lower-case names, and the body; False: 400, it is not genuine.

    Raises OSError where the port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_S

        def do_POST(self) -> None:
            length = self.headers["Content-Length"] or ""
            if not (length.isascii() and length.isdecimal() and int(length) <= MAX_BYTES):
                self.close_connection = True
                self._answer(413 if length.isdecimal() else 411)
                return
            body = self.rfile.read(int(length))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._answer(204 if take(headers, body) else 400)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """What came is printed by who listens."""

    return HTTPServer(("127.0.0.1", port), Handler)
