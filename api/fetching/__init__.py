"""Guarded access to the web: client, pages, robots.txt. Configured by `FetchPolicy`."""
