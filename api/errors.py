"""Every refusal and failure a client can see: a class with a status, a problem slug and a title."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from schemas.problems import FieldError
from schemas.retractions import Tombstone

_IANA = "https://iana.org/assignments/http-problem-types#"


class ApiError(Exception):
    """Base of all. `detail` is about the occurrence and may be shown; `retry_after` is in seconds.

    `registered` is the problem's type where others have defined it; else it is the address of our page on `slug`.
    """

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"
    registered: ClassVar[str | None] = None

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.retry_after = retry_after
        self.headers = headers or {}


class InternalError(ApiError):
    pass


class InvalidRequest(ApiError):
    status, slug, title = 400, "invalid-request", "The request is not readable"


class InvalidCursor(ApiError):
    status, slug, title = 400, "invalid-cursor", "The cursor is not valid here"


class Unauthorized(ApiError):
    status, slug, title = 401, "unauthorized", "A valid key is needed"


class Forbidden(ApiError):
    status, slug, title = 403, "forbidden", "The key does not allow this"


class HttpsRequired(ApiError):
    status, slug, title = 403, "https-required", "The key was sent without TLS"


class NetworkRefused(ApiError):
    status, slug, title = 403, "network-refused", "The key may not be used from here"


class OriginRefused(ApiError):
    status, slug, title = 403, "origin-refused", "Pages of other sites may not ask this"


class NotFound(ApiError):
    status, slug, title = 404, "not-found", "There is nothing here"


class MethodNotAllowed(ApiError):
    status, slug, title = 405, "method-not-allowed", "The method is not allowed here"


class NotAcceptable(ApiError):
    """`available`: the media types that there are."""

    status, slug, title = 406, "not-acceptable", "No acceptable representation"

    def __init__(
        self, detail: str, *, available: Sequence[str] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail, headers=headers)
        self.available = list(available)


class RequestTimeout(ApiError):
    status, slug, title = 408, "request-timeout", "The body did not arrive in time"


class Conflict(ApiError):
    status, slug, title = 409, "conflict", "The state does not allow this"


class IdempotencyKeyInUse(ApiError):
    status, slug, title = 409, "idempotency-key-in-use", "The same request is being answered"


class Gone(ApiError):
    """`tombstone` is what is left of a retracted story."""

    status, slug, title = 410, "gone", "This is no longer served"

    def __init__(self, detail: str, *, tombstone: Tombstone | None = None) -> None:
        super().__init__(detail)
        self.tombstone = tombstone


class EventsForgotten(Gone):
    slug, title = "events-forgotten", "The events after this cursor are kept no longer"


class Ended(Gone):
    slug, title = "ended", "This part of the API has ended"


class PreconditionFailed(ApiError):
    status, slug, title = 412, "precondition-failed", "The object is not in the expected state"


class TooLarge(ApiError):
    status, slug, title = 413, "too-large", "The body is too large"


class TargetTooLong(ApiError):
    status, slug, title = 414, "target-too-long", "The address is too long"


class Misdirected(ApiError):
    status, slug, title = 421, "misdirected", "The request is for another host"


class UnsupportedMediaType(ApiError):
    status, slug, title = 415, "unsupported-media-type", "The content type is not supported"


class UrlNotAllowed(ApiError):
    status, slug, title = 422, "url-not-allowed", "The URL is not allowed"


class PublisherOptedOut(UrlNotAllowed):
    slug, title = "publisher-opted-out", "The publisher does not want to be read"


class CitationMismatch(ApiError):
    status, slug, title = 422, "citation-mismatch", "What is cited is not there"


class IdempotencyKeyReused(ApiError):
    status, slug, title = 422, "idempotency-key-reused", "The key belongs to another request"


class HeadersTooLarge(ApiError):
    status, slug, title = 431, "headers-too-large", "The headers are too large"


class QuotaExceeded(ApiError):
    """`policies` are the names of those that do not allow the request: of a quota, or of a cap on an account."""

    status, slug, title = 429, "quota-exceeded", "A quota is used up"
    registered = _IANA + "quota-exceeded"

    def __init__(self, detail: str, *, policies: Sequence[str] = (), retry_after: int = 1) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.policies = list(policies)


class AbnormalUsage(ApiError):
    status, slug, title = 429, "abnormal-usage-detected", "Too many keys that are not valid"
    registered = _IANA + "abnormal-usage-detected"


class ReducedCapacity(ApiError):
    status, slug, title = 503, "temporary-reduced-capacity", "More is asked for than can be answered"
    registered = _IANA + "temporary-reduced-capacity"


class Unavailable(ApiError):
    status, slug, title = 503, "unavailable", "Not available at the moment"


class FetchFailed(ApiError):
    """Errors that end an analysis; their status is what a gateway would say of the site."""

    status, slug, title = 502, "fetch-failed", "The page could not be fetched"


class TargetRefused(FetchFailed):
    """Denied address, closed port, no such name: told apart in the logs only (conventions W38)."""

    slug, title = "target-unreachable", "The page's host cannot be reached"


class FetchTimeout(FetchFailed):
    status, slug, title = 504, "fetch-timeout", "The site did not answer in time"


class SiteRefused(FetchFailed):
    slug, title = "site-answered-error", "The site answered with an error"


class RobotsDisallowed(FetchFailed):
    slug, title = "robots-disallowed", "The site's robots.txt does not allow the fetch"


class PageTooLarge(FetchFailed):
    slug, title = "page-too-large", "The page is too large"


class NotHtml(FetchFailed):
    slug, title = "not-html", "The address does not hold an HTML page"


class NotAFeed(FetchFailed):
    slug, title = "not-a-feed", "The address does not hold a feed"


class LinkUnresolved(FetchFailed):
    slug, title = "link-unresolved", "The link does not lead to its publisher's page"


class TooManyRedirects(FetchFailed):
    slug, title = "too-many-redirects", "The site redirects too often"


class RedirectRefused(FetchFailed):
    slug, title = "redirect-refused", "The site redirects to an address that is not allowed"


class AnalysisCrashed(ApiError):
    slug, title = "analysis-crashed", "The analysis was given up after repeated crashes"


class AnalysisTimeout(ApiError):
    slug, title = "analysis-timeout", "The analysis took too long"


@contextmanager
def placed(*, pointer: str | None = None, parameter: str | None = None, code: str = "url") -> Iterator[None]:
    """A refusal from within names this place of the request, where it names none."""
    try:
        yield
    except ApiError as refused:
        if refused.status in (400, 422) and not refused.errors:
            detail = refused.detail
            refused.errors = [FieldError(pointer=pointer, parameter=parameter, code=code, detail=detail)]
        raise
