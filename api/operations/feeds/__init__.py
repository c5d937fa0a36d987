"""Feeds of sources: discovery, polling, and analyses of their entries."""
