"""Runs the guide's examples against a service and compares the results."""
