"""Plain wordings for loaded words: the lexicon, the words around a place, and the replacements of a verdict."""
