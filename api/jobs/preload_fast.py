"""As `preload`, for the fast engine: neither parser nor encoder is loaded."""

from api.engines import FAST
from api.jobs.warming import warm

warm(FAST.load)
