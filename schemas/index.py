"""The door: where everything is."""

from msgspec import Struct


class Index(Struct, kw_only=True, frozen=True):
    """Absolute URLs of what can be asked for, by name."""

    name: str
    version: str
    links: dict[str, str]
