"""Quotas counted in this process's memory: buckets that cost a request two microseconds and no network.

A bucket is full at first and is refilled in ten steps a window, each a tenth of the quota. Steps instead of a
steady trickle: what is left does not change under a crowd that comes at once, and `refill_s` is a time at which
something happens. Over any window at most the quota and one step pass, after a full bucket's worth.

Units are tenths, so that a tenth of any quota is a whole number and nothing is ever rounded.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from api.settings.quotas import QuotaPolicy

STEPS: Final = 10
MOST_HELD: Final = 50_000  # some 20 MB with two policies; the one that was asked for longest ago is forgotten


class Level(NamedTuple):
    """`remaining` units can be had now; in `refill_s` seconds there are more, in `wait_s` enough for the cost."""

    policy: QuotaPolicy
    remaining: int
    refill_s: int
    wait_s: int


class Taken(NamedTuple):
    """Whether every policy had the cost, which was then taken from all, else from none."""

    allowed: bool
    levels: list[Level]

    def violated(self) -> list[Level]:
        """The policies that did not have it."""
        return [level for level in self.levels if level.wait_s]


UNLIMITED: Final = Taken(True, [])


class Buckets:
    """Buckets by name, one a policy; at most `most` names are held."""

    def __init__(
        self, policies: Sequence[QuotaPolicy], monotonic: Callable[[], float], *, most: int = MOST_HELD
    ) -> None:
        self.policies = tuple(policies)
        self._monotonic = monotonic
        self._most = most
        # what each policy's arithmetic needs: the quota, a step's seconds, a full bucket
        self._sizes = [(p, p.quota, p.window_s / STEPS, p.quota * STEPS) for p in self.policies]
        self._held: OrderedDict[str, list[list[float]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def take(self, name: str, cost: int, *, only_look: bool = False) -> Taken:
        """Take `cost` from the name's buckets; one that is smaller gives all it can hold instead."""
        if not self.policies:
            return UNLIMITED
        now = self._monotonic()
        held = self._held.get(name)
        if held is None:
            held = self._held[name] = [[full, now] for _, _, _, full in self._sizes]
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(name)
        allowed = True
        for bucket, (_, quota, step_s, full) in zip(held, self._sizes, strict=True):
            since = bucket[1]
            if now - since >= step_s:
                steps = int((now - since) / step_s)
                bucket[0] = min(full, bucket[0] + steps * quota)
                bucket[1] = since + steps * step_s
            if bucket[0] >= full:
                bucket[1] = now  # the first step is counted from the first unit taken
            if bucket[0] < min(cost, quota) * STEPS:
                allowed = False
        levels = []
        for bucket, (policy, quota, step_s, _) in zip(held, self._sizes, strict=True):
            price = min(cost, quota) * STEPS
            missing = price - bucket[0]
            if allowed and not only_look:
                bucket[0] = -missing
            refill = bucket[1] + step_s - now
            wait = 0
            if not allowed and missing > 0:
                wait = max(1, math.ceil(refill + (math.ceil(missing / quota) - 1) * step_s))
            levels.append(Level(policy, int(bucket[0]) // STEPS, math.ceil(refill), wait))
        return Taken(allowed, levels)

    def give_back(self, name: str, cost: int) -> None:
        """Put `cost` back, up to full."""
        for bucket, (_, quota, _, full) in zip(self._held.get(name, ()), self._sizes, strict=False):
            bucket[0] = min(full, bucket[0] + min(cost, quota) * STEPS)
