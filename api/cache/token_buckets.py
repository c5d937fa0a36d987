"""Quotas in process memory: token buckets that take two microseconds and no network.

A bucket starts full and is refilled in ten steps per window. With steps, the remaining units stay constant
under concurrent requests, and `refill_s` is exact. After a full bucket, any window allows at most the quota and
one step.

Units are tenths, so that steps are whole numbers without rounding.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from math import ceil, inf
from typing import Final, NamedTuple

from api.settings.quotas import QuotaPolicy

STEPS: Final = 10
_ROUNDING: Final = 1e-6  # seconds; absorbs float errors that would be rounded up
MAX_NAMES: Final = 50_000  # about 20 MB with two policies; LRU


class Taken(NamedTuple):
    """Whether all policies allowed the cost, which was then taken, and the resulting state.

    `state`: two numbers per policy, the available units and the seconds until more. `wait_s`: one per policy,
    the seconds until the cost is available, 0 if it is.
    """

    allowed: bool
    state: tuple[int, ...]
    wait_s: tuple[int, ...]


class _Entry:
    """The buckets of a name: units and the time of each one's next step; `earliest` is the first of these
    times.
    """

    __slots__ = ("due", "earliest", "units")

    def __init__(self, units: list[int], due: list[float]) -> None:
        self.units = units
        self.due = due
        self.earliest = -inf  # a full bucket starts its first step when the first unit is taken


class Buckets:
    """Token buckets by name, one per policy, for at most `max_names` names."""

    def __init__(
        self, policies: Sequence[QuotaPolicy], monotonic: Callable[[], float], *, max_names: int = MAX_NAMES
    ) -> None:
        self.policies = tuple(policies)
        self._monotonic = monotonic
        self._max_names = max_names
        self._full = [policy.quota * STEPS for policy in self.policies]
        self._steps = [policy.window_s / STEPS for policy in self.policies]
        self._no_waits = (0,) * len(self.policies)
        self._single_policy = len(self.policies) == 1
        self._prices: dict[int, list[int]] = {}
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def take(self, name: str, cost: int, *, only_look: bool = False) -> Taken:
        """Take `cost` from the name's buckets; a bucket smaller than `cost` gives all it can hold. `only_look`
        takes nothing.
        """
        now = self._monotonic()
        entry = self._entries.get(name)
        if entry is None:
            entry = self._open(name)
        else:
            self._entries.move_to_end(name)
        if entry.earliest <= now:
            self._refill(entry, now)
        prices = self._prices.get(cost) or self._priced(cost)
        left: list[int] = []
        state: list[int] = []
        allowed = True
        for units, price, due in zip(entry.units, prices, entry.due, strict=True):
            left.append(units := units - price)
            state += (units // STEPS, ceil(due - now - _ROUNDING))
            if units < 0:
                allowed = False
        if not allowed:
            state[::2] = [units // STEPS for units in entry.units]
            return Taken(False, tuple(state), self._waits(left, entry.due, now))
        if not only_look:
            entry.units = left
            if cost and entry.earliest == -inf:
                entry.earliest = min(entry.due, default=inf)
        return Taken(True, tuple(state), self._no_waits)

    def take_unit(self, name: str, now: float) -> tuple[int, ...] | None:
        """Like `take` with a cost of 1, in a third of the time with one policy.

        `now` is the clock's time. Returns the `state`, or None if refused.
        """
        entry = self._entries.get(name)
        if entry is not None and entry.earliest > now and self._single_policy:  # no step is due
            units = entry.units
            has = units[0] - STEPS
            if has >= 0:
                units[0] = has
                self._entries.move_to_end(name)
                return has // STEPS, ceil(entry.earliest - now - _ROUNDING)
        taken = self.take(name, 1)
        return taken.state if taken.allowed else None

    def give_back(self, name: str, cost: int) -> None:
        """Return `cost`, up to full."""
        entry = self._entries.get(name)
        if entry is not None:
            given = zip(entry.units, self._priced(cost), self._full, strict=True)
            entry.units = [min(full, has + price) for has, price, full in given]
            entry.earliest = -inf

    def _open(self, name: str) -> _Entry:
        entry = self._entries[name] = _Entry(list(self._full), [0.0] * len(self._full))
        if len(self._entries) > self._max_names:
            self._entries.popitem(last=False)
        return entry

    def _refill(self, entry: _Entry, now: float) -> None:
        """Add due steps; a full bucket then waits for its first use."""
        entry.earliest = inf
        for number, (full, step_s) in enumerate(zip(self._full, self._steps, strict=True)):
            units, due = entry.units[number], entry.due[number]
            if units < full and due <= now:
                steps = 1 + int((now - due) / step_s)
                units, due = min(full, units + steps * full // STEPS), due + steps * step_s
            if units >= full:
                due, entry.earliest = now + step_s, -inf
            entry.units[number], entry.due[number] = units, due
            entry.earliest = min(entry.earliest, due)

    def _waits(self, left: list[int], due: list[float], now: float) -> tuple[int, ...]:
        """The seconds until each bucket has the missing units (`left` below 0)."""
        return tuple(
            max(1, ceil(next_s - now - _ROUNDING + (ceil(-has / policy.quota) - 1) * step_s))
            if has < 0
            else 0
            for has, next_s, policy, step_s in zip(left, due, self.policies, self._steps, strict=True)
        )

    def _priced(self, cost: int) -> list[int]:
        """The cost in tenths for each policy, at most the bucket's size."""
        return self._prices.setdefault(cost, [min(cost * STEPS, full) for full in self._full])
