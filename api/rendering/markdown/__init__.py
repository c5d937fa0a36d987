"""Markdown of each object, with front matter. Words of strangers cannot leave the place that they are given."""
