"""Accounts, API keys, and answers kept for repeated calls."""
