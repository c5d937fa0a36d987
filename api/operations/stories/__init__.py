"""Stories, their verdicts and sources: identified, published, rendered, read, retracted."""
