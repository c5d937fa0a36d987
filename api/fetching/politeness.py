"""Minimum delay between fetches from one host."""

import asyncio
from collections import OrderedDict

from api.clock import Clock


class Pace:
    """Turns by host, `delay_s` apart, within a process; safe for concurrent tasks."""

    def __init__(self, delay_s: float, clock: Clock, *, max_hosts: int = 10_000) -> None:
        """`max_hosts` bounds memory; the least recently used host is evicted."""
        self._delay_s = delay_s
        self._clock = clock
        self._max_hosts = max_hosts
        self._free_at: OrderedDict[str, float] = OrderedDict()

    async def turn(self, host: str) -> None:
        """Wait for the caller's turn at `host`."""
        now = self._clock.monotonic()
        at = max(now, self._free_at.get(host, now))
        self._free_at[host] = at + self._delay_s
        self._free_at.move_to_end(host)
        while len(self._free_at) > self._max_hosts:
            self._free_at.popitem(last=False)
        await asyncio.sleep(at - now)
