"""Migration and readiness of the database."""
