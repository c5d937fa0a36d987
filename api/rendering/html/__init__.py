"""HTML pages of objects: no script, one stylesheet, JSON-LD inside."""
