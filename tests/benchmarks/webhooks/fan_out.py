"""One event to many endpoints, many events to few: rate and costs of deliveries."""

import time
from dataclasses import dataclass

from tests.benchmarks.webhooks.stage import staged

WARM = 500  # deliveries before the measurement


@dataclass(frozen=True)
class Speed:
    """Seconds of CPU of PostgreSQL, the receiver and the sender for `deliveries` to `endpoints`."""

    endpoints: int
    deliveries: int
    seconds: float
    costs: tuple[float, ...]

    @property
    def a_second(self) -> float:
        return self.deliveries / self.seconds

    def of_cores(self, cores: int) -> float:
        return cores / self.cost_us * 1e6

    @property
    def of_sender(self) -> float:
        """Maximum rate of one sender on a core of its own."""
        return self.deliveries / self.costs[-1]

    @property
    def cost_us(self) -> float:
        return sum(self.costs) / self.deliveries * 1e6


async def fan_out_speed(endpoints: int, deliveries: int) -> Speed:
    """From the commit of the events to the receipt of the last delivery."""
    async with staged() as stage:
        await stage.endpoints(endpoints)
        async with stage.courier():
            warm = max(WARM // endpoints, 1)
            await stage.emit(warm)
            await stage.arrived(warm * endpoints)
            before, began = stage.cpu(), time.monotonic()
            events = deliveries // endpoints
            await stage.emit(events)
            await stage.arrived((warm + events) * endpoints)
            seconds = time.monotonic() - began
            costs = [after - past for after, past in zip(stage.cpu(), before, strict=True)]
    return Speed(endpoints, events * endpoints, seconds, tuple(costs))
