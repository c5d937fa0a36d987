"""Learned models with their weights: sentence encoder, term tagger, models over words."""
