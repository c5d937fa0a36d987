"""Confined processes for untrusted input, killed if they use too much."""
