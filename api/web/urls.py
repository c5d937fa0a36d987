"""URLs: the parser, the normalised form, and look-up variants."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

from api.errors import InvalidRequest, UrlNotAllowed
from api.web.hosts import IPAddress, canonical_host, host_address
from api.web.link_wrappers import wrapped_url
from api.web.sites import bare_host
from api.web.tracking_parameters import is_tracking

MAX_LENGTH = 2_048  # the bound of sitemaps.org
MAX_WRAPPERS = 3  # nested wrappers occur (a mail link to a search result); deeper ones are a trap

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%|[^%]+")
_AUTHORITY = re.compile(r"[^/?]*")
_HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]*))?")
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$")
_AMP_BEHIND = re.compile(r"/amp/?$")
_AMP_FILE = re.compile(r"\.amp(?=\.html?$|$)")
_AMP_IN_FRONT = re.compile(r"^/amp/(?=.)")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/")  # RFC 3986: pchar and the slash
_QUERY = _PATH | frozenset(b"?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed URL in canonical form.

    `host` is ASCII, IPv6 without brackets; `port` is always set; `path` starts with a slash; `query` has no
    question mark and may be empty.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def address(self) -> IPAddress | None:
        """The host's IP address; None for a name."""
        return host_address(self.host)

    @property
    def authority(self) -> str:
        """Host and port for the Host header: no default port, IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def request_target(self) -> str:
        """Path and query for the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        return self.origin + self.request_target


def parse_target(url: str) -> Target:
    """Parse an absolute HTTP URL, without surrounding spaces and fragment.

    Raises InvalidRequest if it is no URL (too long, no scheme or host, control character, backslash, invalid
    port), UrlNotAllowed for another scheme, credentials, or a local host name. The guarded client checks
    addresses and ports.
    """
    url = url.strip(" ")
    if len(url) > MAX_LENGTH:
        raise InvalidRequest(f"The URL is longer than {MAX_LENGTH} characters.")
    if _FORBIDDEN.search(url):
        raise InvalidRequest("The URL holds a control character or a backslash.")
    match = _SCHEME.fullmatch(url)
    if match is None or "." in match[1]:
        raise InvalidRequest("The URL must begin with http:// or https://.")
    scheme, rest = match[1].lower(), match[2]
    if scheme not in _DEFAULT_PORTS:
        raise UrlNotAllowed("Only http and https URLs are fetched.")
    if not rest.startswith("//"):
        raise InvalidRequest("The URL names no host.")
    rest = rest[2:].partition("#")[0]
    authority = _AUTHORITY.match(rest)[0]  # type: ignore[index]  # a star always matches
    path, _, query = rest[len(authority) :].partition("?")
    if "@" in authority:
        raise UrlNotAllowed("URLs with credentials are not fetched.")
    host, port = _split_port(authority, _DEFAULT_PORTS[scheme])
    target = Target(
        scheme=scheme,
        host=canonical_host(host),
        port=port,
        path=_without_dots(_escape(path, _PATH)),
        query=_escape(query, _QUERY),
    )
    if len(target.url) > MAX_LENGTH:  # escaping a non-ASCII character adds at least five
        raise InvalidRequest(f"The URL is longer than {MAX_LENGTH} characters when it is escaped.")
    return target


def normalize(url: str) -> str:
    """The URL that identifies a page: canonical form without tracking, parameters sorted by name.

    Links of known wrappers become the wrapped URL. Parameters of the same name keep their order. Raises the
    errors of `parse_target`.
    """
    return _normal(url).url


def url_key(url: str) -> str:
    """The normalised URL without its scheme. Raises the errors of `parse_target`."""
    return _key(_normal(url))


