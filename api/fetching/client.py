"""The HTTP client for untrusted addresses: pages, feeds, webhooks, IndexNow.

It resolves a name once, checks the address against a table (`addresses.py`), and connects to that address; a
second resolution would allow DNS rebinding. httpcore allows a custom connection. `FetchPolicy.for_feeds` and
`for_deliveries` change what a client accepts, never which addresses it may reach. An egress proxy receives the
checked address, not the name. dnspython queries the operator's name servers, if configured; this look-up is
tested against a malicious server.
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
_RESERVED = re.compile(
    r"host|user-agent|accept|accept-encoding|connection|keep-alive|content-length|transfer-encoding|te|trailer"
    r"|upgrade|expect|cookie|proxy-.*",
    re.IGNORECASE,
)


class GuardedClient:
    """Sends single requests to checked addresses, without cookies, credentials or redirects.

    Every exchange has its own connection. The certificate is verified against the URL's host. Proxy variables
    in the environment are ignored.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        resolver: Resolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Defaults: the system's resolver, and an `ssl_context` with certifi's authorities."""
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
        """The response to a request, possibly a redirect; read its body inside the block.

        `headers` are added to the standard ones. `accept` defaults to the policy's. Everything, including the
        block, takes at most the policy's `total_seconds`.

        Raises ValueError for an invalid method or header, UrlNotAllowed if the policy refuses the URL,
        TargetRefused without a connection, FetchTimeout, and FetchFailed if the exchange fails or the headers
        are too large; also while the body is read.
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
        except (
            ContactRefused
        ) as refusal:  # the same text for every reason, so that the service is no port scanner
            raise TargetRefused("The host of the URL cannot be reached.") from refusal
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            # TCP is connected (the backend raises otherwise), so the handshake failed
            raise FetchFailed("No secure connection to the site could be made.") from error
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise FetchTimeout("The site did not answer in time.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchFailed("The site broke off its answer or sent one that is not HTTP.") from error

    async def aclose(self) -> None:
        """Close the client's own resolver."""
        if self._own_resolver is not None:
            self._own_resolver.close()

    def _headers(
        self, target: Target, accept: str, extra: Mapping[str, str], body: bytes | None
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
        for name, value in extra.items():
            if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name) or not _VALUE.fullmatch(value):
                raise ValueError(f"the header {name!r} cannot be sent")
            headers[name] = value
        return [*headers.items()]

    def _check_headers(self, response: httpcore.Response) -> None:
        # h11 limits unfinished headers to 100 KiB; this limit is exact
        size = sum(len(name) + len(value) + 4 for name, value in response.headers)
        if size > self.policy.max_header_bytes:
            raise FetchFailed("The headers of the site's answer are too large.")


def _checked_method(method: str) -> str:
    if method not in ("GET", "HEAD", "POST"):
        raise ValueError(f"the method {method!r} is not sent")
    return method
