"""Caches: Valkey or Redis, whose data may be lost, and process memory."""
