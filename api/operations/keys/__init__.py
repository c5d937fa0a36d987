"""API keys: made, read, rotated, revoked; what was used of a quota; a call of a key that is made twice."""
