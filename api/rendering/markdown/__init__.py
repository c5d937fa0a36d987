"""Markdown of objects, with front matter. Third-party words cannot change its structure."""
