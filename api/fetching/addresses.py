"""Addresses that must not be contacted, as an explicit table.

`ipaddress.is_global` accepts NAT64, 6to4, IPv4-compatible and several reserved ranges, and differs between
Python versions. The table contains every special range of the IANA registries:
https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

LOOPBACK = "loopback"
_GLOBAL_UNICAST = ip_network("2000::/3")  # all allocated public IPv6 addresses
# The interface identifier of an ISATAP address (RFC 5214 section 6.1), with either universal bit. An IPv4
# address follows, to which a tunnel on this machine would lead.
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})

_DENIED: tuple[tuple[IPNetwork, str], ...] = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers; holds a cloud's metadata at 100.100.100.200"),
        ("127.0.0.0/8", LOOPBACK),
        ("168.63.129.16/32", "a cloud's host agent"),
        ("169.254.0.0/16", "link-local; holds clouds' metadata at 169.254.169.254"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved; holds the broadcast address"),
        ("::1/128", LOOPBACK),
        ("::/96", "unspecified or IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("100:0:0:1::/64", "dummy prefix"),
        ("2001::/23", "protocol assignments; holds Teredo, ORCHID and benchmarking"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private; holds a cloud's metadata at fd00:ec2::254"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)


def is_denied(
    address: IPAddress | str, *, allow_loopback: bool = False, also: Iterable[IPNetwork] = ()
) -> str | None:
    """The reason why the address must not be contacted, or None.

    An IPv4-mapped address counts as its IPv4 address. Tunnels and translations (NAT64, 6to4, Teredo, ISATAP,
    IPv4-compatible, IPv4-translated) are always denied, as is all IPv6 except global unicast. `allow_loopback`
    admits plain 127.0.0.0/8 and ::1. `also` denies further networks, even loopback. Raises ValueError if a
    string is no address.
    """
    if isinstance(address, str):
        address = ip_address(address.partition("%")[0])
    plain = address
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in also if network.version == address.version):
        return "denied by setting"
    for network, reason in _DENIED:
        if network.version == address.version and address in network:
            return None if allow_loopback and reason == LOOPBACK and address is plain else reason
    if isinstance(address, IPv6Address):
        if address not in _GLOBAL_UNICAST:
            return "not allocated to public networks"
        if int(address) >> 32 & 0xFFFF_FFFF in _ISATAP:
            return "ISATAP"
    return None
