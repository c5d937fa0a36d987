"""PgQueuer's consumer, with a workaround for one bug."""

from datetime import timedelta

from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.models import HealthCheckEvent


class Consumer(QueueManager):
    """Ends only after two lost probes in a row, not after one.

    PgQueuer (1.x) sends its first probe before LISTEN takes effect. If LISTEN is slower, the probe is lost, and
    ten seconds later the consumer would end and wait for all its jobs.
    """

    async def listener_healthy(self, timeout: timedelta = timedelta(seconds=10)) -> HealthCheckEvent:
        """The answer to a probe. Raises FailingListenerError if this probe and the next are lost."""
        try:
            return await super().listener_healthy(timeout)
        except FailingListenerError:
            return await super().listener_healthy(timeout)
