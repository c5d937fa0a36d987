"""The client's address: the peer, or the address reported by trusted proxies."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

from api.routes.http.request.headers import header
from api.settings.lists import IPNetwork

MAX_HOPS: Final = 20  # maximum number of proxies; earlier entries were written by the client
_IPV6_BITS: Final = 64  # IPv6 prefix that counts as one customer
_KEPT: Final = 50_000  # cached parse results, a few megabytes


class ClientAddresses:
    """`trusted` are the networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted."""

    def __init__(self, trusted: Sequence[IPNetwork]) -> None:
        self._trusted = tuple(trusted)
        self._is_trusted = lru_cache(_KEPT)(self._look_up)

    def of(self, scope: Mapping[str, Any]) -> str:
        """The client's address; empty if the server does not listen on a network."""
        client = scope.get("client")
        peer: str = client[0] if client else ""
        if ":" in peer:
            peer = _address(peer) or peer
        if not self._trusted or not self._is_trusted(peer):
            return peer
        address = peer
        # from the last entry, written by our proxy, to the first untrusted one
        for entry in reversed((header(scope, b"x-forwarded-for") or "").rsplit(",", MAX_HOPS)):
            hop = _address(entry.strip())
            if hop is None:
                break
            address = hop
            if not self._is_trusted(hop):
                break
        return address

    def came_in_the_clear(self, scope: Mapping[str, Any]) -> bool:
        """Whether a trusted proxy reports that the client used plain HTTP; False without a proxy."""
        client, said = scope.get("client"), header(scope, b"x-forwarded-proto")
        if said is None or not client or not self._is_trusted(_address(client[0]) or client[0]):
            return False
        return {hop.strip().lower() for hop in said.split(",")} == {"http"}

    def customer(self, scope: Mapping[str, Any]) -> str:
        """The address or network that the request is counted for."""
        if not self._trusted and (client := scope.get("client")):
            address: str = client[0]
            if ":" not in address:
                return address
        return customer_of(self.of(scope))

    def _look_up(self, address: str) -> bool:
        try:
            number = ip_address(address)
        except ValueError:
            return False
        return any(number in network for network in self._trusted)


def customer_of(address: str) -> str:
    """The unit of counting: an IPv4 address, or the network of an IPv6 address."""
    return _network(address) if ":" in address else address


@lru_cache(_KEPT)
def _network(address: str) -> str:
    try:
        return str(ip_network((address, _IPV6_BITS), strict=False))
    except ValueError:
        return address


def _address(text: str) -> str | None:
    """The address in `text`, with or without a port, in canonical form; None if there is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        number: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(number, IPv6Address) and number.ipv4_mapped is not None:
        number = number.ipv4_mapped
    return str(number)
