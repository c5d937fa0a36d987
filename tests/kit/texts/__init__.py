"""Texts, pages and whole objects."""
