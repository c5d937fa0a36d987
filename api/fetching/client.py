"""The one HTTP client for addresses that strangers name: pages, feeds, webhooks, notices to search engines.

A name is resolved once, the address is checked against an explicit table (`addresses.py`), and the connection
goes to that address. Checking first and connecting later would let the name server give another answer in
between (DNS rebinding), and the standard library's `is_global` accepts several addresses that lead inside.
httpcore is used because it lets the connection be made here. One client serves every purpose;
`FetchPolicy.for_feeds` and `for_deliveries` change what it accepts, never which addresses it may reach. With an
egress proxy the address is still looked up and checked here, and the proxy is asked for that address: a proxy
that resolved the name again would undo the check. dnspython asks the operator's name servers if there are any,
so that the same look-up is tested against a real server that lies.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import certifi
import httpcore

from api.errors import FetchFailed, FetchTimeout, TargetRefused
from api.fetching.connections import GuardedBackend
from api.fetching.fetch_errors import ContactRefused
from api.fetching.policy import FetchPolicy
from api.fetching.resolver import Resolver, SystemResolver
from api.web.urls import Target

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 section 5.6.2
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?|")  # visible ASCII, no white space at the ends, no line break
_OURS = re.compile(
    r"host|user-agent|accept|accept-encoding|connection|keep-alive|content-length|transfer-encoding|te|trailer"
    r"|upgrade|expect|cookie|proxy-.*",
    re.IGNORECASE,
)


class GuardedClient:
    """Sends one request at a time to a checked address; knows no cookies and no credentials, follows nothing.

    Every exchange has a connection of its own, so none is ever reused for another name. The certificate is
    checked against the name of the URL, whatever address it led to. The environment is not read: a proxy is
    one that the policy names.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        resolver: Resolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """`resolver` is the system's, `ssl_context` one with certifi's authorities, unless given."""
        self.policy = policy
        self._own_resolver: SystemResolver | None = None
        if resolver is None:
            resolver = self._own_resolver = SystemResolver(policy.resolve_seconds)
        self._backend = GuardedBackend(policy, resolver)
        self._ssl_context = ssl_context or ssl.create_default_context(cafile=certifi.where())

    @asynccontextmanager
    async def send(
        self,
        target: Target,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        accept: str | None = None,
    ) -> AsyncIterator[httpcore.Response]:
        """The answer to one request, a redirect included; its body is read, or not, inside the block.

        `headers` are the caller's own, beside those that every request has. `accept` is the policy's unless
        given. All of it, the block included, takes no longer than the policy's `total_seconds`.

        Raises ValueError for a method or header that cannot be sent; UrlNotAllowed for what the policy refuses
        unseen, TargetRefused when there is no connection, FetchTimeout, and FetchFailed when the exchange
        breaks or its headers are too large; the same for errors that occur while the body is read.
        """
        self.policy.refuse(target)
        request = httpcore.Request(
            _checked_method(method),
            httpcore.URL(
                scheme=target.scheme, host=target.host, port=target.port, target=target.request_target
            ),
            headers=self._headers(target, accept or self.policy.accept, headers or {}, body),
            content=body,
            extensions={
                "timeout": dict.fromkeys(("read", "write", "pool"), self.policy.total_seconds)
                | {"connect": self.policy.connect_seconds}
            },
        )
        try:
            async with (
                asyncio.timeout(self.policy.total_seconds),
                httpcore.AsyncConnectionPool(
                    ssl_context=self._ssl_context,
                    network_backend=self._backend,
                    max_connections=1,
                    max_keepalive_connections=0,
                ) as pool,
            ):
                response = await pool.handle_async_request(request)
                try:
                    self._check_headers(response)
                    yield response
                finally:
                    await response.aclose()
        except ContactRefused as refusal:  # one text for every reason: no port scanner
            raise TargetRefused("The host of the URL cannot be reached.") from refusal
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            # TCP is up by now (the backend refuses otherwise): what failed is the handshake.
            raise FetchFailed("No secure connection to the site could be made.") from error
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise FetchTimeout("The site did not answer in time.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchFailed("The site broke off its answer or sent one that is not HTTP.") from error

    async def aclose(self) -> None:
        """Let go of what the client opened itself."""
        if self._own_resolver is not None:
            self._own_resolver.close()

    def _headers(
        self, target: Target, accept: str, own: Mapping[str, str], body: bytes | None
    ) -> list[tuple[bytes | str, bytes | str]]:
        headers = {
            "Host": target.authority,
            "User-Agent": self.policy.user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        if body is not None:
            headers["Content-Length"] = str(len(body))
        for name, value in own.items():
            if not _NAME.fullmatch(name) or _OURS.fullmatch(name) or not _VALUE.fullmatch(value):
                raise ValueError(f"the header {name!r} cannot be sent")
            headers[name] = value
        return [*headers.items()]

    def _check_headers(self, response: httpcore.Response) -> None:
        # h11 stops at 100 KiB while it still waits for the end of the headers; this is the exact limit.
        size = sum(len(name) + len(value) + 4 for name, value in response.headers)
        if size > self.policy.max_header_bytes:
            raise FetchFailed("The headers of the site's answer are too large.")


def _checked_method(method: str) -> str:
    if method not in ("GET", "HEAD", "POST"):
        raise ValueError(f"the method {method!r} is not sent")
    return method
