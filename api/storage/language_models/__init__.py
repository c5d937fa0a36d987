"""Calls of language models: their budget, and the answers as given."""
