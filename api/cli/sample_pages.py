"""Serves the sample pages of the seeds over HTTP on this machine, each under its fictional host name."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser


@dataclass(frozen=True)
class SamplePages:
    """`urls`: the pages' addresses, in file order; `host_map`: the setting that maps their hosts."""

    urls: list[str]
    host_map: str


@contextmanager
def sample_pages() -> Iterator[SamplePages]:
    """Serve the pages on a free port of 127.0.0.1 within the block."""
    pages = _load()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            body = pages.get((host, self.path))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Not used: the worker logs its fetches."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True, name="sample pages")
        thread.start()
        try:
            hosts = sorted({host for host, _ in pages})
            yield SamplePages(
                urls=[f"http://{host}{path}" for host, path in pages],
                host_map=",".join(f"{host}=127.0.0.1:{server.server_port}" for host in hosts),
            )
        finally:
            server.shutdown()
            thread.join()


def _load() -> dict[tuple[str, str], bytes]:
    """(host, path) → page, from the canonical addresses."""
    pages = {}
    folder = files("seeds") / "pages"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".html"):
            body = entry.read_bytes()
            link = LexborHTMLParser(body).css_first("link[rel=canonical]")
            address = urlsplit((link.attributes.get("href") if link else None) or "")
            if not address.hostname:
                raise LookupError(f"the sample page {entry.name} has no canonical address")
            pages[address.hostname, address.path or "/"] = body
    return pages
