"""Analyses from submission to result, and appeals."""
