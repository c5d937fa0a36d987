"""Random faults: processes are killed and frozen, servers stopped."""

import asyncio
import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis.asyncio

from api.embedded import EmbeddedServers
from tests.kit.servers.api_process import ApiProcess, start_command, start_module
from tests.kit.servers.small_disk import fill

PAST_THE_LEASE_S = 63.0  # a delivery's is 60
BETWEEN_S = (1.0, 4.0)
WRONG_BY_S = 90.0  # more than `MAX_CLOCK_SKEW_S`, less than the final wait


@dataclass
class FaultInjector:
    """`counts` counts the faults. `end_faults` ends all of them. `disk` is the servers' disk."""

    disk: Path
    servers: EmbeddedServers
    api: ApiProcess
    variables: dict[str, str]
    log: Path
    chance: random.Random
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    wrong: "subprocess.Popen[bytes] | None" = None  # the worker with a wrong clock
    counts: Counter[str] = field(default_factory=Counter)
    frozen: set[asyncio.Task[None]] = field(default_factory=set)

    def start_worker(self) -> None:
        self.workers.append(start_command("worker", self.variables, self.log))

    async def inject(self, seconds: float, enough: Callable[[], bool], *, past_the_lease: bool) -> None:
        """Inject faults for this time and until `enough`; each kind at least once."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        faults: list[Callable[[], Awaitable[None]]] = [
            *([self.kill_worker] * 4),
            *([self.freeze_worker] * 2),
            *([self.kill_api] * 2),
            self.freeze_api,
            self.restart_postgres,
            self.flush_valkey,
            self.restart_valkey,
            self.fill_disk,
            self.set_a_workers_clock,
        ]
        if past_the_lease:
            await self.freeze_worker(PAST_THE_LEASE_S)
        while loop.time() < until or not enough():
            await asyncio.sleep(self.chance.uniform(*BETWEEN_S))
            await self.chance.choice(faults)()
        for missed in {fault.__name__: fault for fault in faults}.values():
            if not self.counts[missed.__name__]:
                await missed()
        await self.end_faults()

    async def end_faults(self) -> None:
        await asyncio.gather(*self.frozen)
        self._end_wrong_clock()
        for worker in self.workers:
            assert worker.poll() is None, f"a worker ended by itself, see {self.log}"

    async def kill_worker(self) -> None:
        """Another worker starts, as under a supervisor."""
        self.counts["kill_worker"] += 1
        victim = self.workers.pop(self.chance.randrange(len(self.workers)))
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        self.start_worker()

    async def set_a_workers_clock(self) -> None:
        """Ahead or behind, until it is killed or `end_faults`."""
        self.counts["set_a_workers_clock"] += 1
        self._end_wrong_clock()
        victim = self.workers.pop(self.chance.randrange(len(self.workers)))
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        ahead = self.chance.choice([WRONG_BY_S, -WRONG_BY_S])
        self.wrong = start_module("tests.kit.servers.shifted_worker", [str(ahead)], self.variables, self.log)
        self.workers.append(self.wrong)

    def _end_wrong_clock(self) -> None:
        if self.wrong in self.workers:
            self.workers.remove(self.wrong)
            os.killpg(self.wrong.pid, signal.SIGKILL)
            self.wrong.wait()
            self.start_worker()

    async def fill_disk(self) -> None:
        self.counts["fill_disk"] += 1
        ballast = fill(self.disk)
        await asyncio.sleep(self.chance.uniform(1, 4))
        ballast.unlink()

    async def freeze_worker(self, seconds: float = 0) -> None:
        self.counts["freeze_worker past its lease" if seconds else "freeze_worker"] += 1
        self._freeze(self.chance.choice(self.workers).pid, seconds or self.chance.uniform(1, 6))

    async def freeze_api(self) -> None:
        self.counts["freeze_api"] += 1
        self._freeze(self.api.process.pid, self.chance.uniform(1, 3))

    async def kill_api(self) -> None:
        self.counts["kill_api"] += 1
        self.api.kill()
        await self.api.start()

    async def restart_postgres(self) -> None:
        self.counts["restart_postgres"] += 1
        await asyncio.to_thread(self.servers.stop_server, "postgres")
        await asyncio.sleep(self.chance.uniform(0, 2))
        await asyncio.to_thread(self.servers.start_server, "postgres")

    async def flush_valkey(self) -> None:
        self.counts["flush_valkey"] += 1
        async with redis.asyncio.from_url(self.servers.redis_url) as client:
            await client.flushall()

    async def restart_valkey(self) -> None:
        self.counts["restart_valkey"] += 1
        await asyncio.to_thread(self.servers.stop_server, "valkey")
        await asyncio.sleep(self.chance.uniform(0, 2))
        await asyncio.to_thread(self.servers.start_server, "valkey")

    def _freeze(self, group: int, seconds: float) -> None:
        async def thaw() -> None:
            await asyncio.sleep(seconds)
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGCONT)

        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGSTOP)
        task = asyncio.create_task(thaw())
        self.frozen.add(task)
        task.add_done_callback(self.frozen.discard)
