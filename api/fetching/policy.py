"""What the guarded client may do. Every limit arrives here as an argument; nothing reads settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from api.errors import PublisherOptedOut, UrlNotAllowed
from api.fetching.addresses import IPNetwork, is_denied
from api.fetching.egress import EgressProxy
from api.web.urls import MAX_LENGTH, Target

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5"
# Many sites send their feeds as something else; what it is shows when it is read.
FEED_TYPES = frozenset(
    {"application/atom+xml", "application/rss+xml", "application/feed+json", "application/json",
     "application/rdf+xml", "application/x-rss+xml", "application/xml", "text/xml", "text/plain",
     "application/octet-stream"}
) | PAGE_TYPES  # fmt: skip
FEED_ACCEPT = (
    "application/atom+xml,application/rss+xml,application/feed+json;q=0.9,application/xml;q=0.5,*/*;q=0.1"
)

_VISIBLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """Limits of fetching; times in seconds, sizes in bytes. The defaults are for
    pages; `for_feeds` and `for_deliveries` give those of the other purposes.

    `user_agent` names the service and holds a URL to complain at. `host_map` leads names to an address or
    `address:port` of the operator's choice instead of asking the resolver (a demonstration, tests); the
    address is checked like any other. `allow_loopback` admits loopback addresses, for the same purpose; in
    production it would let anyone read the machine's own services. URLs may have `ports` and `extra_ports`.
    `denied_networks` are the operator's own networks that happen to have public addresses.
    `opted_out` are domains whose publishers do not want to be read; their subdomains count.
    `egress_proxy` is where all connections go through, to the addresses that were checked here.
    `refusal_seconds`: no refused contact is answered earlier, so that its time does not tell a denied
    address from a closed port or an unknown name.
    """

    user_agent: str
    allow_loopback: bool = False
    host_map: Mapping[str, str] = field(default_factory=dict)
    denied_networks: tuple[IPNetwork, ...] = ()
    opted_out: frozenset[str] = frozenset()
    egress_proxy: EgressProxy | None = None
    schemes: frozenset[str] = frozenset({"http", "https"})
    content_types: frozenset[str] = PAGE_TYPES
    accept: str = PAGE_ACCEPT
    ports: frozenset[int] = frozenset({80, 443})
    extra_ports: frozenset[int] = frozenset()
    total_seconds: float = 20.0
    connect_seconds: float = 5.0
    resolve_seconds: float = 5.0
    refusal_seconds: float = 1.0
    max_header_bytes: int = 65_536
    max_body_bytes: int = 5_242_880
    max_ratio: int = 100
    max_redirects: int = 5

    def for_feeds(self) -> "FetchPolicy":
        """The same for feeds: other media types."""
        return replace(self, content_types=FEED_TYPES, accept=FEED_ACCEPT)

    def for_deliveries(self, ports: frozenset[int] = frozenset()) -> "FetchPolicy":
        """The same for what is sent to a subscriber's endpoint.

        No redirects, which Standard Webhooks counts as failures; https alone, on port 443 and `ports`, except
        where loopback is allowed, which is for demonstrations and tests.
        """
        return replace(
            self,
            schemes=self.schemes if self.allow_loopback else frozenset({"https"}),
            ports=self.ports | ports if self.allow_loopback else frozenset({443}) | ports,
            max_redirects=0,
            max_body_bytes=65_536,
            total_seconds=15.0,
            accept="*/*",
            opted_out=frozenset(),
        )

    def refuse(self, target: Target) -> None:
        """Refuse what can be refused before any name is resolved.

        Raises UrlNotAllowed for a scheme or port that is not allowed, for an address that is denied, and for a
        URL that cannot stand in a request line; PublisherOptedOut.
        """
        if target.scheme not in self.schemes:
            raise UrlNotAllowed("Only https URLs are allowed here.")
        if len(target.url) > MAX_LENGTH or not _VISIBLE.fullmatch(target.url):  # `parse_target` makes no such
            raise UrlNotAllowed("The URL is too long, or holds what no request line may hold.")
        labels = target.host.split(".")
        if self.opted_out and any(".".join(labels[n:]) in self.opted_out for n in range(len(labels))):
            raise PublisherOptedOut("The publisher of this site does not want its pages to be read here.")
        if target.port not in self.ports | self.extra_ports:
            allowed = " and ".join(map(str, sorted(self.ports)))
            raise UrlNotAllowed(f"Port {target.port} is not allowed; only {allowed} are.")
        address = target.address
        if address is not None and self.denial(str(address)) is not None:
            raise UrlNotAllowed("The URL's address is private or reserved; only public sites are fetched.")

    def denial(self, address: str) -> str | None:
        """Why the address may not be contacted under this policy, None if it may."""
        return is_denied(address, allow_loopback=self.allow_loopback, also=self.denied_networks)
