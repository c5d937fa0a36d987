"""Clients of the service, and parsers of its responses."""
