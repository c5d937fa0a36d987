"""Stories, verdicts, sources, claims, and the lists and texts that are kept of them."""
