"""Following redirects, with all checks at every hop."""

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
    """A redirecting URL and its status."""

    url: str
    status: int

    @property
    def permanent(self) -> bool:
        """Whether the redirect is permanent."""
        return self.status in _PERMANENT


class Gatekeeper(Protocol):
    """A check before each request, such as `Robots`."""

    async def check(self, target: Target) -> None:
        """Raises an error if the target is refused."""
        ...


async def follow(
    client: GuardedClient,
    url: str,
    robots: Gatekeeper | None,
    headers: Mapping[str, str],
    read: Callable[[Target, tuple[Hop, ...], httpcore.Response], Awaitable[T]],
) -> T:
    """The result of `read` for the final response, within the policy's `total_seconds`.

    `headers` are sent to the origin of `url` only.

    Raises InvalidRequest and UrlNotAllowed; TargetRefused, FetchTimeout, FetchFailed; RedirectRefused,
    TooManyRedirects; the errors of `robots` and `read`.
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
    hops: list[Hop] = []
    origin = target.origin
    while True:
        if robots is not None:
            await robots.check(target)
        if target.origin != origin:
            headers = {}  # permanently: the other site may redirect back
        async with client.send(target, headers=headers) as response:
            if response.status not in REDIRECTS:
                return await read(target, tuple(hops), response)
            next_target = redirect_target(response, target, client.policy)
            hops.append(Hop(target.url, response.status))
        if len(hops) > client.policy.max_redirects:
            raise TooManyRedirects(f"The site redirects more than {client.policy.max_redirects} times.")
        if any(next_target.url == hop.url for hop in hops):
            raise TooManyRedirects("The site redirects in a circle.")
        target = next_target


def headers_of(response: httpcore.Response) -> dict[str, str]:
    """The response's headers with lower-case names; repeated ones are joined."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
