"""What the guarded client may do. Every limit arrives here as an argument; nothing reads settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.analysis.urls import Target
from api.errors import UrlNotAllowed
from api.fetching.addresses import IPNetwork, is_denied

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """Limits of fetching; times in seconds, sizes in bytes. The defaults are those of conventions W33-W37.

    `user_agent` names the service and holds a URL to complain at. `host_map` leads names to an address or
    `address:port` of the operator's choice instead of asking the resolver (a demonstration, tests); the
    address is checked like any other. `allow_loopback` admits loopback addresses, for the same purpose; in
    production it would let anyone read the machine's own services. `extra_ports` are allowed in URLs beside
    80 and 443. `denied_networks` are the operator's own networks that happen to have public addresses.
    `refusal_seconds`: no refused contact is answered earlier, so that its time does not tell a denied
    address from a closed port or an unknown name.
    """

    user_agent: str
    allow_loopback: bool = False
    host_map: Mapping[str, str] = field(default_factory=dict)
    denied_networks: tuple[IPNetwork, ...] = ()
    extra_ports: frozenset[int] = frozenset()
    total_seconds: float = 20.0
    connect_seconds: float = 5.0
    resolve_seconds: float = 5.0
    refusal_seconds: float = 1.0
    max_header_bytes: int = 65_536
    max_body_bytes: int = 5_242_880
    max_ratio: int = 100
    max_redirects: int = 5

    def refuse(self, target: Target) -> None:
        """Refuse what can be refused before any name is resolved.

        Raises UrlNotAllowed for a port that is not allowed and for an address that is denied.
        """
        if target.port not in {80, 443} | self.extra_ports:
            raise UrlNotAllowed(f"Port {target.port} is not allowed; only 80 and 443 are.")
        address = target.address
        if address is not None and self.denial(str(address)) is not None:
            raise UrlNotAllowed("The URL's address is private or reserved; only public sites are fetched.")

    def denial(self, address: str) -> str | None:
        """Why the address may not be contacted under this policy, None if it may."""
        return is_denied(address, allow_loopback=self.allow_loopback, also=self.denied_networks)
