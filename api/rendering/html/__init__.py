"""HTML pages of each object, for people: no script, one stylesheet, the JSON-LD inside."""
