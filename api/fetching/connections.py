"""TCP connections to addresses that the policy allows."""

import asyncio
import re
from collections.abc import Iterable
from ipaddress import ip_address

import httpcore

from api.fetching.fetch_errors import ContactRefused
from api.fetching.policy import FetchPolicy
from api.fetching.resolver import Resolver
from api.web.hosts import host_address

_MAPPED = re.compile(
    r"(?:\[(?P<bracketed>[0-9A-Fa-f:.]+)\]|(?P<v4>[0-9.]+))(?::(?P<port>[0-9]{1,5}))?|(?P<v6>[0-9A-Fa-f:.]+)"
)
MAX_ADDRESSES = 4  # addresses tried per name; an available site answers on one of the first


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a name once, checks all addresses, connects to one, and verifies the peer's address.

    One denied address refuses the name: a name with internal and external addresses is an attack. Names in
    `host_map` are not resolved, but checked. With an egress proxy, the connection is a tunnel and the peer is
    not verified.
    """

    def __init__(self, policy: FetchPolicy, resolver: Resolver) -> None:
        self._policy = policy
        self._resolver = resolver
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address. Raises ContactRefused, after at least `refusal_seconds`."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            addresses, port = await self._checked_addresses(host, port)
            seconds = self._policy.connect_seconds
            return await self._connect_first(host, addresses, port, started + seconds, socket_options)
        except ContactRefused:
            await asyncio.sleep(started + self._policy.refusal_seconds - loop.time())
            raise

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Always raises ContactRefused."""
        raise ContactRefused("denied", path, "a socket file")

    async def sleep(self, seconds: float) -> None:
        """Used by httpcore between retries."""
        await asyncio.sleep(seconds)

    async def _checked_addresses(self, host: str, port: int) -> tuple[list[str], int]:
        addresses: list[str]
        if (mapped := self._policy.host_map.get(host)) is not None:
            address, mapped_port = split_address(mapped)
            addresses, port = [address], mapped_port or port
        elif host_address(host) is not None:
            addresses = [host]
        else:
            try:
                async with asyncio.timeout(self._policy.resolve_seconds):
                    addresses = list(await self._resolver.resolve(host))
            except (OSError, UnicodeError) as error:
                raise ContactRefused("no_such_name", host, str(error)) from error
        if not addresses:
            raise ContactRefused("no_such_name", host, "no address")
        for address in addresses:
            if (reason := self._policy.denial(address)) is not None:
                raise ContactRefused("denied", host, f"{address}: {reason}")
        return addresses[:MAX_ADDRESSES], port

    async def _connect_first(
        self,
        host: str,
        addresses: list[str],
        port: int,
        deadline: float,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        failures, silent = [], True
        for index, address in enumerate(addresses):
            timeout = (deadline - loop.time()) / (len(addresses) - index)
            try:
                stream = await self._open(address, port, max(timeout, 0.0), socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failures.append(f"{address}: {type(error).__name__}: {error}")
                silent &= isinstance(error, httpcore.ConnectTimeout)
                continue
            if self._policy.egress_proxy is not None:
                return stream
            peer = stream.get_extra_info("server_addr")
            if peer is None or ip_address(str(peer[0]).partition("%")[0]) != ip_address(address):
                await stream.aclose()
                raise ContactRefused("moved", host, f"{address}: answered by {peer}")
            return stream
        reason = "silent" if silent else "closed"
        raise ContactRefused(reason, host, f"port {port}: {', '.join(failures)}")

    async def _open(
        self,
        address: str,
        port: int,
        timeout: float,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        if (proxy := self._policy.egress_proxy) is not None:
            return await proxy.open(self._tcp, address, port, timeout)
        return await self._tcp.connect_tcp(address, port, timeout=timeout, socket_options=socket_options)


def split_address(text: str) -> tuple[str, int | None]:
    """Split `address` or `address:port` of a host map (IPv6 with a port in brackets). Raises ValueError."""
    match = _MAPPED.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is neither an address nor address:port")
    address = match["bracketed"] or match["v4"] or match["v6"]
    return str(ip_address(address)), int(match["port"]) if match["port"] else None
