"""DNS look-ups with the operator's name servers instead of the system's resolver."""

import asyncio
from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.resolver


class NameServers:
    """A `Resolver` that queries given servers for A and AAAA records and follows CNAMEs.

    It uses no hosts file, search list or cache, and TCP if a UDP response is truncated.
    """

    def __init__(self, servers: Sequence[tuple[str, int]], seconds: float = 5.0) -> None:
        """`servers`: addresses and ports, queried in this order; `seconds`: the deadline of a look-up."""
        self._resolver = dns.asyncresolver.Resolver(configure=False)
        self._resolver.nameservers = [
            dns.nameserver.Do53Nameserver(address, port) for address, port in servers
        ]
        self._resolver.lifetime = seconds
        self._resolver.timeout = seconds / (len(servers) + 1)  # per server, so that each is tried

    async def resolve(self, host: str) -> list[str]:
        """All addresses of the name. Raises OSError if no server returned one in time."""
        try:
            name = dns.name.from_text(f"{host}.")
        except dns.exception.DNSException as error:  # an empty or overlong label
            raise OSError(f"no such name: {host}") from error
        results = await asyncio.gather(
            *(self._ask(name, kind) for kind in ("A", "AAAA")), return_exceptions=True
        )
        addresses = [address for answer in results if isinstance(answer, list) for address in answer]
        if not addresses:
            raise OSError(f"no such name: {host}: {results[0]!r}")
        return addresses

    async def _ask(self, name: dns.name.Name, kind: str) -> list[str]:
        answer = await self._resolver.resolve(name, kind, search=False, raise_on_no_answer=False)
        return [record.address for record in answer.rrset or ()]
