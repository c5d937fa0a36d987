"""Patterns for LIKE and ILIKE, in which nothing of a client's is a wildcard."""

import re


def holding(text: str) -> str:
    """The pattern of what holds `text`."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%"
