"""API keys: created, authenticated, rotated, revoked; quota usage; idempotent requests."""
