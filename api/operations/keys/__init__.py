"""API keys: made, read, rotated, revoked; what was used of a quota."""
