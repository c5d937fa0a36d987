"""Parsing of feeds, and of feed links in pages. Depends on `api.web` only."""
