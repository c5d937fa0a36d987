"""Use of a key's quotas and of its account's caps."""

from typing import Literal

from msgspec import Struct


class QuotaUsage(Struct, kw_only=True, frozen=True):
    """One policy: at most `quota` units in about `window_s` seconds.

    `refill_s` is the time until `remaining` next rises. Both are null while quotas cannot be counted across
    processes.
    """

    policy: str
    quota: int
    window_s: int
    remaining: int | None
    refill_s: int | None


class Costs(Struct, kw_only=True, frozen=True):
    """Cost of calls in units. A 304 is free, and so is an analysis whose page cannot be fetched."""

    read: int
    analysis: int


class Cap(Struct, kw_only=True, frozen=True):
    """A limit of an account, and how much of it is used."""

    used: int
    limit: int


class Usage(Struct, kw_only=True, frozen=True):
    """The quotas of the calling key, and the caps of its account.

    `max_urls_per_host` is how many URLs of one host the account may submit per minute.
    """

    object: Literal["usage"] = "usage"
    key_id: str
    account_id: str
    quotas: list[QuotaUsage]
    costs: Costs
    open_analyses: Cap
    max_urls_per_host: int
