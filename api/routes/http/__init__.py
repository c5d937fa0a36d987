"""Shared HTTP layer of the routes: reading requests, admission, responses."""
