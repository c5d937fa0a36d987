"""Settings with several values, separated by commas: networks, servers, domains, ports, quotas, crawlers."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final, NamedTuple, NewType, TypeAlias
from urllib.parse import urlsplit

from api.settings.quotas import QuotaPolicy, read_policy

IPNetwork: TypeAlias = IPv4Network | IPv6Network
Domain = NewType("Domain", str)
Port = NewType("Port", int)
Delay = NewType("Delay", int)  # in seconds

NONE: Final = "none"
_DOMAIN: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_DNS_PORT: Final = 53
_MAX_DELAY: Final = 604_800
_TOKEN: Final = re.compile(r"[A-Za-z_-]{1,60}")  # RFC 9309 section 2.2.1


class CrawlerRule(NamedTuple):
    """The rule in robots.txt for one crawler; `token` is its user agent name."""

    token: str
    allowed: bool

    def __str__(self) -> str:
        return f"{self.token}={'allow' if self.allowed else 'disallow'}"


class Endpoint(NamedTuple):
    address: str
    port: int


def _endpoint(text: str) -> Endpoint:
    bare_v6 = text.count(":") > 1 and "[" not in text
    parts = urlsplit(f"//[{text}]" if bare_v6 else f"//{text}")
    if parts.port == 0 or parts.path or parts.username is not None:
        raise ValueError(text)
    return Endpoint(str(ip_address(parts.hostname or "")), parts.port or _DNS_PORT)


def _port(text: str) -> Port:
    if not 1 <= int(text) <= 65_535:
        raise ValueError(text)
    return Port(int(text))


def _delay(text: str) -> Delay:
    if not 0 <= int(text) <= _MAX_DELAY:
        raise ValueError(text)
    return Delay(int(text))


def _domain(text: str) -> Domain:
    if not _DOMAIN.fullmatch(text.lower()):
        raise ValueError(text)
    return Domain(text.lower())


def _crawler_rule(text: str) -> CrawlerRule:
    token, _, word = (part.strip() for part in text.partition("="))
    if not _TOKEN.fullmatch(token) or word.lower() not in ("allow", "disallow"):
        raise ValueError(text)
    return CrawlerRule(token, word.lower() == "allow")


# type of one value → its parser, and its description in an error
_ITEMS: Final[dict[Any, tuple[Callable[[str], Any], str]]] = {
    IPNetwork: (ip_network, f"networks such as 192.0.2.0/24, or {NONE}"),
    Endpoint: (_endpoint, "IP addresses, each with :port if it is not 53"),
    Domain: (_domain, "domain names in ASCII"),
    CrawlerRule: (_crawler_rule, "crawlers such as GPTBot=disallow or GPTBot=allow"),
    Port: (_port, "ports from 1 to 65535"),
    Delay: (_delay, f"whole seconds from 0 to {_MAX_DELAY}"),
    QuotaPolicy: (read_policy, f"policies such as burst=60/60 (QUOTA/SECONDS), or {NONE} for no limit"),
}


def is_list(kind: Any) -> bool:
    """Whether a setting's type is a list of one of these types."""
    return getattr(kind, "__origin__", None) in (tuple, frozenset) and kind.__args__[0] in _ITEMS


def allowed_items(kind: Any) -> str:
    """The allowed values, as the end of the sentence `It must be ...`."""
    return f"{_ITEMS[kind.__args__[0]][1]}, comma-separated"


def parse_list(raw: str, kind: Any) -> Any:
    """The values. Raises ValueError with the end of a sentence that names the allowed values."""
    read, _ = _ITEMS[kind.__args__[0]]
    values: list[Any] = []
    if kind.__args__[0] in (QuotaPolicy, IPNetwork) and raw.strip().lower() == NONE:
        return kind.__origin__(values)
    for text in filter(None, (part.strip() for part in raw.split(","))):
        try:
            values.append(read(text))
        except ValueError:
            raise ValueError(f"must be {allowed_items(kind)}, not {text!r}") from None
    if kind.__args__[0] is QuotaPolicy and len({policy.name for policy in values}) < len(values):
        raise ValueError("must give each policy a different name")
    return kind.__origin__(values)
