"""PgQueuer in its own schema of the same database, so that a job is queued in its row's transaction."""
