"""Through a proxy of the operator's: a tunnel to an address that was checked before."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpcore

_MAX_ANSWER = 8_192  # bytes of the proxy's answer; it has a status line and a few headers


@dataclass(frozen=True, slots=True)
class EgressProxy:
    """A proxy that takes CONNECT. `authorization` is the value of Proxy-Authorization, None without one."""

    host: str
    port: int
    authorization: str | None = field(default=None, repr=False)

    async def open(
        self, tcp: httpcore.AsyncNetworkBackend, address: str, port: int, timeout: float
    ) -> httpcore.AsyncNetworkStream:
        """A stream to `address` through the proxy; what the proxy did not open counts as closed.

        The proxy is asked for the address, never for a name: it would resolve that a second time, and a name
        server may answer otherwise then. Raises httpcore.ConnectError, ConnectTimeout.
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
    """The proxy of `http://[user:password@]host[:port]`; without a port 3128, as squid has it.

    Raises ValueError for anything else.
    """
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
        part = await stream.read(_MAX_ANSWER, timeout=timeout)
        head += part
        # the far end speaks second, in HTTP as in TLS: bytes behind the head are the proxy's own invention
        if not part or len(head) > _MAX_ANSWER or b"\r\n\r\n" in head[:-4]:
            raise httpcore.ConnectError("the egress proxy gave no usable answer")
    return head
