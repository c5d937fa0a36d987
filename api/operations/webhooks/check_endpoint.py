"""What an endpoint must be before it is stored: a URL to which may be sent, a predicate that means something."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from api.errors import InvalidRequest, placed
from api.fetching.policy import FetchPolicy
from api.web.urls import parse_target
from api.webhooks.predicates import PredicateRefused, check
from schemas.event_types import EVENT_KINDS, example_of
from schemas.events import EventType
from schemas.problems import FieldError

# What gateways in front of endpoints ask for; none that says where a request came from or where it should go.
_HEADER: Final = re.compile(
    r"authorization|cf-access-[a-z0-9-]+|x-(?!forwarded|real-|original-|rewrite-|http-method)[a-z0-9-]+",
    re.IGNORECASE,
)
_MAX_NAME: Final = 64
_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # visible ASCII, no white space at the ends


def checked_url(policy: FetchPolicy, url: str) -> str:
    """The URL as it will be sent to, under the policy for deliveries; no name is looked up yet.

    Raises InvalidRequest and UrlNotAllowed.
    """
    if "#" in url:
        raise _refusal("url", "malformed", "The URL of an endpoint has no fragment.")
    with placed(pointer="#/url"):
        target = parse_target(url)
        policy.refuse(target)
    return target.url


def check_predicate(predicate: str | None, event_types: Sequence[EventType]) -> None:
    """Raises InvalidRequest for a predicate that is not CEL, or is true or false of no event of these types."""
    if predicate is None:
        return
    wanted = event_types or [kind.type for kind in EVENT_KINDS]
    try:
        check(predicate, [example_of(kind) for kind in EVENT_KINDS if kind.type in wanted])
    except PredicateRefused as refused:
        raise _refusal("predicate", "not_a_predicate", f"The predicate cannot be used: {refused}") from None


def check_headers(headers: Mapping[str, str]) -> list[str]:
    """The names in order. Raises InvalidRequest for one that may not be sent, or is there twice."""
    if len({name.lower() for name in headers}) < len(headers):
        raise _refusal("headers", "repeated", "A header is there twice; its case makes no difference.")
    for name, value in headers.items():
        if len(name) > _MAX_NAME or not _HEADER.fullmatch(name):
            detail = (
                f"{name!r} may not be sent: only Authorization, CF-Access-*, and X-* that proxies do not set."
            )
            raise _refusal("headers", "not_allowed", detail)
        if not _VALUE.fullmatch(value):
            detail = f"The value of {name} must be visible ASCII without white space at its ends."
            raise _refusal("headers", "malformed", detail)
    return sorted(headers, key=str.lower)


def _refusal(name: str, code: str, detail: str) -> InvalidRequest:
    error = FieldError(pointer=f"#/{name}", parameter=None, code=code, detail=detail)
    return InvalidRequest(f"#/{name}: {detail}", errors=[error])
