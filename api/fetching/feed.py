"""Conditional fetch of a feed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpcore

from api.errors import NotAFeed
from api.fetching.body import read_body
from api.fetching.client import GuardedClient
from api.fetching.page import CHARSET, SIGNATURES
from api.fetching.redirect_loop import Gatekeeper, Hop, follow, headers_of
from api.web.urls import Target

NOT_MODIFIED: Final = 304
_READ: Final = (200, 203)
# Validators that are safe to store and send back.
_VALIDATOR = re.compile(r"[!-~](?:[ -~]{0,298}[!-~])?")


@dataclass(frozen=True, slots=True)
class FetchedFeed:
    """A response. `body` is None unless the status is 200 or 203.

    `moved_to` is the final URL if all redirects were permanent.
    """

    status: int
    final_url: str
    moved_to: str | None
    headers: dict[str, str]
    charset: str | None
    body: bytes | None

    @property
    def validators(self) -> tuple[str | None, str | None]:
        """ETag and Last-Modified for the next request; None if missing or invalid."""
        return _validator(self.headers.get("etag")), _validator(self.headers.get("last-modified"))


async def fetch_feed(
    client: GuardedClient,
    url: str,
    robots: Gatekeeper | None = None,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
) -> FetchedFeed:
    """Fetch the feed if it has changed since these validators.

    Returns any status, including errors. Raises the errors of `follow`, PageTooLarge, and NotAFeed for a wrong
    media type.
    """
    conditions: Mapping[str, str] = {
        name: value
        for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified))
        if value
    }

    async def read(target: Target, passed: tuple[Hop, ...], response: httpcore.Response) -> FetchedFeed:
        headers = headers_of(response)
        declared = headers.get("content-type", "")
        body = None
        if response.status in _READ:
            media_type = declared.partition(";")[0].strip().lower()
            if media_type and media_type not in client.policy.content_types:
                raise NotAFeed("The address holds a file that is not a feed.")
            body = await read_body(response, client.policy)
            if body.startswith(SIGNATURES):
                raise NotAFeed("The address holds a file that is not a feed.")
        charset = CHARSET.search(declared)
        return FetchedFeed(
            status=response.status,
            final_url=target.url,
            moved_to=target.url if passed and all(hop.permanent for hop in passed) else None,
            headers=headers,
            charset=charset[1] if charset else None,
            body=body,
        )

    return await follow(client, url, robots, conditions, read)


def _validator(value: str | None) -> str | None:
    return value if value and _VALIDATOR.fullmatch(value) else None
