"""How much an endpoint is trusted with: a circuit breaker, and how many requests at a time."""

from collections import deque
from typing import Final

WINDOW_S: Final = 300.0
LEAST: Final = 10  # requests in the window before a share means anything
SHARE: Final = 0.7
IN_A_ROW: Final = 10
SILENCE: Final = 4  # what a timeout counts in a row: it keeps a place for fifteen seconds
OPEN_S: Final = 30.0
TO_CLOSE: Final = 5  # successes after it was open
WIDEST: Final = 5  # requests at once, so that a worker has room for other endpoints
LEAST_PATIENCE_S: Final = 0.5
_PATIENCE: Final = 3.0  # times what an answer usually takes
_LEARNS: Final = 0.2  # the share of the newest answer in what is usual


class Breaker:
    """Of one endpoint, in one process. Times are seconds of any clock that does not go back.

    `width` is how many requests it gets at a time: one at first, one more with each success, and one again with a
    failure. `patience_s`: while a request takes longer than that, no further one begins beside it.
    """

    def __init__(self) -> None:
        self._outcomes: deque[tuple[float, bool]] = deque()
        self._failures_in_a_row = 0
        self._trial: int | None = None  # successes since it was open, None while it is closed
        self._usual_s = 0.0
        self.open_until = 0.0
        self.width = 1

    def is_open(self, now: float) -> bool:
        return now < self.open_until

    @property
    def patience_s(self) -> float:
        return max(LEAST_PATIENCE_S, _PATIENCE * self._usual_s)

    def succeeded(self, now: float, took_s: float) -> bool:
        """Whether this closes it again."""
        self._note(now, True)
        self._failures_in_a_row = 0
        self._usual_s += _LEARNS * (took_s - self._usual_s)
        if self._trial is None:
            self.width = min(self.width + 1, WIDEST)
            return False
        self._trial += 1
        if self._trial < TO_CLOSE:
            return False
        self._trial = None
        self._outcomes.clear()
        return True

    def failed(self, now: float, *, silent: bool) -> bool:
        """Whether this opens it. `silent`: there was no answer in time."""
        self._note(now, False)
        self.width = 1
        self._failures_in_a_row += SILENCE if silent else 1
        failures = sum(not well for _, well in self._outcomes)
        bad = len(self._outcomes) >= LEAST and failures >= SHARE * len(self._outcomes)
        if self.is_open(now) or not (bad or self._failures_in_a_row >= IN_A_ROW or self._trial is not None):
            return False
        self._trial, self.open_until = 0, now + OPEN_S
        return True

    def _note(self, now: float, well: bool) -> None:
        self._outcomes.append((now, well))
        while self._outcomes[0][0] < now - WINDOW_S:
            self._outcomes.popleft()
