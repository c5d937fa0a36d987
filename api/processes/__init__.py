"""Confined processes for untrusted input, killed if they use too much."""

from api.processes.pool import PARSERS, Allowance, ProcessCrashed, Processes, ProcessTimeout

__all__ = ["PARSERS", "Allowance", "ProcessCrashed", "ProcessTimeout", "Processes"]
