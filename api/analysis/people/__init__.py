"""Who is named in a text, who speaks in it, and in which role its publisher stands."""
