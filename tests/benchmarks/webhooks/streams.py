"""Thousands of clients on the event stream of one process, each reconnecting again and again."""

import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.serving.load import cpu_seconds
from tests.benchmarks.webhooks.stage import staged
from tests.kit.clients.api_client import KEY
from tests.kit.servers.api_process import api_process

CLIENTS, CUTS = 2_000, 20
EVENTS_A_SECOND = 5.0


@dataclass(frozen=True)
class Streamed:
    """`memory_kb` is the server's per client; `cpu_s` is its CPU for all events and connections."""

    clients: int
    events: int
    cuts: int
    wrong: int
    seconds: float
    memory_kb: float
    cpu_s: float


async def streamed(clients: int = CLIENTS, cuts: int = CUTS) -> Streamed:
    """Every client receives every event once and in order; `wrong` counts failures."""
    async with staged() as stage:
        with tempfile.TemporaryDirectory() as folder:
            variables = stage.variables | {
                "UNSPUN_LOG_LEVEL": "info",
                "UNSPUN_MAX_STREAMS_PER_KEY": str(clients * 2),
                "UNSPUN_MAX_WAITING": str(clients * 2),
                "UNSPUN_KEY_QUOTAS": "none",
            }
            async with api_process(log=Path(folder) / "log", **variables) as api:
                empty = _resident_kb(api.process.pid)
                command = [sys.executable, "-m", "tests.benchmarks.webhooks.listener", str(api.port), KEY]
                listener = await asyncio.create_subprocess_exec(
                    *command, str(clients), str(cuts),
                    stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                )  # fmt: skip
                assert listener.stdin is not None
                assert listener.stdout is not None
                assert await listener.stdout.readline() == b"connected\n"
                memory = (_resident_kb(api.process.pid) - empty) / clients
                began, before, number = time.monotonic(), cpu_seconds(api.process.pid), 0
                # clients reconnect after six events on average
                while number < cuts * 6 + 20:
                    await asyncio.sleep(max(began + number / EVENTS_A_SECOND - time.monotonic(), 0))
                    await stage.emit()
                    number += 1
                listener.stdin.write(b"%d\n" % number)
                summary = json.loads(await asyncio.wait_for(listener.stdout.readline(), 900))
                seconds, cpu = time.monotonic() - began, cpu_seconds(api.process.pid) - before
                await listener.wait()
    return Streamed(
        clients,
        number,
        summary["cuts"],
        summary["wrong"] + (summary["last"] != [number]),
        seconds,
        memory,
        cpu,
    )


def _resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    below = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return own + sum(map(_resident_kb, below))
