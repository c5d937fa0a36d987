"""Samples of processes: memory, descriptors, processor time, database connections."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from tests.kit.databases import connected

PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
TICKS: Final = os.sysconf("SC_CLK_TCK")
# Of all our applications on this database.
CONNECTIONS: Final = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'unspun%'
"""


@dataclass(frozen=True)
class Sample:
    """Of one process and its descendants; `cpu_s` since their start."""

    memory_mb: float
    descriptors: int
    processes: int
    cpu_s: float


@dataclass
class Course:
    name: str
    unit: str
    values: list[float] = field(default_factory=list)

    def quarters(self) -> list[float]:
        """The median of each quarter; the first one is the warm-up."""
        size = max(len(self.values) // 4, 1)
        return [median(self.values[n * size : (n + 1) * size] or self.values[-1:]) for n in range(4)]


def take(pid: int) -> Sample:
    """Of the tree below `pid`. Processes that end meanwhile count as nothing."""
    found = []
    for process in tree(pid):
        place = Path("/proc") / str(process)
        try:
            resident = int((place / "statm").read_text().split()[1]) * PAGE_BYTES
            times = (place / "stat").read_text().rpartition(")")[2].split()
            found.append((resident, len(os.listdir(place / "fd")), (int(times[11]) + int(times[12])) / TICKS))
        except (OSError, IndexError):
            continue
    return Sample(
        memory_mb=sum(resident for resident, _, _ in found) / 1e6,
        descriptors=sum(descriptors for _, descriptors, _ in found),
        processes=len(found),
        cpu_s=sum(cpu for _, _, cpu in found),
    )


def tree(pid: int) -> Sequence[int]:
    """The process and its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


async def connections(owner_url: str) -> int:
    async with connected(owner_url) as connection:
        return await connection.fetchval(CONNECTIONS)
