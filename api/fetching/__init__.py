"""The outside web: one guarded client, pages, robots.txt. Configuration arrives as `FetchPolicy`."""
