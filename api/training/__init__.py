"""Fits what the engine ships: offline, by its developers alone. Not installed with the service."""
