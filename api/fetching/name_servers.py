"""Names asked of name servers that the operator chose, without the system's resolver in between."""

import asyncio
from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.resolver


class NameServers:
    """A `Resolver` that asks given servers for A and AAAA records, aliases (CNAME) followed.

    Neither the hosts file nor a search list nor a cache plays a part: what a look-up gives is what a server
    answered now, over UDP, or over TCP where the answer did not fit.
    """

    def __init__(self, servers: Sequence[tuple[str, int]], seconds: float = 5.0) -> None:
        """`servers` are addresses and ports, asked in this order; `seconds` is the deadline of a look-up."""
        self._resolver = dns.asyncresolver.Resolver(configure=False)
        self._resolver.nameservers = [
            dns.nameserver.Do53Nameserver(address, port) for address, port in servers
        ]
        self._resolver.lifetime = seconds
        self._resolver.timeout = seconds / (len(servers) + 1)  # of one server, so that the next has its turn

    async def resolve(self, host: str) -> list[str]:
        """All addresses of the name. Raises OSError when no server gave one in time."""
        try:
            name = dns.name.from_text(f"{host}.")
        except dns.exception.DNSException as error:  # an empty label, or one that is too long
            raise OSError(f"no such name: {host}") from error
        given = await asyncio.gather(
            *(self._ask(name, kind) for kind in ("A", "AAAA")), return_exceptions=True
        )
        addresses = [address for answer in given if isinstance(answer, list) for address in answer]
        if not addresses:
            raise OSError(f"no such name: {host}: {given[0]!r}")
        return addresses

    async def _ask(self, name: dns.name.Name, kind: str) -> list[str]:
        answer = await self._resolver.resolve(name, kind, search=False, raise_on_no_answer=False)
        return [record.address for record in answer.rrset or ()]
