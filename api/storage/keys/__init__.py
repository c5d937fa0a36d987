"""Accounts, API keys, and idempotency records."""
