"""As `api.jobs.preload`, for the slow engine."""

from api.jobs.warming import warm

warm("tests.kit.engines.slow_engine:SlowEngine")
