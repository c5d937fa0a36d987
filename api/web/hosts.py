"""The canonical form of a URL's host: a name or an IP address."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address

import idna

from api.errors import InvalidRequest, UrlNotAllowed

# RFC 952 excludes underscores, but real sites use them in subdomains.
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_HEXADECIMAL = re.compile(r"0x[0-9a-f]*")
_DIGITS = re.compile(r"[0-9]+")
_MAX_NAME = 253  # RFC 1035, in dotted form

# Names that are never public.
_LOCAL_NAMES = {
    "localhost": "RFC 6761: loopback",
    "local": "RFC 6762: multicast DNS",
    "internal": "reserved by ICANN for private networks; also the metadata names of cloud providers",
    "home.arpa": "RFC 8375: home networks",
    "localdomain": "the customary domain of hosts without one",
    "lan": "the customary domain of home routers",
    "home": "never to be delegated: ICANN board resolution 2018.02.04.12",
    "corp": "as home",
    "intranet": "the customary domain of company networks",
    "onion": "RFC 7686: not to be looked up in the DNS",
    "alt": "RFC 9476: not in the DNS",
}

IPAddress = IPv4Address | IPv6Address


def canonical_host(text: str) -> str:
    """The host in lower-case ASCII: IDNA A-labels, no final dot, the shortest form of an IP address.

    IPv4 is parsed as in browsers (https://url.spec.whatwg.org/#concept-ipv4-parser), so `127.1`, `0x7f.1`,
    `2130706433` and full-width digits become dotted addresses. IPv6 loses its brackets.

    Raises InvalidRequest for an invalid host, UrlNotAllowed for a local or single-label name.
    """
    if text.startswith("["):
        return _ipv6(text)
    try:
        name = idna.uts46_remap(text, std3_rules=False, transitional=False).removesuffix(".")
    except (idna.IDNAError, ValueError) as error:
        raise InvalidRequest(
            "The host name of the URL holds characters that no host name may hold."
        ) from error
    labels = [_label(label) for label in name.split(".")]
    if _is_number(labels[-1]):
        return _ipv4(labels)
    name = ".".join(labels)
    if len(name) > _MAX_NAME:
        raise InvalidRequest(f"The host name of the URL is longer than {_MAX_NAME} characters.")
    if len(labels) == 1 or any(name == local or name.endswith("." + local) for local in _LOCAL_NAMES):
        raise UrlNotAllowed("The host name is local to a machine or network; only public sites are fetched.")
    return name


def host_address(host: str) -> IPAddress | None:
    """The address of a canonical host; None for a name."""
    if ":" not in host and not host[-1:].isdigit():
        return None
    try:
        return ip_address(host)
    except ValueError:
        return None


def _label(label: str) -> str:
    if label.isascii():
        if not _LABEL.fullmatch(label):
            raise InvalidRequest("The host name of the URL is malformed.")
        if label.startswith("xn--"):
            try:
                idna.ulabel(label)
            except (idna.IDNAError, ValueError) as error:
                raise InvalidRequest("The host name of the URL is not valid IDNA.") from error
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except (idna.IDNAError, ValueError) as error:
        raise InvalidRequest("The host name of the URL is not valid IDNA.") from error


def _is_number(label: str) -> bool:
    return label.isdigit() or _HEXADECIMAL.fullmatch(label) is not None


def _ipv4(labels: list[str]) -> str:
    malformed = InvalidRequest("The host of the URL is not a valid IPv4 address.")
    if len(labels) > 4:
        raise malformed
    numbers = []
    for label in labels:
        try:
            if _HEXADECIMAL.fullmatch(label):
                numbers.append(int(label[2:] or "0", 16))
            elif not _DIGITS.fullmatch(label):  # int() also takes underscores
                raise malformed
            elif len(label) > 1 and label.startswith("0"):
                numbers.append(int(label, 8))
            else:
                numbers.append(int(label, 10))
        except ValueError:
            raise malformed from None
    *heads, last = numbers
    if any(number > 255 for number in heads) or last >= 256 ** (5 - len(numbers)):
        raise malformed
    value = last + sum(number << 8 * (3 - index) for index, number in enumerate(heads))
    return str(IPv4Address(value))


def _ipv6(text: str) -> str:
    if not text.endswith("]") or "%" in text:
        raise InvalidRequest("The IPv6 address of the URL is malformed.")
    try:
        return str(IPv6Address(text[1:-1]))
    except AddressValueError as error:
        raise InvalidRequest("The IPv6 address of the URL is malformed.") from error
