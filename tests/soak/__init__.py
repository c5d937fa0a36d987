"""Steady load for minutes, and whether anything grows: `make soak`."""
