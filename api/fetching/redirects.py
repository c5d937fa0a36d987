"""Where a redirect leads, if it may."""

from urllib.parse import urljoin

import httpcore

from api.errors import ApiError, RedirectRefused, SiteRefused
from api.fetching.fetch_errors import SiteAnswer
from api.fetching.policy import FetchPolicy
from api.web.urls import Target, parse_target

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def redirect_target(response: httpcore.Response, target: Target, policy: FetchPolicy) -> Target:
    """The target of the redirect that `target` answered, parsed and checked like a submitted URL.

    Raises RedirectRefused for one that would not be allowed as a submission and for https to http,
    SiteRefused for a redirect to nowhere.
    """
    location = next((value for name, value in response.headers if name.lower() == b"location"), b"")
    if not location.strip():
        raise SiteRefused("The site redirects without saying where to.") from SiteAnswer(
            response.status, target.url
        )
    try:
        # Sites send UTF-8 here, or Latin-1 by the letter of old HTTP.
        text = location.decode("utf-8")
    except UnicodeDecodeError:
        text = location.decode("latin-1")
    text = text.strip(" \t")
    try:
        if not text.isprintable():  # urljoin would drop line breaks and tabs, and so read another URL
            raise ValueError("a control character")
        following = parse_target(urljoin(target.url, text))
        policy.refuse(following)
    except (ApiError, ValueError) as error:  # urljoin refuses malformed IPv6 brackets with ValueError
        raise RedirectRefused("The site redirects to an address that is not allowed.") from error
    if target.scheme == "https" and following.scheme == "http":
        raise RedirectRefused("The site redirects from https to http.")
    return following
