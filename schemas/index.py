"""The door: where everything is."""

from msgspec import Struct


class Index(Struct, kw_only=True, frozen=True):
    """Absolute URLs of what can be asked for, by name.

    `webhooks_from` are the networks from which webhooks are sent; empty: the operator does not say.
    """

    name: str
    version: str
    links: dict[str, str]
    webhooks_from: list[str]
