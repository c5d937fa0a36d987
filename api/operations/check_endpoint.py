"""What an endpoint must be before it is stored: a URL to which may be sent, a predicate that means something."""

from collections.abc import Sequence

from api.analysis.urls import parse_target
from api.errors import InvalidRequest
from api.fetching.policy import FetchPolicy
from api.webhooks.predicates import PredicateRefused, check
from schemas.event_types import EVENT_KINDS, example_of
from schemas.events import EventType
from schemas.problems import FieldError


def checked_url(policy: FetchPolicy, url: str) -> str:
    """The URL as it will be sent to. Raises InvalidRequest and UrlNotAllowed; no name is looked up yet."""
    if "#" in url:
        raise _refusal("url", "malformed", "The URL of an endpoint has no fragment.")
    target = parse_target(url)
    policy.for_deliveries().refuse(target)
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


def _refusal(name: str, code: str, detail: str) -> InvalidRequest:
    error = FieldError(pointer=f"#/{name}", parameter=None, code=code, detail=detail)
    return InvalidRequest(f"#/{name}: {detail}", errors=[error])
