"""Whether the service works."""

from typing import Literal

from msgspec import Struct


class Liveness(Struct, kw_only=True, frozen=True):
    """The process answers; nothing else is looked at."""

    status: Literal["alive"] = "alive"


class Readiness(Struct, kw_only=True, frozen=True):
    """The service can answer everything. `degraded` names what is wrong all the same.

    `redis`: Valkey is away, reads are slower. `clock`: this process's clock and the database's differ by more
    than a minute, so nothing old is forgotten. `writes`: in the last minute the database had no room for what was
    written; reads go on.
    """

    status: Literal["ready"] = "ready"
    degraded: list[str]
