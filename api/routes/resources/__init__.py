"""The resources of the API: one file each, a handler for each call."""
