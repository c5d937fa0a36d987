"""Clients of the service, and what they read of answers."""
