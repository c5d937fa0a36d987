"""The central claims of a text: which they are, of what kind, and how they are supported."""
