"""API keys: requests to create and rotate them, and their public fields."""

from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from schemas.ids import AccountId
from schemas.times import Time

# For scanners of leaked secrets. The last six digits are the CRC-32 of the thirty before them, in base 62.
KEY_PATTERN: Final = "unspun_live_[0-9a-z]{8}_[0-9A-Za-z]{36}"
MAX_OVERLAP_S: Final = 7 * 24 * 3600

Name = Annotated[str, Meta(min_length=1, max_length=100)]
# CIDR notation: 192.0.2.0/24, 2001:db8::/32.
Network = Annotated[str, Meta(min_length=1, max_length=43)]


class Scope(StrEnum):
    """Permissions of a key. `admin` allows everything, for every account."""

    ADMIN = "admin"
    WRITE_ANALYSES = "analyses:write"
    WRITE_APPEALS = "appeals:write"
    FRESH_ANALYSES = "analyses:fresh"
    SECOND_OPINIONS = "analyses:llm"
    READ_STORIES = "stories:read"
    MANAGE_WEBHOOKS = "webhooks:manage"


class KeyCreation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A new key, for the caller's account unless another is named.

    Give at most one of `account_id`, an existing account, and `account_name`, which creates one. Without
    `expires_at` the key is valid until revoked. With `networks` (such as 192.0.2.0/24) it works only from these
    networks.
    """

    name: Name
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=10)]
    account_id: AccountId | None = None
    account_name: Name | None = None
    expires_at: Time | None = None
    networks: Annotated[list[Network], Meta(max_length=50)] = []


class KeyRotation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The old key works for `overlap_s` more seconds, one day by default.

    The new key has the same name, scopes, networks and expiry; only an administrator may set another expiry.
    """

    overlap_s: Annotated[int, Meta(ge=0, le=MAX_OVERLAP_S)] = 24 * 3600
    expires_at: Time | None = None


class Key(Struct, kw_only=True, frozen=True):
    """A key without its secret. `prefix` and `last_four` identify it; logs contain the prefix.

    `replaces` is the id of the key it replaced. `last_used_at` is accurate to about a minute. Empty `networks`:
    the key works from anywhere.
    """

    object: Literal["key"] = "key"
    id: str
    account_id: str
    name: str
    prefix: str | None
    last_four: str
    scopes: list[Scope]
    networks: list[str]
    replaces: str | None
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None
    revoked_at: Time | None


class NewKey(Key, kw_only=True, frozen=True):
    """A new key. `secret` is the value to send; it is shown only once and not stored.

    It is null in the response to a repeated request (`Idempotency-Replayed: true`).
    """

    secret: str | None
