"""Exports of public data as files, their import, and the seeds."""
