"""Tunnels through the operator's proxy to checked addresses."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpcore

_MAX_HEAD = 8_192  # bytes of the proxy's response head


@dataclass(frozen=True, slots=True)
class EgressProxy:
    """A proxy that supports CONNECT. `authorization` is the Proxy-Authorization header, if any."""

    host: str
    port: int
    authorization: str | None = field(default=None, repr=False)

    async def open(
        self, tcp: httpcore.AsyncNetworkBackend, address: str, port: int, timeout: float
    ) -> httpcore.AsyncNetworkStream:
        """A stream to `address` through the proxy.

        The proxy receives the address, as it could resolve a name differently. Raises httpcore.ConnectError,
        also if the proxy refuses, and ConnectTimeout.
        """
        stream = await tcp.connect_tcp(self.host, self.port, timeout=timeout)
        try:
            authority = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
            lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
            if self.authorization is not None:
                lines.append(f"Proxy-Authorization: {self.authorization}")
            await stream.write("\r\n".join([*lines, "", ""]).encode("ascii"), timeout=timeout)
            head = await _read_head(stream, timeout)
            parts = head.split(b" ", 2)
            if len(parts) < 2 or not parts[0].startswith(b"HTTP/1.") or not parts[1].startswith(b"2"):
                status = head.partition(b"\r\n")[0][:80]
                raise httpcore.ConnectError(f"the egress proxy answered {status!r}")
        except (httpcore.NetworkError, httpcore.TimeoutException) as error:
            await stream.aclose()
            if isinstance(error, httpcore.ConnectError):
                raise
            raise httpcore.ConnectError(f"the egress proxy broke off: {error}") from error
        except BaseException:
            await stream.aclose()
            raise
        return stream


def egress_proxy(url: str) -> EgressProxy:
    """Parse `http://[user:password@]host[:port]`; the default port is 3128, as in squid. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must be http://[user:password@]host[:port]")
    authorization = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = f"Basic {b64encode(pair.encode()).decode()}"
    return EgressProxy(parts.hostname, parts.port or 3128, authorization)


async def _read_head(stream: httpcore.AsyncNetworkStream, timeout: float) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        part = await stream.read(_MAX_HEAD, timeout=timeout)
        head += part
        # the client speaks first in HTTP and TLS, so bytes after the head come from the proxy itself
        if not part or len(head) > _MAX_HEAD or b"\r\n\r\n" in head[:-4]:
            raise httpcore.ConnectError("the egress proxy gave no usable answer")
    return head
