"""Endpoints, deliveries and rate limits."""
