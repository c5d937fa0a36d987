"""Answers: bytes with headers, problems, and bodies that are made before anyone asks."""
