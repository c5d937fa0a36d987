"""Fits what the engine ships: offline, by its developers alone. Nothing but `unspun train` imports it."""
