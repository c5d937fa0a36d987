"""Access control, quotas, and processing before and after the route handler."""
