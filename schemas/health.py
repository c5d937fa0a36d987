"""Health of the service."""

from typing import Literal

from msgspec import Struct


class Liveness(Struct, kw_only=True, frozen=True):
    """The process responds; nothing else is checked."""

    status: Literal["alive"] = "alive"


class Readiness(Struct, kw_only=True, frozen=True):
    """The service can answer all requests. `degraded` lists remaining faults.

    `redis`: Valkey is unavailable, reads are slower. `clock`: the clocks of this process and the database differ
    by more than a minute, so old data is not deleted. `writes`: in the last minute a write failed because the
    database was full; reads still work.
    """

    status: Literal["ready"] = "ready"
    degraded: list[str]
