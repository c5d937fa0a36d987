"""Feeds that are followed and the entries found in them."""
