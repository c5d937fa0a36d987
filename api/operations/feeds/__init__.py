"""Feeds that the service follows: found, polled, their entries taken."""
