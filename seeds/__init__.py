"""Data only: the taxonomy, the known publishers, sample stories and sample pages (see README.md)."""
