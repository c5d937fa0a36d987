"""What a worker holds beside the runtime: the way out to the web and the processes that do the reading."""

from dataclasses import dataclass

from api.fetching.client import GuardedClient
from api.fetching.pace import Pace
from api.fetching.robots import Robots
from api.jobs.lane import Lane
from api.operations.runtime import Runtime
from api.processes import Processes


@dataclass(frozen=True, kw_only=True)
class Bench:
    """`client` fetches pages, `telling` sends notices to search engines."""

    runtime: Runtime
    client: GuardedClient
    telling: GuardedClient
    robots: Robots
    pace: Pace
    processes: Processes
    lane: Lane
