"""Analyses, reproductions and rescorings: accepted, charged, claimed by a worker, finished."""
