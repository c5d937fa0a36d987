"""spaCy's parse of an article: clauses, quotations, and who speaks."""
