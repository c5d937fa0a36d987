"""Stories, verdicts, sources, claims, and their lists and texts."""
