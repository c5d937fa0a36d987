"""Quotas counted in this process's memory: buckets that cost a request two microseconds and no network.

A bucket is full at first and is refilled in ten steps a window, each a tenth of the quota. Steps instead of a
steady trickle: what is left does not change under a crowd that comes at once, and `refill_s` is a time at which
something happens. Over any window at most the quota and one step pass, after a full bucket's worth.

Units are tenths, so that a tenth of any quota is a whole number and nothing is ever rounded.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from math import ceil, inf
from typing import Final, NamedTuple

from api.settings.quotas import QuotaPolicy

STEPS: Final = 10
_ROUNDING: Final = 1e-6  # seconds; sums of floats may be too large by less, and would be rounded up
MAX_HELD: Final = 50_000  # some 20 MB with two policies; the one that was asked for longest ago is forgotten


class Taken(NamedTuple):
    """Whether every policy had the cost, which was then taken from all, else from none; and how they stand.

    `state` has two numbers a policy, in their order: how many units can be had now, and in how many seconds there
    are more. `wait_s` has one: in how many there is enough for the cost, 0 where there was.
    """

    allowed: bool
    state: tuple[int, ...]
    wait_s: tuple[int, ...]


class _Held:
    """The buckets of one name: units, and when each is due for a step; `earliest` is the first of these times."""

    __slots__ = ("due", "earliest", "units")

    def __init__(self, units: list[int], due: list[float]) -> None:
        self.units = units
        self.due = due
        self.earliest = -inf  # a full bucket counts its first step from the first unit taken


class Buckets:
    """Buckets by name, one a policy; at most `most` names are held."""

    def __init__(
        self, policies: Sequence[QuotaPolicy], monotonic: Callable[[], float], *, most: int = MAX_HELD
    ) -> None:
        self.policies = tuple(policies)
        self._monotonic = monotonic
        self._most = most
        self._full = [policy.quota * STEPS for policy in self.policies]
        self._steps = [policy.window_s / STEPS for policy in self.policies]
        self._no_waits = (0,) * len(self.policies)
        self._alone = len(self.policies) == 1
        self._prices: dict[int, list[int]] = {}
        self._held: OrderedDict[str, _Held] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def take(self, name: str, cost: int, *, only_look: bool = False) -> Taken:
        """Take `cost` from the name's buckets; one that is smaller gives all it can hold instead."""
        now = self._monotonic()
        held = self._held.get(name)
        if held is None:
            held = self._open(name)
        else:
            self._held.move_to_end(name)
        if held.earliest <= now:
            self._refill(held, now)
        prices = self._prices.get(cost) or self._priced(cost)
        left: list[int] = []
        state: list[int] = []
        allowed = True
        for has, price, due in zip(held.units, prices, held.due, strict=True):
            left.append(has := has - price)
            state += (has // STEPS, ceil(due - now - _ROUNDING))
            if has < 0:
                allowed = False
        if not allowed:
            state[::2] = [has // STEPS for has in held.units]
            return Taken(False, tuple(state), self._waits(left, held.due, now))
        if not only_look:
            held.units = left
            if cost and held.earliest == -inf:
                held.earliest = min(held.due, default=inf)
        return Taken(True, tuple(state), self._no_waits)

    def take_unit(self, name: str, now: float) -> tuple[int, ...] | None:
        """Take a cost of 1 as `take` does, in a third of the time where there is one policy.

        `now` is the clock's. Returns the `state`, None where `take` refuses.
        """
        held = self._held.get(name)
        if held is not None and held.earliest > now and self._alone:  # no step is due
            units = held.units
            has = units[0] - STEPS
            if has >= 0:
                units[0] = has
                self._held.move_to_end(name)
                return has // STEPS, ceil(held.earliest - now - _ROUNDING)
        taken = self.take(name, 1)
        return taken.state if taken.allowed else None

    def give_back(self, name: str, cost: int) -> None:
        """Put `cost` back, up to full."""
        held = self._held.get(name)
        if held is not None:
            given = zip(held.units, self._priced(cost), self._full, strict=True)
            held.units = [min(full, has + price) for has, price, full in given]
            held.earliest = -inf

    def _open(self, name: str) -> _Held:
        held = self._held[name] = _Held(list(self._full), [0.0] * len(self._full))
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return held

    def _refill(self, held: _Held, now: float) -> None:
        """Add the steps that are due; what is full then waits for its first unit to be taken."""
        held.earliest = inf
        for number, (full, step_s) in enumerate(zip(self._full, self._steps, strict=True)):
            units, due = held.units[number], held.due[number]
            if units < full and due <= now:
                steps = 1 + int((now - due) / step_s)
                units, due = min(full, units + steps * full // STEPS), due + steps * step_s
            if units >= full:
                due, held.earliest = now + step_s, -inf
            held.units[number], held.due[number] = units, due
            held.earliest = min(held.earliest, due)

    def _waits(self, left: list[int], due: list[float], now: float) -> tuple[int, ...]:
        """The seconds until each bucket has what it misses; `left` is below 0 where it misses something."""
        return tuple(
            max(1, ceil(next_s - now - _ROUNDING + (ceil(-has / policy.quota) - 1) * step_s))
            if has < 0
            else 0
            for has, next_s, policy, step_s in zip(left, due, self.policies, self._steps, strict=True)
        )

    def _priced(self, cost: int) -> list[int]:
        """The cost in each policy's tenths, at most what it can hold."""
        return self._prices.setdefault(cost, [min(cost * STEPS, full) for full in self._full])
