"""Who may call and how often, and what happens to a request before and after its handler."""
