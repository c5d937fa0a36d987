"""PgQueuer in a schema of its own, on the same database: jobs are written in their row's transaction."""
