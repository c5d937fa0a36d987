"""The public data as files, read in again, and the seeds."""
