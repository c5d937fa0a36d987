"""Doors of the queue: each job claims, works outside any transaction, and publishes its whole effect in one."""
