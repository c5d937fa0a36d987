"""Followed feeds and their entries."""
