"""Analyses: accepted, charged, claimed by a worker, finished; reproductions and second judgements."""
