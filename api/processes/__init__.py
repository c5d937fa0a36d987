"""Processes that read what strangers wrote, confined, and killed where they take too much."""

from api.processes.pool import PARSERS, Allowance, ProcessCrashed, Processes, ProcessTimeout

__all__ = ["PARSERS", "Allowance", "ProcessCrashed", "ProcessTimeout", "Processes"]
