"""A circuit breaker and concurrency limit for an endpoint."""

from collections import deque
from typing import Final

WINDOW_S: Final = 300.0
LEAST: Final = 10  # minimum number of requests in the window
SHARE: Final = 0.7
IN_A_ROW: Final = 10
SILENCE: Final = 4  # weight of a timeout, which blocks a slot for fifteen seconds
OPEN_S: Final = 30.0
TO_CLOSE: Final = 5  # successes needed to close it
WIDEST: Final = 5  # concurrent requests, to leave capacity for other endpoints
LEAST_PATIENCE_S: Final = 0.5
_PATIENCE: Final = 3.0  # times the usual response time
_LEARNS: Final = 0.2  # weight of the newest response in the average


class Breaker:
    """For one endpoint in one process. Times are seconds of a monotonic clock.

    `width`: the allowed concurrent requests, 1 at first, one more after each success, 1 after a failure.
    `patience_s`: while a request takes longer than this, no further one starts.
    """

    def __init__(self) -> None:
        self._outcomes: deque[tuple[float, bool]] = deque()
        self._failures_in_a_row = 0
        self._trial: int | None = None  # successes since it was open; None while it is closed
        self._usual_s = 0.0
        self.open_until = 0.0
        self.width = 1

    def is_open(self, now: float) -> bool:
        return now < self.open_until

    @property
    def patience_s(self) -> float:
        return max(LEAST_PATIENCE_S, _PATIENCE * self._usual_s)

    def succeeded(self, now: float, took_s: float) -> bool:
        """Whether this closes the breaker."""
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
        """Whether this opens the breaker. `silent`: a timeout."""
        self._note(now, False)
        self.width = 1
        self._failures_in_a_row += SILENCE if silent else 1
        failures = sum(not well for _, well in self._outcomes)
        bad = len(self._outcomes) >= LEAST and failures >= SHARE * len(self._outcomes)
        if self.is_open(now) or not (bad or self._failures_in_a_row >= IN_A_ROW or self._trial is not None):
            return False
        self._trial, self.open_until = 0, now + OPEN_S
        return True

    def _note(self, now: float, succeeded: bool) -> None:
        self._outcomes.append((now, succeeded))
        while self._outcomes[0][0] < now - WINDOW_S:
            self._outcomes.popleft()