def variants(url: str) -> list[str]:
    """Possible keys of the page, most likely first, starting with the URL's own.

    For look-ups, not for merging stories: with and without `www.`, final slash and index file, and without
    mobile and AMP hosts and paths. Raises the errors of `parse_target`.
    """
    target = _normal(url)
    hosts = [target.host]
    if (bare := bare_host(target.host)) is not None:
        hosts += [bare, f"www.{bare}"]
    elif target.address is None:
        hosts.append(f"www.{target.host}")
    keys = [
        _key(Target(target.scheme, host, target.port, path, query))
        for query in _queries(target.query)
        for host in hosts
        for path in _paths(target.path)
    ]
    return list(dict.fromkeys(keys))


def _normal(url: str) -> Target:
    target = parse_target(url)
    for _ in range(MAX_WRAPPERS):
        wrapped = wrapped_url(target.host, target.path, target.query)
        if wrapped is None:
            break
        target = parse_target(wrapped)
    parameters = [p for p in target.query.split("&") if p and not is_tracking(_name(p))]
    query = "&".join(sorted(parameters, key=_name))
    return Target(target.scheme, target.host, target.port, target.path, query)


def _key(target: Target) -> str:
    return target.authority + target.request_target


def _name(parameter: str) -> str:
    return unquote_plus(parameter.partition("=")[0])


def _split_port(authority: str, default: int) -> tuple[str, int]:
    match = _HOST_AND_PORT.fullmatch(authority)
    if match is None or not match[1]:
        raise InvalidRequest("The URL names no host, or a malformed one.")
    port = int(match[2]) if match[2] else default
    if not 0 < port < 65_536:
        raise InvalidRequest("The port of the URL is not between 1 and 65535.")
    return match[1], port


def _escape(text: str, allowed: frozenset[int]) -> str:
    """Percent-encode as necessary, decode where possible (RFC 3986 section 6.2.2)."""
    parts = []
    for match in _ESCAPE.finditer(text):
        if match[1]:
            octet = int(match[1], 16)
            parts.append(chr(octet) if octet in _UNRESERVED else f"%{octet:02X}")
        elif match[0] == "%":
            parts.append("%25")
        else:
            try:
                octets = match[0].encode()
            except UnicodeEncodeError as error:
                raise InvalidRequest("The URL is not valid Unicode.") from error
            parts.extend(chr(o) if o in allowed else f"%{o:02X}" for o in octets)
    return "".join(parts)


def _without_dots(path: str) -> str:
    """Remove `.` and `..` segments (RFC 3986 section 5.2.4)."""
    stack: list[str] = []
    segments = path.removeprefix("/").split("/")
    for index, segment in enumerate(segments):
        final = index == len(segments) - 1
        if segment == "..":
            if stack:
                stack.pop()
        elif segment != ".":
            stack.append(segment)
            continue
        if final:
            stack.append("")
    return "/" + "/".join(stack)


def _paths(path: str) -> list[str]:
    """The path and its non-AMP form, each with and without a final slash."""
    paths = [path]
    plain = _INDEX_FILE.sub("/", path)
    plain = _AMP_BEHIND.sub("/", plain)
    plain = _AMP_FILE.sub("", plain)
    plain = _AMP_IN_FRONT.sub("/", plain)
    if plain != path:
        paths.append(plain)
    return list(dict.fromkeys(form for p in paths for form in (p, _slashed(p))))


def _slashed(path: str) -> str:
    if path == "/":
        return path
    return path[:-1] if path.endswith("/") else path + "/"


def _queries(query: str) -> list[str]:
    """The query, with and without AMP and mobile parameters."""
    plain = "&".join(p for p in query.split("&") if p.lower() not in _MOBILE_PARAMETERS)
    return list(dict.fromkeys((query, plain)))


_MOBILE_PARAMETERS = {
    "amp": "WordPress",
    "amp=": "WordPress",
    "amp=1": "WordPress",
    "amp=true": "WordPress",
    "outputtype=amp": "Arc Publishing",
    "output=amp": "several publishers",
    "m=1": "Blogger's mobile page",
}
