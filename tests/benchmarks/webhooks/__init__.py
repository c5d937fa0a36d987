"""Costs of webhooks and event streams, on real servers over loopback."""
