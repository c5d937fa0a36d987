"""The database and the readiness of the service, and calls that may be made twice."""
