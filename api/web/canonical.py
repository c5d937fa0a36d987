"""The URL under which a fetched page is to be known."""

from dataclasses import dataclass
from urllib.parse import urljoin

from api.errors import ApiError
from api.web.sites import same_site
from api.web.urls import Target, normalize, parse_target


@dataclass(frozen=True, slots=True)
class Canonical:
    """`url` is normalised and may be believed. `hint` is a normalised URL of another site, or None: it says
    where the page claims to come from, and counts only once that page itself was fetched and agrees.
    """

    url: str
    hint: str | None


def canonical_url(final_url: str, declared: str | None) -> Canonical:
    """Weigh a page's own `rel=canonical` against the URL at which it was fetched.

    Believed within the same site (one host but for www., mobile and AMP forms, the same port); across sites
    it is only a hint, so nobody can take over another's story. A declaration that is no fetchable URL,
    or that sends an inner page to the front page (a common template fault that would join all stories
    of a site), is ignored. Raises what `parse_target` raises of `final_url`.
    """
    fetched = parse_target(normalize(final_url))
    claimed = _claimed(fetched, declared)
    if claimed is None:
        return Canonical(fetched.url, None)
    if not same_site(fetched.host, claimed.host) or _odd_port(fetched) != _odd_port(claimed):
        return Canonical(fetched.url, claimed.url)
    if fetched.scheme == "https" and claimed.scheme == "http":
        claimed = Target("https", claimed.host, _odd_port(claimed) or 443, claimed.path, claimed.query)
    return Canonical(claimed.url, None)


def _claimed(fetched: Target, declared: str | None) -> Target | None:
    if not declared or not declared.strip():
        return None
    try:
        claimed = parse_target(normalize(urljoin(fetched.url, declared.strip())))
    except (ApiError, ValueError):  # urljoin refuses malformed IPv6 brackets with ValueError
        return None
    front = claimed.path == "/" and not claimed.query
    inner = fetched.path != "/" or bool(fetched.query)
    return None if front and inner else claimed


def _odd_port(target: Target) -> int | None:
    return None if target.port in (80, 443) else target.port
