"""spaCy's parse of an article: clauses, quotations and their speakers."""
