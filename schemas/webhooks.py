"""Webhook endpoints: their URL, event filters and signing secrets."""

from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from schemas.events import Cursor, Event, EventType
from schemas.times import Time

MAX_OVERLAP_S: Final = 7 * 24 * 3600

Url = Annotated[str, Meta(min_length=1, max_length=2_048)]
Description = Annotated[str, Meta(max_length=200)]
EventTypes = Annotated[list[EventType], Meta(max_length=20)]
Predicate = Annotated[str, Meta(min_length=1, max_length=1_000)]
RateLimit = Annotated[int, Meta(ge=1, le=1_000, description="Maximum deliveries per second.")]
Headers = Annotated[dict[str, Annotated[str, Meta(min_length=1, max_length=1_024)]], Meta(max_length=10)]


class EndpointStatus(StrEnum):
    """`pending`: only `webhook.ping` is sent until the endpoint answers it with a 2xx."""

    PENDING = "pending"
    ACTIVE = "active"
    DISABLED = "disabled"


class DisabledReason(StrEnum):
    """`gone`: it answered 410. `failing`: it failed for five days. `by_owner`: its owner disabled it."""

    GONE = "gone"
    FAILING = "failing"
    BY_OWNER = "by_owner"


class Payload(StrEnum):
    """`full` adds the verdict to the event's `data`, if the result is smaller than 20 kB."""

    THIN = "thin"
    FULL = "full"


class EndpointCreation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A new endpoint. It gets a ping, and becomes active when it answers with a 2xx.

    Empty `event_types` means all types; with only `webhook.ping` the endpoint gets analysis callbacks and
    nothing else. `predicate` is a CEL expression over the event's `data`; only matching events are sent.
    `headers` are added to every delivery: `Authorization`, and names that begin with `X-` or `CF-Access-`; their
    values are stored like secrets.
    """

    url: Url
    description: Description = ""
    event_types: EventTypes = []
    predicate: Predicate | None = None
    payload: Payload = Payload.THIN
    rate_limit: RateLimit | None = None
    headers: Headers = {}


class EndpointChange(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The fields to change; others stay. A new `url` gets a new ping.

    `headers` replaces all existing headers.
    """

    url: Url | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    event_types: EventTypes | UnsetType = UNSET
    predicate: Predicate | UnsetType | None = UNSET
    payload: Payload | UnsetType = UNSET
    rate_limit: RateLimit | UnsetType | None = UNSET
    headers: Headers | UnsetType = UNSET


class Endpoint(Struct, kw_only=True, frozen=True):
    """A webhook endpoint, without its secret and header values.

    `failing_since` is null while deliveries succeed. `lost_through` is the sequence number of the last event
    that was deleted from the log before the endpoint could get it; null if none was lost.
    """

    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    id: str
    account_id: str
    url: str
    description: str
    event_types: list[EventType]
    predicate: str | None
    payload: Payload
    rate_limit: int | None
    header_names: list[str]
    status: EndpointStatus
    disabled_reason: DisabledReason | None
    failing_since: Time | None
    lost_through: int | None
    created_at: Time
    updated_at: Time


class NewEndpoint(Endpoint, kw_only=True, frozen=True):
    """A new endpoint with its signing secret.

    `secret` is null in the response to a repeated request; get it from `GET .../secret`.
    """

    secret: str | None


class DeletedEndpoint(Struct, kw_only=True, frozen=True):
    """A deleted endpoint. Its pending deliveries are deleted too."""

    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    id: str
    deleted: Literal[True] = True


class SecretRotation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """For `overlap_s` seconds, one day by default, both the old and the new secret sign deliveries."""

    overlap_s: Annotated[int, Meta(ge=0, le=MAX_OVERLAP_S)] = 24 * 3600


class EndpointSecret(Struct, kw_only=True, frozen=True):
    """An endpoint's signing secret. `signs_too` counts older secrets that still sign.

    `secret` is null in the response to a repeated request.
    """

    object: Literal["webhook_secret"] = "webhook_secret"
    endpoint_id: str
    secret: str | None
    created_at: Time
    signs_too: int


class DeliveryStatus(StrEnum):
    """`failed`: no more attempts. `cancelled`: the endpoint was disabled or moved, or the event expired."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Delivery(Struct, kw_only=True, frozen=True):
    """One event for one endpoint. `event_sequence` is null for pings and tests, which are not in the log.

    `attempts` includes those before the delivery was resent; `succeeded_at` is the first success.
    """

    object: Literal["delivery"] = "delivery"
    id: str
    endpoint_id: str
    event_id: str
    event_sequence: int | None
    event_type: EventType
    status: DeliveryStatus
    attempts: int
    next_attempt_at: Time | None
    created_at: Time
    finished_at: Time | None
    succeeded_at: Time | None


class Attempt(Struct, kw_only=True, frozen=True):
    """One request to an endpoint. If no response arrived, `status_code` is null and `error` gives the reason.

    `answer` is the start of the response body, at most 1 KiB.
    """

    object: Literal["attempt"] = "attempt"
    id: str
    delivery_id: str
    endpoint_id: str
    number: int
    attempted_at: Time
    status_code: int | None
    latency_ms: int
    error: str | None
    answer: str


class TestMessage(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The event type whose example is sent."""

    event_type: EventType = EventType.STORY_PUBLISHED


class Recovery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which missed events to send: give either `since` (a time) or `after` (a cursor).

    `until` limits them to events up to that time.
    """

    since: Time | None = None
    after: Cursor | None = None
    until: Time | None = None


class PreviewRequest(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Event types and a predicate to test against the events of the last 30 days."""

    event_types: EventTypes = []
    predicate: Predicate | None = None


class Preview(Struct, kw_only=True, frozen=True):
    """The events that would have been sent. `looked_at` may be less than all events if there are very many."""

    object: Literal["webhook_preview"] = "webhook_preview"
    since: Time
    looked_at: int
    matched: int
    examples: list[Event]
