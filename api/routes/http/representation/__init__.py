"""Representation of resources and lists in the requested format."""
