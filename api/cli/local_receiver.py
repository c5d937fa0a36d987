"""A local webhook receiver that verifies deliveries and responds like a consumer."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final

MAX_BYTES: Final = 1_048_576
_TIMEOUT_S: Final = 15.0


def receiver(port: int, handle: Callable[[dict[str, str], bytes], bool]) -> HTTPServer:
    """A server on 127.0.0.1. `take` receives the headers, with lower-case names, and the body; if it returns
    False, the response is 400.

    Raises OSError if the port is in use.
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
            self._answer(204 if handle(headers, body) else 400)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Not used: the caller prints deliveries."""

    return HTTPServer(("127.0.0.1", port), Handler)
