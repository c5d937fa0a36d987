"""A circuit breaker: an endpoint that does not answer is left alone for a while (conventions W16)."""

from collections import deque
from typing import Final

WINDOW_S: Final = 300.0
LEAST: Final = 10  # requests in the window before a share means anything
SHARE: Final = 0.7
IN_A_ROW: Final = 10
OPEN_S: Final = 30.0
TO_CLOSE: Final = 5  # successes after it was open


class Breaker:
    """Of one endpoint, in one process. Times are seconds of any clock that does not go back."""

    def __init__(self) -> None:
        self._outcomes: deque[tuple[float, bool]] = deque()
        self._failures_in_a_row = 0
        self._trial: int | None = None  # successes since it was open, None while it is closed
        self.open_until = 0.0

    def is_open(self, now: float) -> bool:
        return now < self.open_until

    @property
    def width(self) -> int:
        """How many requests at a time: one while the endpoint's last answer was a failure, or it is on trial."""
        return 1 if self._failures_in_a_row or self._trial is not None else 5

    def succeeded(self, now: float) -> bool:
        """Whether this closes it again."""
        self._note(now, True)
        self._failures_in_a_row = 0
        if self._trial is None:
            return False
        self._trial += 1
        if self._trial < TO_CLOSE:
            return False
        self._trial = None
        self._outcomes.clear()
        return True

    def failed(self, now: float) -> bool:
        """Whether this opens it."""
        self._note(now, False)
        self._failures_in_a_row += 1
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
