"""Validation of redirect targets."""

from urllib.parse import urljoin

import httpcore

from api.errors import ApiError, RedirectRefused, SiteRefused
from api.fetching.fetch_errors import SiteAnswer
from api.fetching.policy import FetchPolicy
from api.web.urls import Target, parse_target

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def redirect_target(response: httpcore.Response, target: Target, policy: FetchPolicy) -> Target:
    """The target of a redirect, parsed and checked like a submitted URL.

    Raises RedirectRefused if it is not allowed or leads from https to http, SiteRefused without a location.
    """
    location = next((value for name, value in response.headers if name.lower() == b"location"), b"")
    if not location.strip():
        raise SiteRefused("The site redirects without saying where to.") from SiteAnswer(
            response.status, target.url
        )
    try:
        # Sites send UTF-8, or Latin-1 as in old HTTP.
        text = location.decode("utf-8")
    except UnicodeDecodeError:
        text = location.decode("latin-1")
    text = text.strip(" \t")
    try:
        if not text.isprintable():  # urljoin would drop line breaks and tabs, and return another URL
            raise ValueError("a control character")
        next_target = parse_target(urljoin(target.url, text))
        policy.refuse(next_target)
    except (ApiError, ValueError) as error:  # urljoin raises ValueError for malformed IPv6 brackets
        raise RedirectRefused("The site redirects to an address that is not allowed.") from error
    if target.scheme == "https" and next_target.scheme == "http":
        raise RedirectRefused("The site redirects from https to http.")
    return next_target
