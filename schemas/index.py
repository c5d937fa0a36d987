"""The entry point of the API."""

from msgspec import Struct


class Index(Struct, kw_only=True, frozen=True):
    """Absolute URLs of the API's resources, by name.

    `webhooks_from` are the networks that send webhooks; empty if the operator does not publish them.
    """

    name: str
    version: str
    links: dict[str, str]
    webhooks_from: list[str]
