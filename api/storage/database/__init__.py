"""Connections, locks, migrations, roles and helpers for several tables."""
