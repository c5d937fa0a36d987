"""Webhook endpoints: where an account gets its events, which of them, and how they are signed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from schemas.events import Cursor, Event, EventType

MAX_OVERLAP_S: Final = 7 * 24 * 3600

Url = Annotated[str, Meta(min_length=1, max_length=2_048)]
Description = Annotated[str, Meta(max_length=200)]
EventTypes = Annotated[list[EventType], Meta(max_length=20)]
Predicate = Annotated[str, Meta(min_length=1, max_length=1_000)]
RateLimit = Annotated[int, Meta(ge=1, le=1_000, description="Deliveries a second at most.")]
Headers = Annotated[dict[str, Annotated[str, Meta(min_length=1, max_length=1_024)]], Meta(max_length=10)]


class EndpointStatus(StrEnum):
    """`pending`: nothing but a `webhook.ping` is sent until the endpoint has answered one."""

    PENDING = "pending"
    ACTIVE = "active"
    DISABLED = "disabled"


class DisabledReason(StrEnum):
    """`gone`: it answered 410. `failing`: it failed for five days. `by_owner`: asked for."""

    GONE = "gone"
    FAILING = "failing"
    BY_OWNER = "by_owner"


class Payload(StrEnum):
    """`full` adds what the verdict says to the event's `data`, where that stays below 20 kB."""

    THIN = "thin"
    FULL = "full"


class EndpointCreation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An endpoint to be made. It is pinged, and becomes active once it has answered.

    `event_types` empty: all of them; with `webhook.ping` alone it gets the callbacks of analyses and no more.
    `predicate` is an expression in CEL over the event's `data` that must hold. `headers` go with every delivery:
    `Authorization`, and names that begin with `X-` or `CF-Access-`; their values are kept like secrets.
    """

    url: Url
    description: Description = ""
    event_types: EventTypes = []
    predicate: Predicate | None = None
    payload: Payload = Payload.THIN
    rate_limit: RateLimit | None = None
    headers: Headers = {}


class EndpointChange(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What to change of an endpoint; the rest stays. With another `url` it is pinged again.

    `headers` replace all that there were.
    """

    url: Url | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    event_types: EventTypes | UnsetType = UNSET
    predicate: Predicate | UnsetType | None = UNSET
    payload: Payload | UnsetType = UNSET
    rate_limit: RateLimit | UnsetType | None = UNSET
    headers: Headers | UnsetType = UNSET


class Endpoint(Struct, kw_only=True, frozen=True):
    """A webhook endpoint, without its secret and the values of its headers.

    `failing_since` is null while it answers well. `lost_through` is the number of the last event that the log had
    forgotten before the endpoint could get it: of those up to it some are lost; null where none is.
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
    failing_since: datetime | None
    lost_through: int | None
    created_at: datetime
    updated_at: datetime


class NewEndpoint(Endpoint, kw_only=True, frozen=True):
    """An endpoint that was just made, with the secret that signs what it gets.

    The secret is null in the answer to a repeated request; `GET .../secret` has it.
    """

    secret: str | None


class DeletedEndpoint(Struct, kw_only=True, frozen=True):
    """An endpoint that is gone, and all that was to be delivered to it."""

    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    id: str
    deleted: Literal[True] = True


class SecretRotation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How a secret is replaced: both sign for `overlap_s` seconds, a day unless said otherwise."""

    overlap_s: Annotated[int, Meta(ge=0, le=MAX_OVERLAP_S)] = 24 * 3600


class EndpointSecret(Struct, kw_only=True, frozen=True):
    """The secret of an endpoint, null where a request is repeated; `signs_too` counts older ones that sign."""

    object: Literal["webhook_secret"] = "webhook_secret"
    endpoint_id: str
    secret: str | None
    created_at: datetime
    signs_too: int


class DeliveryStatus(StrEnum):
    """`failed`: there are no more attempts. `cancelled`: the endpoint was disabled or moved first, or
    the event is kept no longer.
    """

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Delivery(Struct, kw_only=True, frozen=True):
    """One event on its way to one endpoint. `event_sequence` is null for pings and tests, which no log holds."""

    object: Literal["delivery"] = "delivery"
    id: str
    endpoint_id: str
    event_id: str
    event_sequence: int | None
    event_type: EventType
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime | None
    created_at: datetime
    finished_at: datetime | None


class Attempt(Struct, kw_only=True, frozen=True):
    """One request to an endpoint. `status_code` is null where no answer came, and `error` says why.

    `answer` is the beginning of the answer's body, at most a KiB.
    """

    object: Literal["attempt"] = "attempt"
    id: str
    delivery_id: str
    endpoint_id: str
    number: int
    attempted_at: datetime
    status_code: int | None
    latency_ms: int
    error: str | None
    answer: str


class TestMessage(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The type whose example is sent."""

    event_type: EventType = EventType.STORY_PUBLISHED


class Recovery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What an endpoint is to get if it missed it: exactly one of `since`, a time, and `after`, a cursor.

    With `until` only what happened up to then.
    """

    since: Annotated[datetime, Meta(tz=True)] | None = None
    after: Cursor | None = None
    until: Annotated[datetime, Meta(tz=True)] | None = None


class PreviewRequest(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A subscription to be tried on the events of the last 30 days."""

    event_types: EventTypes = []
    predicate: Predicate | None = None


class Preview(Struct, kw_only=True, frozen=True):
    """What would have been sent. `looked_at` is smaller than all events where there are very many."""

    object: Literal["webhook_preview"] = "webhook_preview"
    since: datetime
    looked_at: int
    matched: int
    examples: list[Event]
