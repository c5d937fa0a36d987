"""Offline training of the engine's weights, for developers. Not installed with the service."""
