"""`api.jobs.preload` for the slow engine."""

from api.jobs.preload import warm

warm("tests.kit.engines.slow_engine:SlowEngine")
