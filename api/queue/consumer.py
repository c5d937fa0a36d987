"""PgQueuer's consumer of jobs, with one of its faults worked round."""

from datetime import timedelta

from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.models import HealthCheckEvent


class Consumer(QueueManager):
    """Takes its listener for dead after two lost probes in a row, not after one.

    PgQueuer (1.x) sends its first probe before LISTEN is in effect. Where that is the slower of the two nobody
    hears it, and ten seconds later the whole consumer would end, and wait for all jobs that it runs.
    """

    async def listener_healthy(self, timeout: timedelta = timedelta(seconds=10)) -> HealthCheckEvent:
        """The answer to a probe. Raises FailingListenerError where there was none to this one and to the next."""
        try:
            return await super().listener_healthy(timeout)
        except FailingListenerError:
            return await super().listener_healthy(timeout)
