"""All errors that clients can see: classes with status, problem slug and title."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from schemas.enums import SecondOpinionState
from schemas.problems import FieldError
from schemas.retractions import Tombstone

_IANA = "https://iana.org/assignments/http-problem-types#"


class ApiError(Exception):
    """Base class. `detail` describes the occurrence and is public; `retry_after` is in seconds.

    `registered` is a problem type defined elsewhere; otherwise the type is the URL of our page for `slug`.
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
    status, slug, title = 400, "invalid-request", "Invalid request"


class InvalidCursor(ApiError):
    status, slug, title = 400, "invalid-cursor", "Invalid cursor"


class Unauthorized(ApiError):
    status, slug, title = 401, "unauthorized", "A valid key is required"


class Forbidden(ApiError):
    status, slug, title = 403, "forbidden", "Forbidden"


class HttpsRequired(ApiError):
    status, slug, title = 403, "https-required", "HTTPS required"


class NetworkRefused(ApiError):
    status, slug, title = 403, "network-refused", "Network not allowed for this key"


class OriginRefused(ApiError):
    status, slug, title = 403, "origin-refused", "Origin not allowed"


class NotFound(ApiError):
    status, slug, title = 404, "not-found", "Not found"


class MethodNotAllowed(ApiError):
    status, slug, title = 405, "method-not-allowed", "Method not allowed"


class NotAcceptable(ApiError):
    """`available`: the supported media types."""

    status, slug, title = 406, "not-acceptable", "Not acceptable"

    def __init__(
        self, detail: str, *, available: Sequence[str] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail, headers=headers)
        self.available = list(available)


class RequestTimeout(ApiError):
    status, slug, title = 408, "request-timeout", "Request timeout"


class Conflict(ApiError):
    status, slug, title = 409, "conflict", "Conflict"


class EngineNotInstalled(ApiError):
    status, slug, title = 409, "engine-not-installed", "Engine not installed"


class TextNotHeld(ApiError):
    status, slug, title = 409, "text-not-held", "Text not stored"


class ModelNotConfigured(ApiError):
    status, slug, title = 409, "model-not-configured", "No language model configured"


class TextMustStay(ApiError):
    """The text may not be sent to the language model: its source, its page or the operator forbids it."""

    status, slug, title = 409, "text-must-stay", "Text may not leave the service"


class IdempotencyKeyInUse(ApiError):
    status, slug, title = 409, "idempotency-key-in-use", "Request still in progress"


class Gone(ApiError):
    """`tombstone` describes a retracted story."""

    status, slug, title = 410, "gone", "Gone"

    def __init__(self, detail: str, *, tombstone: Tombstone | None = None) -> None:
        super().__init__(detail)
        self.tombstone = tombstone


class EventsForgotten(Gone):
    slug, title = "events-forgotten", "Events no longer available"


class Ended(Gone):
    slug, title = "ended", "Ended"


class PreconditionFailed(ApiError):
    status, slug, title = 412, "precondition-failed", "Precondition failed"


class TooLarge(ApiError):
    status, slug, title = 413, "too-large", "Request body too large"


class TargetTooLong(ApiError):
    status, slug, title = 414, "target-too-long", "URL too long"


class Misdirected(ApiError):
    status, slug, title = 421, "misdirected", "Misdirected request"


class UnsupportedMediaType(ApiError):
    status, slug, title = 415, "unsupported-media-type", "Unsupported media type"


class UrlNotAllowed(ApiError):
    status, slug, title = 422, "url-not-allowed", "URL not allowed"


class PublisherOptedOut(UrlNotAllowed):
    slug, title = "publisher-opted-out", "Publisher opted out"


class CitationMismatch(ApiError):
    status, slug, title = 422, "citation-mismatch", "Citation not found in the text"


class IdempotencyKeyReused(ApiError):
    status, slug, title = 422, "idempotency-key-reused", "Idempotency key reused"


class RangeNotSatisfiable(ApiError):
    status, slug, title = 416, "range-not-satisfiable", "Range not satisfiable"


class HeadersTooLarge(ApiError):
    status, slug, title = 431, "headers-too-large", "Request headers too large"


class QuotaExceeded(ApiError):
    """`policies` are the names of the exceeded quotas or caps."""

    status, slug, title = 429, "quota-exceeded", "Quota exceeded"
    registered = _IANA + "quota-exceeded"

    def __init__(self, detail: str, *, policies: Sequence[str] = (), retry_after: int = 1) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.policies = list(policies)


class AbnormalUsage(ApiError):
    status, slug, title = 429, "abnormal-usage-detected", "Too many invalid keys"
    registered = _IANA + "abnormal-usage-detected"


class ReducedCapacity(ApiError):
    status, slug, title = 503, "temporary-reduced-capacity", "Over capacity"
    registered = _IANA + "temporary-reduced-capacity"


class Unavailable(ApiError):
    status, slug, title = 503, "unavailable", "Service unavailable"


class ModelBudgetSpent(ApiError):
    status, slug, title = 503, "model-budget-spent", "Budget of the language model spent"


class ModelFailed(ApiError):
    """The language model gave no answer that the text supports.

    `state` is that of the story's second opinion, None if the text needs none.
    """

    status, slug, title = 502, "model-failed", "No usable answer of the language model"

    def __init__(self, detail: str, state: SecondOpinionState | None = SecondOpinionState.REJECTED) -> None:
        super().__init__(detail)
        self.state = state


class FetchFailed(ApiError):
    """Errors that end an analysis; their status is that of a gateway to the site."""

    status, slug, title = 502, "fetch-failed", "Page could not be fetched"


class TargetRefused(FetchFailed):
    """Denied address, closed port or unknown name: distinguished only in logs, to prevent port scans."""

    slug, title = "target-unreachable", "Host unreachable"


class FetchTimeout(FetchFailed):
    status, slug, title = 504, "fetch-timeout", "Site timed out"


class SiteRefused(FetchFailed):
    slug, title = "site-answered-error", "Site returned an error"


class RobotsDisallowed(FetchFailed):
    slug, title = "robots-disallowed", "Disallowed by robots.txt"


class PageTooLarge(FetchFailed):
    slug, title = "page-too-large", "Page too large"


class NotHtml(FetchFailed):
    slug, title = "not-html", "Not an HTML page"


class NotAFeed(FetchFailed):
    slug, title = "not-a-feed", "Not a feed"


class LinkUnresolved(FetchFailed):
    slug, title = "link-unresolved", "Link not resolved"


class TooManyRedirects(FetchFailed):
    slug, title = "too-many-redirects", "Too many redirects"


class RedirectRefused(FetchFailed):
    slug, title = "redirect-refused", "Redirect not allowed"


class AnalysisCrashed(ApiError):
    slug, title = "analysis-crashed", "Analysis failed repeatedly"


class AnalysisTimeout(ApiError):
    slug, title = "analysis-timeout", "Analysis timed out"


@contextmanager
def placed(*, pointer: str | None = None, parameter: str | None = None, code: str = "url") -> Iterator[None]:
    """Adds this place of the request to errors that have none."""
    try:
        yield
    except ApiError as refused:
        if refused.status in (400, 422) and not refused.errors:
            detail = refused.detail
            refused.errors = [FieldError(pointer=pointer, parameter=parameter, code=code, detail=detail)]
        raise
