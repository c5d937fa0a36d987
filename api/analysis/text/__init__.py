"""The article and its sentences, words and places: what is read off characters. Knows no parser and no model."""
