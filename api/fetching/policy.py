"""The limits of the guarded client, independent of settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from api.errors import PublisherOptedOut, UrlNotAllowed
from api.fetching.addresses import IPNetwork, is_denied
from api.fetching.egress import EgressProxy
from api.web.urls import MAX_LENGTH, Target

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5"
# Many sites send feeds with other types; parsing decides.
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
    """Limits of fetching; times in seconds, sizes in bytes. The defaults are for pages.

    `user_agent` contains a contact URL. `host_map` maps names to an address or `address:port`, which is checked
    like any other (demo, tests). `allow_loopback` admits loopback addresses; in production it would expose the
    machine's own services. `ports` and `extra_ports` are the allowed ports. `denied_networks` are the
    operator's networks with public addresses. `opted_out` are domains that must not be read, including
    subdomains. `egress_proxy` forwards all connections. `refusal_seconds` is the minimum time of a refusal,
    which hides the difference between a denied address, a closed port and an unknown name.
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
        """The policy for feeds, with other media types."""
        return replace(self, content_types=FEED_TYPES, accept=FEED_ACCEPT)

    def for_deliveries(self, ports: frozenset[int] = frozenset()) -> "FetchPolicy":
        """The policy for webhook endpoints.

        No redirects, which Standard Webhooks counts as failures; https only, on port 443 and `ports`, unless
        loopback is allowed (demo, tests).
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
        """Refuse a URL before its name is resolved.

        Raises UrlNotAllowed for a scheme, port or address that is not allowed, and for a URL that is invalid in
        a request line; PublisherOptedOut.
        """
        if target.scheme not in self.schemes:
            raise UrlNotAllowed("Only https URLs are allowed here.")
        if len(target.url) > MAX_LENGTH or not _VISIBLE.fullmatch(target.url):  # not from `parse_target`
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
        """The reason why this policy denies the address, or None."""
        return is_denied(address, allow_loopback=self.allow_loopback, also=self.denied_networks)
