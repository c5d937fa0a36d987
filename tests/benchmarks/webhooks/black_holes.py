"""Delay of a healthy endpoint beside a hundred that never respond."""

import asyncio
import time
from statistics import quantiles

from tests.benchmarks.webhooks.stage import staged

HOLES, EVENTS_A_SECOND = 100, 5.0


async def waits_beside_black_holes(seconds: float) -> list[float]:
    """Seconds from each event's commit to its receipt at the healthy endpoint."""
    async with staged() as stage:
        await stage.endpoints(HOLES, "/hole/{}")
        await stage.endpoints(1, "/well")
        committed: dict[str, float] = {}
        async with stage.courier():
            await stage.emit()
            await stage.arrived(1)  # the sender runs, and each silent endpoint has received a delivery
            began, number = time.monotonic(), 0
            while number < seconds * EVENTS_A_SECOND:
                await asyncio.sleep(max(began + number / EVENTS_A_SECOND - time.monotonic(), 0))
                (name,) = await stage.emit()
                committed[name] = time.time()
                number += 1
            await stage.arrived(number + 1)
            received: dict[str, float] = (await stage.receiver.get("/times")).json()
    return [received[name] - at for name, at in committed.items()]


def p99(waits: list[float]) -> float:
    return quantiles(waits, n=100)[-1]
