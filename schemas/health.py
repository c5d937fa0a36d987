"""Whether the service works."""

from typing import Literal

from msgspec import Struct


class Liveness(Struct, kw_only=True, frozen=True):
    """The process answers; nothing else is looked at."""

    status: Literal["alive"] = "alive"


class Readiness(Struct, kw_only=True, frozen=True):
    """The service can answer everything. `degraded` names what is away without harm (`redis`: slower)."""

    status: Literal["ready"] = "ready"
    degraded: list[str]
