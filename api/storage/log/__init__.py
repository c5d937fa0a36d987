"""Logs: changes, events, audits."""
