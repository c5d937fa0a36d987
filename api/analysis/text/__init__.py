"""The article as characters: sentences, words, places. Imports no parser and no model."""
