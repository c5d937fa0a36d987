"""Responses: bodies with headers, problems, and prepared responses."""
