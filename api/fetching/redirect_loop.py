"""From an address to the answer at the end of its redirects; every hop passes the whole check."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import httpcore

from api.errors import FetchTimeout, TooManyRedirects
from api.fetching.client import GuardedClient
from api.fetching.redirects import REDIRECTS, redirect_target
from api.web.urls import Target, parse_target

T = TypeVar("T")

_PERMANENT: Final = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Hop:
    """An address that led on, and the status with which it did."""

    url: str
    status: int

    @property
    def permanent(self) -> bool:
        """Whether the address is to be asked no more."""
        return self.status in _PERMANENT


class Gatekeeper(Protocol):
    """Who is asked before each request, as `Robots` is."""

    async def check(self, target: Target) -> None:
        """Raises the error that refuses the target."""
        ...


async def follow(
    client: GuardedClient,
    url: str,
    robots: Gatekeeper | None,
    headers: Mapping[str, str],
    read: Callable[[Target, tuple[Hop, ...], httpcore.Response], Awaitable[T]],
) -> T:
    """What `read` makes of the answer at the end; all of it within the policy's `total_seconds`.

    `headers` go to the origin of `url`, and to no other that it redirects to.

    Raises InvalidRequest and UrlNotAllowed of the URL; TargetRefused, FetchTimeout, FetchFailed of the exchange;
    RedirectRefused, TooManyRedirects; what `robots` and `read` raise.
    """
    target = parse_target(url)
    client.policy.refuse(target)
    try:
        async with asyncio.timeout(client.policy.total_seconds):
            return await _follow(client, target, robots, headers, read)
    except TimeoutError as error:
        raise FetchTimeout("The site did not answer in time.") from error


async def _follow(
    client: GuardedClient,
    target: Target,
    robots: Gatekeeper | None,
    headers: Mapping[str, str],
    read: Callable[[Target, tuple[Hop, ...], httpcore.Response], Awaitable[T]],
) -> T:
    passed: list[Hop] = []
    origin = target.origin
    while True:
        if robots is not None:
            await robots.check(target)
        if target.origin != origin:
            headers = {}  # for good: a redirect back may be the other site's doing
        async with client.send(target, headers=headers) as response:
            if response.status not in REDIRECTS:
                return await read(target, tuple(passed), response)
            following = redirect_target(response, target, client.policy)
            passed.append(Hop(target.url, response.status))
        if len(passed) > client.policy.max_redirects:
            raise TooManyRedirects(f"The site redirects more than {client.policy.max_redirects} times.")
        if any(following.url == hop.url for hop in passed):
            raise TooManyRedirects("The site redirects in a circle.")
        target = following


def headers_of(response: httpcore.Response) -> dict[str, str]:
    """The answer's headers, names in lower case, repeated ones joined."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
