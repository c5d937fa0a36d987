"""Fits what the engine ships: offline, by its developers alone. Not installed with the service."""
"""Fits what the engine ships: offline, by its developers alone. Only `unspun train` and `make weights` use it."""
