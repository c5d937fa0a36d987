"""The canonical URL of a fetched page."""

from dataclasses import dataclass
from urllib.parse import urljoin

from api.errors import ApiError
from api.web.sites import same_site
from api.web.urls import Target, normalize, parse_target


@dataclass(frozen=True, slots=True)
class Canonical:
    """`url` is normalised and trusted. `hint` is another site's normalised URL that the page claims, used only
    if that page confirms it.
    """

    url: str
    hint: str | None


def canonical_url(final_url: str, declared: str | None) -> Canonical:
    """Compare a page's `rel=canonical` with its fetched URL.

    It is trusted within a site (same port; hosts may differ by www., mobile and AMP prefixes); across sites it
    is a hint, so that nobody can take over another's story. Declarations that are no fetchable URL, or that
    lead from an inner page to the front page (a common template error), are ignored. Raises the errors of
    `parse_target`.
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
    except (ApiError, ValueError):  # urljoin raises ValueError for malformed IPv6 brackets
        return None
    front = claimed.path == "/" and not claimed.query
    inner = fetched.path != "/" or bool(fetched.query)
    return None if front and inner else claimed


def _odd_port(target: Target) -> int | None:
    return None if target.port in (80, 443) else target.port
