"""Fetching a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpcore

from api.errors import NotHtml, SiteRefused
from api.fetching.body import read_body
from api.fetching.client import GuardedClient
from api.fetching.fetch_errors import SiteAnswer
from api.fetching.redirect_loop import Gatekeeper, Hop, follow, headers_of
from api.web.urls import Target

# Files that servers send as text/html: PDF, PNG, GIF, JPEG, ZIP, gzip, RIFF (WebP).
SIGNATURES = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A fetched page. `redirects` are the redirecting URLs in order, without `final_url`.

    `headers` have lower-case names; `content_type` is the media type, if the site sent one; `charset` is its
    parameter. `body` is decompressed, not decoded.
    """

    final_url: str
    redirects: tuple[str, ...]
    status: int
    headers: dict[str, str]
    content_type: str | None
    charset: str | None
    body: bytes


async def fetch_page(
    client: GuardedClient,
    url: str,
    robots: Gatekeeper | None = None,
    headers: Mapping[str, str] | None = None,
) -> FetchedPage:
    """Fetch the page at `url`; every redirect passes all checks, including robots.txt.

    The client's policy defines the accepted media types; pages without one are checked during extraction.
    `headers` are sent to the origin of `url` only.

    Raises InvalidRequest and UrlNotAllowed; TargetRefused, FetchTimeout, FetchFailed; RedirectRefused,
    TooManyRedirects; RobotsDisallowed; SiteRefused for any status except 200 and 203 (its cause has the status,
    `retry_after` the site's delay); NotHtml; PageTooLarge.
    """

    async def read(target: Target, passed: tuple[Hop, ...], response: httpcore.Response) -> FetchedPage:
        return await _page(client, target, tuple(hop.url for hop in passed), response)

    return await follow(client, url, robots, headers or {}, read)


async def _page(
    client: GuardedClient, target: Target, passed: tuple[str, ...], response: httpcore.Response
) -> FetchedPage:
    headers = headers_of(response)
    if response.status not in (200, 203):
        after = headers.get("retry-after", "")
        raise SiteRefused(
            f"The site answered {response.status}.",
            retry_after=int(after[:9]) if after.isdecimal() and after.isascii() else None,
        ) from SiteAnswer(response.status, target.url)
    declared = headers.get("content-type", "")
    media_type = declared.partition(";")[0].strip().lower() or None
    if media_type is not None and media_type not in client.policy.content_types:
        raise NotHtml("The address holds a file that is not a page.")
    body = await read_body(response, client.policy)
    if body.startswith(SIGNATURES):
        raise NotHtml("The address holds a file that is not a page.")
    charset = CHARSET.search(declared)
    return FetchedPage(
        final_url=target.url,
        redirects=passed,
        status=response.status,
        headers=headers,
        content_type=media_type,
        charset=charset[1] if charset else None,
        body=body,
    )
