"""`python -m tests.benchmarks.webhooks.courier`: the part of a worker that sends deliveries."""

import asyncio
import signal

import uvloop

from api.clock import Clock
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import open_runtime
from api.settings import Settings, environment
from api.worker import deliver_until


async def main() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings.from_environment(environment())
    runtime = open_runtime(settings, load_taxonomy(), Clock(), statement_timeout_ms=60_000)
    await deliver_until(runtime, stop)
    await runtime.pool.close()


if __name__ == "__main__":
    uvloop.run(main())
