"""The HTTP door: one file a resource, and what all of them share."""
